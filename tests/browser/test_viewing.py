"""The viewer in a real JupyterLab, on 50,000 messages from the files of a run."""

import pytest
from lab_notebook import PATHS
from support.sizes import TIMED
from test_lab import LINES

LENGTH, DISCUSSIONS = 500, 100
OPEN_S, FREEZE_MS = 0.5, 200
CODE = """
import sys
sys.path[:0] = {paths!r}
from test_viewing import make_run
from pathlib import Path
folder = Path({folder!r})
run, labels = make_run(folder, {discussions}, {length}, labelled={labelled})
"""
WATCH = """() => {
    window.longest = 0;
    let last = performance.now();
    const notebook = window.jupyterapp.shell.currentWidget;
    const tick = now => {
        window.longest = Math.max(window.longest, now - last); last = now;
        if (!notebook.isDisposed) requestAnimationFrame(tick); };
    requestAnimationFrame(tick); }"""
# Whether the parts of a line stand beside each other.
APART = """line => {
    const boxes = [...line.children].map(one => one.getBoundingClientRect());
    return boxes.length > 1 && boxes[0].left >= line.getBoundingClientRect().left - 1
        && boxes.slice(1).every((box, place) => box.left >= boxes[place].right - 1); }"""
# From pressing Run to a first message that can be read.
OPEN = """place => new Promise(settle => {
    const start = performance.now();
    const seen = () => document.querySelectorAll('.snb-view')[place]?.querySelector('.snb-view-row .snb-name')
        ? settle((performance.now() - start) / 1000) : requestAnimationFrame(seen);
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = place + 1;
    window.jupyterapp.commands.execute('notebook:run-cell-and-select-next');
    seen(); })"""


def make_run(folder, discussions, length, *, labelled=False):
    """Write a run's files, as an experiment of that size would, and labels of the first five discussions."""
    from dataclasses import replace

    import syndisco_nb as snb
    from examples import labels_of, talk

    if not (folder / "run.json").exists():
        from syndisco_nb.runs.serialization import to_json

        model = snb.ScriptedModel(["I agree."], name="talker")
        users = [snb.LLMActor(model=model, name=name) for name in ("Ana", "Ben", "Cem")]
        snb.DiscussionExperiment(["Tax"], users, num_turns=1, num_discussions=discussions, seed=1).begin(folder)
        said = talk(length, "The city centre should be closed to cars on Sundays, says one side of it. ")
        said = replace(
            said,
            comments=tuple(
                replace(one, text=f"{one.text} A needle." if one.index == length - 5 else one.text)
                for one in said.comments
            ),
        )
        for index in range(discussions):
            topic = f"Should street {index} be closed to cars?"
            (folder / f"discussion-{index:05d}.json").write_bytes(
                to_json(replace(said, index=index, id=f"{index:04x}", topic=topic))
            )
    run = snb.Run(folder)
    if not labelled:
        return run, None
    sets = [
        replace(labels_of(run[place], name, values), index=number)
        for place in range(min(5, len(run)))
        for number, (name, values) in enumerate([("strict", [1, 4, None]), ("mild", [1, 2])])
    ]
    return run, sets


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("viewed") / "run"
    make_run(folder, DISCUSSIONS, LENGTH)
    return folder


def open_viewer(notebook, folder, *, labelled=False, width=1000, times=1):
    """Run a notebook that shows a viewer in each further cell; return it, and the fewest seconds to a first message.

    The first viewer of a page also loads the code of the widgets, in the kernel and in the browser.
    """
    code = CODE.format(paths=PATHS, folder=str(folder), labelled=labelled, discussions=DISCUSSIONS, length=LENGTH)
    one = notebook(code, *["run.view(labels)"] * times, width=width)
    one.run(0)
    one.wait_idle()
    one.page.evaluate(WATCH)
    seconds = []
    for place in range(times):
        seconds.append(one.page.evaluate(OPEN, place))
        one.page.locator(".snb-view").nth(place).get_by_text("50,000 messages").wait_for()
    return one, min(seconds)


# The most pixels by which a row in sight moves more, or less, than was scrolled, while rows are measured.
JUMPS = """async list => {
    const frames = async () => { for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame); };
    let worst = 0;
    for (const step of [...Array(25).fill(-130), ...Array(10).fill(170)]) {
        const box = list.getBoundingClientRect();
        const row = document.elementFromPoint(box.left + 200, box.top + box.height / 2).closest('article');
        const [before, scrolled] = [row.getBoundingClientRect().top, list.scrollTop];
        list.scrollTop += step;
        await frames();
        worst = Math.max(worst, Math.abs(before - row.getBoundingClientRect().top - step)); }
    return worst; }"""
COUNT = """ground => {
    window.drawn = 0;
    new MutationObserver(all => { for (const one of all) window.drawn += one.addedNodes.length; })
        .observe(ground, {childList: true}); }"""
HOSTILE = """
import sys
sys.path[:0] = {paths!r}
from test_viewing import hostile_study
study, labels = hostile_study({folder!r})
"""
SEEN = """async list => {
    const found = new Map();
    for (let step = 0; step < 2000; step++) {
        for (let frame = 0; frame < 3 || list.querySelector('[aria-busy=true]'); frame++)
            await new Promise(requestAnimationFrame);  // until the rows in sight are drawn, and have come
        for (const row of list.querySelectorAll('.snb-view-row[data-number]'))
            found.set(row.dataset.number, [row.querySelector('.snb-name').textContent,
                row.querySelector('.snb-say').textContent, row.querySelectorAll('.snb-view-body *').length]);
        if (found.size >= 201 && list.scrollTop + list.clientHeight >= list.scrollHeight - 1) break;
        list.scrollTop += list.clientHeight / 2;
    }
    return [...found].sort((a, b) => a[0] - b[0]).map(one => one[1]); }"""


def hostile_study(folder):
    """Write the folder of a study with two conditions, in which names, texts, topics and labels are payloads."""
    from dataclasses import replace

    from examples import PAYLOADS, a_builder, labels_of, talk
    from syndisco_nb.runs.serialization import to_json

    study = a_builder().turns(1).discussions(1).run(folder)
    said = talk(4)
    texts = [*PAYLOADS, *PAYLOADS[: -len(PAYLOADS) % 4]]
    prompt = said.comments[1].generation
    for place, run in enumerate(study.values()):
        quarter = texts[place * len(texts) // 4 : (place + 1) * len(texts) // 4]
        readable = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in quarter]
        comments = tuple(
            replace(said.comments[0], index=n, turn=n, name=text, text=text, role="participant", generation=prompt)
            for n, text in enumerate(readable)
        )
        hostile = replace(said, id=f"{place:04x}", index=0, topic=readable[0], comments=comments, silences=())
        (run.folder / "discussion-00000.json").write_bytes(to_json(hostile))
    labels = [labels_of(run[0], PAYLOADS[0], [1, None]) for run in study.values()]
    return study, labels


@TIMED
def test_fifty_thousand_messages_open_at_once_and_never_freeze_the_page(lab, notebook, folder, timed):
    lab.theme("JupyterLab Light")
    one, seconds = open_viewer(notebook, folder, times=3 if timed else 1)
    page = one.page
    root = page.locator(".snb-view").first
    root.get_by_text("50,000 messages").wait_for()
    rows = root.locator(".snb-view-row")
    assert rows.count() < 40
    rows.first.click()
    for key in ("End", "PageUp", "Home", "PageDown", "ArrowDown"):
        page.keyboard.press(key)
        page.locator(".snb-view-row:focus .snb-name").wait_for()
    page.keyboard.press("End")
    last = page.locator(".snb-view-row:focus")
    assert last.get_attribute("aria-posinset") == last.get_attribute("aria-setsize") == "50000"
    messages = root.locator(".snb-view-list")
    assert messages.evaluate(JUMPS) <= 1
    page.keyboard.press("/")
    page.keyboard.type("run[57].comments[3]")
    root.locator(".snb-view-sticky .snb-view-disc", has_text="street 57").wait_for()
    page.keyboard.press("Enter")
    assert page.locator(".snb-view-row:focus").get_attribute("aria-label") == "Ana, discussion 57, turn 3"
    page.keyboard.press("c")
    root.get_by_role("status").get_by_text("run[57].comments[3]").wait_for()
    root.locator(".snb-view-ground").evaluate(COUNT)
    page.keyboard.press("t")
    page.locator("td button:focus").wait_for()
    for _ in range(2):
        root.get_by_role("button", name="Discussion", exact=True).click()
    root.get_by_role("columnheader", name="Discussion").and_(root.locator("[aria-sort=descending]")).wait_for()
    root.locator("td button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    root.locator(".snb-view-sticky .snb-view-disc", has_text="street 98").wait_for()
    assert page.evaluate("window.drawn") < 1000  # a list that was hidden knows how tall its rows are, and draws few
    page.keyboard.press("/")
    page.keyboard.type("needle")
    root.get_by_text("of 100").wait_for()
    page.keyboard.press("Enter")
    rows.locator("mark", has_text="needle").first.wait_for()
    messages.evaluate(
        """async list => { for (let step = 0; step < 60; step++) {
            list.scrollTop += list.scrollHeight / 60; await new Promise(requestAnimationFrame); } }"""
    )
    longest = page.evaluate("window.longest")
    if timed:
        assert seconds < OPEN_S
        assert longest < FREEZE_MS


@pytest.mark.parametrize(("theme", "width"), [pytest.param("Light", 1000, marks=pytest.mark.long), ("Dark", 860)])
def test_labels_are_shown_and_chosen_by_in_the_readers_theme(lab, notebook, folder, theme, width):
    lab.theme(f"JupyterLab {theme}")
    one, _ = open_viewer(notebook, folder, labelled=True, width=width)
    page = one.page
    page.get_by_text("50,000 messages").wait_for()
    page.get_by_label("Speaker").select_option("Ben")
    page.get_by_label("Label", exact=True).select_option(label="toxicity: disagreement")
    page.get_by_text("of 50,000 messages").wait_for()
    page.locator(".snb-view-row .snb-split-mark").first.wait_for()
    assert set(page.locator(".snb-view-row .snb-name").all_inner_texts()) == {"Ben"}
    assert page.locator(".snb-view-row .snb-rate").first.evaluate(APART)
    page.get_by_label("Go to turn").fill("60")
    page.keyboard.press("Enter")
    page.locator(".snb-view-row:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator(".snb-view-open summary").click()
    assert "You are someone." in page.locator(".snb-view-open .snb-chat").inner_text()
    term = page.locator(".snb-view-open .snb-facts dt", has_text="seed")
    assert term.evaluate(LINES) == 1  # whatever the host does with lists
    assert page.locator(".snb-view-open .snb-rate").first.evaluate(APART)
    from test_pages import found_by_axe

    found = [one for one in found_by_axe(page) if "snb-" in one[1]]
    assert not found, found
    page.keyboard.press("Escape")
    page.locator(".snb-view-open").wait_for(state="detached")
    row = page.locator(".snb-view-row:focus")
    before = row.evaluate("one => [one.dataset.number, one.getBoundingClientRect().top]")
    page.keyboard.press("x")
    page.get_by_text("50,000 messages", exact=True).wait_for()
    page.wait_for_function(
        "([number, top]) => { const row = document.activeElement; return row.dataset.number === number"
        " && row.matches('.snb-view-here') && Math.abs(row.getBoundingClientRect().top - top) <= 1; }",
        arg=before,
    )
    page.get_by_role("tab", name="Discussions").click()
    page.get_by_role("columnheader", name="toxicity (mean)").wait_for()
    found = [one for one in found_by_axe(page) if "snb-" in one[1]]
    assert not found, found


def test_payloads_are_text_and_a_condition_is_chosen(lab, notebook, tmp_path):
    from examples import PAYLOADS
    from syndisco_nb.display.writers.clean_text import clean

    lab.theme("JupyterLab Light")
    one = notebook(HOSTILE.format(paths=PATHS, folder=str(tmp_path / "study")), "study.view(labels)")
    one.run(0)
    one.start(1)
    page = one.page
    page.locator(".snb-view").get_by_text("204 messages").wait_for()
    seen = page.locator(".snb-view-list").evaluate(SEEN)
    wanted = [clean(text) for text in [*PAYLOADS, *PAYLOADS[: -len(PAYLOADS) % 4]]]
    assert [text for _, text, _ in seen] == wanted
    assert [name for name, *_ in seen] == wanted
    assert len({number for *_, number in seen}) <= 3  # as many elements in each row, but for its marks and labels
    page.get_by_label("Search texts and names").fill("<script")
    page.locator(".snb-view-matches", has_text=" of ").wait_for()
    page.get_by_label("Condition").select_option("facilitator+long")
    page.get_by_text("51 of 204 messages").wait_for()
    assert page.get_by_label("Discussion", exact=True).locator("option:not([hidden])").count() == 2
    assert page.evaluate("window.pwned") is None
