"""A notebook in a real JupyterLab: run its cells one by one, interrupt, load the page anew."""

import itertools
from pathlib import Path

import nbformat

CELL = "window.jupyterapp.shell.currentWidget.content.widgets[%d]"
SESSION = "window.jupyterapp?.shell?.currentWidget?.context?.sessionContext"
IDLE = f"() => {SESSION}?.isReady && {SESSION}.session?.kernel?.status === 'idle'"
TESTS = Path(__file__).parents[1]
PATHS = [str(TESTS), str(TESTS / "browser"), str(TESTS / "display")]
"""What a cell may import from the tests, once ``sys.path[:0] = PATHS`` has been run in it."""

_numbers = itertools.count()


class Notebook:
    """One notebook, opened in a page that shows no other.

    A kernel belongs to a path, so each gets another name. The page must ask nobody but the server, and no script in it
    may fail: `close` says so.

    Parameters
    ----------
    opened : conftest.Opened
        New, or one in which JupyterLab is loaded already.
    *cells : str or cell
        The code of each, or a cell with its outputs.

    Attributes
    ----------
    page : playwright's Page
    """

    def __init__(self, lab, opened, *cells, width=1000, path=None):
        self.path = path or f"notebook-{next(_numbers)}.ipynb"
        if cells:
            notebook = nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell(one) if isinstance(one, str) else one for one in cells]
            )
            notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
            nbformat.write(notebook, lab.root / self.path)
        self.lab = lab
        self.file = lab.root / self.path
        self.opened, self.page = opened, opened.page
        self.page.set_viewport_size({"width": width, "height": 900})
        for noted in (opened.left, opened.dialogs, opened.errors):
            noted.clear()
        if self.page.url.startswith(lab.address):
            self.page.evaluate("path => { window.jupyterapp.commands.execute('docmanager:open', {path}); }", self.path)
        else:
            self.page.goto(lab.url(self.path))
        self.wait_idle()
        self._show_in(lab.wanted)

    def start(self, place):
        """Run a cell, and go on; the command's promise is not awaited, since it may never settle."""
        self.page.evaluate(
            """place => {
                window.jupyterapp.shell.currentWidget.content.activeCellIndex = place;
                window.jupyterapp.commands.execute('notebook:run-cell'); }""",
            place,
        )

    def run(self, place):
        """Run a cell and wait for its end."""
        before = self.page.evaluate(f"{CELL % place}.model.executionCount")
        self.start(place)
        self.wait_for(f"((now) => now !== null && now !== {before or 'null'})({CELL % place}.model.executionCount)")

    def wait_ran(self, place):
        """Wait for the end of a cell that was started."""
        self.wait_for(f"{CELL % place}.model.executionCount !== null")

    def output(self, place):
        """Return the outputs of a cell."""
        return self.page.locator(".jp-CodeCell").nth(place).locator(".jp-Cell-outputArea")

    def text(self, place):
        """Return what a cell wrote."""
        return self.output(place).inner_text()

    def wait_idle(self):
        """Wait until the kernel is there and has nothing to do."""
        self.page.wait_for_function(IDLE)

    def wait_for(self, condition):
        """Wait until something holds in the page."""
        self.page.wait_for_function(f"() => {condition}")

    def interrupt(self):
        """Do what Kernel › Interrupt does."""
        self.page.evaluate(f"() => {{ {SESSION}.session.kernel.interrupt(); }}")

    def save(self):
        """Write the notebook to its file."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def reload(self, expected=None):
        """Load the page anew; what the notebook shows must have been saved.

        JupyterLab asks the kernel for its widgets and waits a few seconds. On a busy machine that may be too short, and
        they are lost to the page: then it is loaded once more, as its user would, until the expected element is there.
        """
        for _ in range(10):
            self.page.goto(self.lab.url(self.path))
            self.page.wait_for_function(f"() => {SESSION}?.isReady && {SESSION}.session?.kernel")
            if expected is None:
                return
            lost = self.page.get_by_text("Error displaying widget: model not found")
            expected.or_(lost).first.wait_for()
            if not lost.count():
                return

    def close(self):
        """Have the kernel end while the next test goes on, empty JupyterLab, and say what went wrong in the page."""
        wrong = (self.opened.left[:], self.opened.errors[:], self.opened.dialogs[:])
        self.page.evaluate(
            f"""() => {{
                const session = {SESSION}?.session?.id;
                window.jupyterapp.shell.currentWidget.dispose();
                if (session) window.jupyterapp.serviceManager.sessions.shutdown(session); }}"""
        )
        assert wrong == ([], [], [])

    def _show_in(self, theme):
        self.page.evaluate("theme => { window.jupyterapp.commands.execute('apputils:change-theme', {theme}); }", theme)
        self.wait_for(f"document.body.dataset.jpThemeName === {theme!r}")
