"""What is shown, in a real JupyterLab: trusted in both themes, and opened by a reader who has not run it."""

import nbformat
import pytest
from lab_notebook import PATHS

from examples import PAYLOADS, talk
from syndisco_nb.display.writers.clean_text import clean

IMPORTS = f"""
import sys
sys.path[:0] = {PATHS!r}
"""
CODE = """
from examples import talk
from IPython.display import HTML, display
display(HTML("<p class=formula>$y^2$</p>"))
talk(12, "It costs $5 or $6, say **most** of $x^2$. ")
"""
LINES = """one => {
    const range = document.createRange(); range.selectNodeContents(one); return range.getClientRects().length; }"""


@pytest.mark.parametrize(("theme", "ground"), [("Light", "rgb(255, 255, 255)"), ("Dark", "rgb(17, 17, 17)")])
def test_a_cell_shows_a_transcript_in_the_readers_theme(lab, notebook, theme, ground):
    lab.theme(f"JupyterLab {theme}")
    one = notebook(IMPORTS + CODE)
    one.start(0)
    root = one.page.locator(".jp-OutputArea-output .snb")
    root.wait_for()
    assert root.evaluate("one => getComputedStyle(one).backgroundColor") == ground
    assert root.locator("article").count() == 10
    one.page.locator(".formula mjx-container").first.wait_for()  # formulas are set by now, where they are any
    comment = root.locator(".snb-say").nth(1)
    assert comment.inner_text().startswith("It costs $5 or $6, say **most** of $x^2$.")
    assert root.locator("mjx-container, .MathJax").count() == 0
    root.locator("details.snb-why summary").first.click()
    assert root.locator(".snb-chat").first.is_visible()


def test_a_notebook_that_is_not_trusted_still_reads(lab, notebook):
    lab.theme("JupyterLab Light")
    bundle = talk(12)._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", bundle, execution_count=1)
    stored = nbformat.v4.new_code_cell(IMPORTS + CODE, outputs=[output], execution_count=1)
    one = notebook(stored)
    root = one.page.locator(".jp-OutputArea-output .snb")
    root.wait_for()
    assert one.page.locator(".jp-OutputArea-output style").count() == 0
    article = root.locator("article").nth(1)
    assert article.evaluate("one => getComputedStyle(one).borderLeftWidth") == "3px"
    assert article.locator(".snb-say").evaluate("one => getComputedStyle(one).whiteSpace") == "pre-wrap"
    text = root.inner_text()
    for expected in ("Cars or bicycles?", "Ana", "moderator", "opening", "silent", "cut off at 40 tokens"):
        assert expected in text
    root.locator("details summary", has_text="prompt").first.click()
    assert "You are someone." in root.inner_text()


MARKDOWN = """
from examples import PAYLOADS, infected
from IPython.display import Markdown
Markdown("\\n\\n".join(infected(payload)[0].to_markdown() for payload in PAYLOADS[::3]))
"""


def test_markdown_of_it_is_just_its_text(lab, notebook):
    lab.theme("JupyterLab Light")
    one = notebook(IMPORTS + MARKDOWN)
    one.start(0)
    root = one.page.locator(".jp-RenderedMarkdown")
    root.locator("blockquote").nth(60).wait_for()
    assert root.locator("details").count() > 60
    text = " ".join(root.text_content().split())
    for payload in PAYLOADS[::3]:
        assert " ".join(clean(payload).split()) in text, payload
    acting = root.locator("script, img, svg, iframe, style, form, a[href]:not(.jp-InternalAnchorLink), mjx-container")
    assert acting.evaluate_all("all => all.map(one => one.outerHTML.slice(0, 200))")[:8] == []
    assert one.page.evaluate("window.pwned") is None


def test_lists_and_tables_are_laid_out_as_everywhere_else(lab, notebook):
    lab.theme("JupyterLab Light")
    one = notebook(f"{IMPORTS}from examples import *\ndisplay(a_builder(), labels_of(talk(), 'a', [1]))")
    one.start(0)
    root = one.page.locator(".jp-OutputArea-output .snb")
    root.nth(1).wait_for()
    names = root.locator(".snb-head .snb-facts :is(dt, bdi)")
    assert names.count() == 2 * (4 + 5)
    assert [names.nth(place).evaluate(LINES) for place in range(names.count())] == [1] * names.count()
    for cells, wanted in ((":not(.snb-number)", "start"), (".snb-number", "end")):
        found = root.locator(f":is(th, td){cells}")
        assert set(found.evaluate_all("all => all.map(cell => getComputedStyle(cell).textAlign)")) == {wanted}
