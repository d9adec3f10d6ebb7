"""The forms in a real JupyterLab: filled in by mouse and keyboard, mended, run, stopped, gone on with, and copied."""

import json
import shutil

import nbformat
import pytest
from lab_notebook import CELL, TESTS
from playwright.sync_api import expect
from test_pages import found_by_axe

TUTORIAL = TESTS.parent / "notebooks" / "04_forms.ipynb"
TIMES = {
    "started",
    "updated",
    "seconds",
    "created",
    "finished",
    "memory_mb",
    "digest",
}  # a digest of all
PAYLOADS = [
    '<img src=x onerror="window.pwned=1">',
    '"><script>window.pwned=1</script>',
    "</textarea><svg onload=pwned=1>",
]
A_STUDY = f"""
import syndisco_nb as snb

people = [
    snb.LLMPersona(username="Maya", age=41, personality_characteristics=["blunt"]),
    snb.LLMPersona(username="Ben", hobby={PAYLOADS[1]!r}),
]
form = snb.ExperimentForm(
    snb.ExperimentBuilder(seed=7)
    .model(snb.ScriptedModel({PAYLOADS!r}))
    .participants(people)
    .topics({PAYLOADS[:1]!r})
    .turns(4)
    .discussions(1)
    .vary(moderator={{"none": None, "facilitator": "Keep it civil."}}),
    folder=FOLDER,
)
form
"""


def tutorial(lab, notebook):
    """Open a copy of the tutorial, with what it needs, and two more cells; its widgets are not there yet."""
    for name in ("people.json", "recordings.jsonl"):
        shutil.copy(TUTORIAL.parent / name, lab.root / name)
    copy = nbformat.read(TUTORIAL, 4)
    copy.cells = [cell for cell in copy.cells if cell.cell_type == "code"]
    for cell in copy.cells:
        cell.outputs, cell.execution_count = [], None
    copy.cells += [nbformat.v4.new_code_cell("6 * 7"), nbformat.v4.new_code_cell("")]
    nbformat.write(copy, lab.root / "forms.ipynb")
    one = notebook(path="forms.ipynb")
    for place in range(len(copy.cells) - 1):
        one.run(place)
    one.wait_idle()
    return one, copy.cells


def asked(folder):
    """Return what a run was asked, and what it came to, but for time and memory."""
    kept = json.loads((folder / "run.json").read_text())
    return {name: value for name, value in kept.items() if name not in TIMES}


def test_the_tutorial_is_filled_in_run_stopped_gone_on_with_and_copied(lab, notebook):
    lab.theme("JupyterLab Light")
    one, cells = tutorial(lab, notebook)
    page, (typed, last) = one.page, (len(cells) - 2, len(cells) - 1)
    place = next(n for n, cell in enumerate(cells) if "ExperimentForm(folder" in cell.source)
    form = one.output(place).locator(".snb-form").first
    form.get_by_text("Study", exact=False).first.wait_for()  # it has been run from code, and ends as that

    # By keyboard: another folder, a mistake, and its correction.
    form.get_by_label("Run folder").fill("runs/04/typed")
    form.get_by_role("button", name="Turns").press("Enter")
    turns = form.get_by_label("Number of turns", exact=True)
    turns.fill("many")
    turns.press("Tab")
    message = form.get_by_text("Number of turns is 'many', but must be a whole number of 1 or more.")
    message.wait_for()
    assert turns.get_attribute("aria-invalid") == "true"
    assert message.get_attribute("id") in turns.get_attribute("aria-describedby")
    assert form.get_by_label("Comments remembered", exact=True).evaluate("one => one === document.activeElement")
    form.get_by_text("1 error").wait_for()
    form.get_by_role("button", name="Run", exact=True).click()
    form.get_by_text("Fix the errors above, then run again.").wait_for()
    assert turns.input_value() == "many"
    turns.fill("2")
    turns.press("Tab")
    message.wait_for(state="hidden")
    form.get_by_text("2 turns").wait_for()

    # By mouse: one more person, typed into the table.
    form.get_by_role("button", name="Add a person").click()
    page.locator(".snb-grid .snb-cell:focus").wait_for()
    page.keyboard.type("Nia")
    page.keyboard.press("Tab")
    page.keyboard.type("33")
    page.keyboard.press("Enter")
    form.get_by_text("5: Maya, Tomas, Iris, Jonas and 1 more").wait_for()

    # On the bundled model: comments appear, and other cells stay usable; stop, and go on.
    form.get_by_role("button", name="Run", exact=True).click()
    form.locator(".snb-live-said .snb-say").first.wait_for()
    one.run(typed)
    assert "42" in one.text(typed)
    form.get_by_role("button", name="Stop").last.wait_for()
    form.locator(".snb-stage > .snb-row .snb-press", has_text="Stop").last.click()
    form.get_by_text("Stopped. Finished work is saved.").wait_for()
    form.get_by_role("button", name="Run", exact=True).click()
    form.locator(".snb-shown").get_by_text("4 of 4 discussions").wait_for()

    # The code, copied into a cell, runs the same study.
    form.get_by_role("button", name="Code").click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form.get_by_role("button", name="Copy").click()
    form.get_by_text("Copied.").wait_for()
    page.locator(".jp-CodeCell").nth(last).locator(".cm-content").click()
    page.keyboard.press("Control+V")
    page.keyboard.type('\nstudy.run("runs/04/copied")')
    one.wait_for(f"{CELL % last}.model.sharedModel.source.includes('copied')")
    one.run(last)
    runs = lab.root / "runs" / "04"
    for condition in ("none", "facilitator"):
        assert asked(runs / "copied" / condition) == asked(runs / "typed" / condition)
        talks = [sorted((runs / name / condition).glob("discussion-*.json")) for name in ("copied", "typed")]
        said = [[[one["text"] for one in json.loads(file.read_text())["logs"]] for file in files] for files in talks]
        assert said[0] == said[1]
        assert len(said[0]) == 2


@pytest.mark.parametrize(("theme", "width"), [pytest.param("Light", 1000, marks=pytest.mark.long), ("Dark", 700)])
def test_it_can_be_read_and_reached_by_everybody(lab, notebook, theme, width, tmp_path):
    lab.theme(f"JupyterLab {theme}")
    one = notebook(A_STUDY.replace("FOLDER", repr(str(tmp_path / "study"))), width=width)
    one.run(0)
    page, form = one.page, one.output(0).locator(".snb-form").first
    while (closed := form.locator(".snb-fold-press[aria-expanded=false]:visible")).count():
        closed.first.click()
    assert not [found for found in found_by_axe(page) if "snb-" in found[1]]
    right = "all => Math.max(...all.filter(one => !one.closest('table')).map(one => one.getBoundingClientRect().right))"
    assert form.locator("*:visible").evaluate_all(right) <= width  # nothing sticks out; a wide table scrolls
    # Tab visits everything, in the order in which it is read.
    form.get_by_role("button", name="People 2: Maya, Ben").focus()
    visited = []
    for _ in range(12):
        page.keyboard.press("Tab")
        visited.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.value")
        )
    assert visited[:2] == ["Name of Maya", "Age of Maya"]
    assert visited.index("Remove Maya") < visited.index("Name of Ben")
    # Nothing that somebody wrote, or a model said, acts.
    form.get_by_role("button", name="Run", exact=True).click()
    form.locator(".snb-shown").get_by_text("2 of 2 discussions").wait_for()
    form.get_by_role("button", name="Preview").click()
    form.locator(".snb-shown").get_by_text("first speaker").first.wait_for()
    form.get_by_role("button", name="Code").click()
    form.locator(".snb-code").wait_for()
    assert page.evaluate("window.pwned") is None


def test_what_goes_wrong_is_said_in_the_form(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    one = notebook(A_STUDY.replace("FOLDER", repr(str(tmp_path / "study"))), "form['turns'].value")
    one.run(0)
    form = one.output(0).locator(".snb-form").first
    # A bad file of people, then a good one.
    form.get_by_role("button", name="Import from a spreadsheet or file").click()
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("username,age\nAda,-7\n")
    good.write_text("username,age\nAda,70\n")
    form.locator("input[type=file]").set_input_files(bad)
    form.get_by_text("bad.csv, row 1: Age is '-7'").wait_for()
    form.locator("input[type=file]").set_input_files(good)
    form.get_by_label("Name of Ada").wait_for()
    # What is typed meanwhile is not written over.
    ada = form.get_by_label("Age of Ada")
    ada.press("End")
    ada.press_sequentially("0")
    one.run(1)
    assert ada.input_value() == "700"
    ada.press("Tab")
    form.get_by_text("age is '700'").wait_for()
    ada.fill("70")
    ada.press("Tab")
    # A CSV opened in a spreadsheet, and copied out of it with the headings of the table, is pasted into a cell.
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    table = 'Occupation\tNAME\tAge\tCharacteristics\nnurse\tNia\t33\t"blunt;\nwarm"\ncook\tZoe\t-7\tshy\n'
    one.page.evaluate("text => navigator.clipboard.writeText(text)", table)
    ada.press("Control+V")
    assert form.get_by_label("Occupation of Nia").input_value() == "nurse"
    assert form.get_by_label("Characteristics of Nia").input_value() == "blunt; warm"
    form.get_by_text("Age is '-7', but must be years").wait_for()
    form.get_by_role("button", name="Remove Zoe").click()
    one.wait_for("document.activeElement.getAttribute('aria-label') === 'Name of Nia'")
    assert not form.get_by_label("Name of Zoe").count()
    # Enter in the last row adds one, and goes there; what is left empty is nobody.
    one.page.keyboard.press("Enter")
    one.wait_for("document.activeElement.getAttribute('aria-label') === 'Name of row 5'")
    # A file of a design that is none, and a folder that cannot be written.
    form.get_by_label("Design file").fill(str(bad))
    form.get_by_role("button", name="Load").click()
    form.get_by_text("bad.csv holds no settings").wait_for()
    form.get_by_label("Run folder").fill(str(bad / "study"))
    form.get_by_role("button", name="Run", exact=True).click()
    form.get_by_text("is a file, not a folder").first.wait_for()
    # A server that does not answer.
    form.get_by_label("Run folder").fill(str(tmp_path / "other"))
    form.get_by_role("button", name="Model").first.click()
    form.get_by_label("Model", exact=True).select_option(label="Model on a server (OpenAI, vLLM, Ollama …)")
    form.get_by_label("Model name").fill("gpt")
    form.get_by_label("Server URL").fill("http://127.0.0.1:9/v1")
    form.get_by_role("button", name="More settings").click()
    form.get_by_label("Retry for (seconds)").fill("0.2")
    form.get_by_label("Retry for (seconds)").press("Tab")
    form.get_by_role("button", name="Run", exact=True).click()
    form.locator(".snb-fault", has_text="no connection").wait_for()


def test_a_discussion_grows_and_is_labelled_by_hand(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    code = A_STUDY.replace("FOLDER", repr(str(tmp_path / "study")))
    hurry = tmp_path / "hurry"
    slow = f"""
import asyncio, itertools
from pathlib import Path
answer, calls = snb.ScriptedModel.complete, itertools.count()
async def slowly(self, request):
    if next(calls):
        while not Path({str(hurry)!r}).exists():
            await asyncio.sleep(0.05)
    return await answer(self, request)
snb.ScriptedModel.complete = slowly
talk = snb.DiscussionForm(form.value)
talk
"""
    by_hand = """
run = form.value.run({folder!r})
labels = snb.AnnotationForm(run["none"].folder)
labels["scales"].add(snb.Likert("toxicity", 1, 5))
labels
""".format(folder=str(tmp_path / "study"))
    one = notebook(code, slow, by_hand)
    one.run(0)
    one.run(1)
    talk = one.output(1).locator(".snb-form").first
    talk.get_by_role("button", name="Run", exact=True).click()
    said = talk.locator(".snb-live-open [data-key]")
    expect(said).to_have_count(2)  # it is growing: the opening and the first comment
    expect(talk.locator(".snb-live .snb-title")).to_have_text("Turn 1 of 4")
    expect(talk.locator(".snb-live-open .snb-live-writing")).to_have_count(1)
    talk.get_by_role("button", name="Pause").click()
    expect(talk.locator(".snb-live-status")).to_have_text("paused")
    talk.get_by_role("button", name="Resume").click()
    hurry.touch()
    talk.locator(".snb-shown article").nth(4).wait_for()
    expect(talk.locator(".snb-live")).to_have_count(0)
    one.run(2)
    labels = one.output(2).locator(".snb-form").first
    labels.get_by_label("Your name").fill("Dana")
    labels.get_by_role("button", name="Label by hand").click()
    labels.locator(".snb-shown").get_by_text("toxicity").first.wait_for()
    labels.locator(".snb-shown button", has_text="3").first.click()
    one.wait_for("document.body.innerText.includes('1 of 5 labelled')")
    one.save()
    one.page.set_viewport_size({"width": 1000, "height": 4000})  # JupyterLab draws only the cells that are in sight
    done = labels.locator(".snb-shown").get_by_text("1 of 5 labelled")
    one.reload(done)  # what was filled in, and how far it is, is all still there
    done.wait_for()
    assert labels.get_by_label("Your name").input_value() == "Dana"


def test_a_loaded_design_asks_before_it_touches_anything(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    answers = tmp_path / "<img src=x onerror=window.pwned=1>.jsonl"
    model = {"type": "CachedModel", "path": str(answers), "model": {"type": "ScriptedModel", "script": ["Yes."]}}
    people = [{"username": "Ana"}, {"username": "Ben"}]
    file = tmp_path / "design" / "study.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"model": model, "participants": people, "topics": ["Tax"], "discussions": 1}))
    one = notebook(f"import syndisco_nb as snb\nsnb.ExperimentForm(folder={str(tmp_path / 'study')!r})")
    one.run(0)
    form = one.output(0).locator(".snb-form").first
    form.get_by_label("Design file").fill(str(file))
    form.get_by_role("button", name="Load").click()
    asked_for = form.locator(".snb-permission")
    asked_for.get_by_text(f"Use files outside its folder: {answers} (in model)").wait_for()
    assert not [found for found in found_by_axe(one.page) if "snb-" in found[1]]
    form.get_by_role("button", name="Run", exact=True).click()
    form.locator(".snb-fault", has_text="press Allow").wait_for()
    assert not answers.exists()
    asked_for.get_by_role("button", name="Allow").click()
    asked_for.get_by_text("Use files").wait_for(state="detached")
    form.get_by_role("button", name="Run", exact=True).click()
    form.locator(".snb-shown").get_by_text("1 of 1").first.wait_for()
    assert answers.exists()
    assert one.page.evaluate("window.pwned") is None


def tab_to(page, name, most=80):
    """Press Tab until the focus is on a control with this label or text."""
    told = """() => { const one = document.activeElement;
        return one.getAttribute('aria-label') || one.labels?.[0]?.textContent
            || one.querySelector('.snb-fold-label')?.textContent || one.textContent; }"""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(told) == name:
            return
    raise AssertionError(f"Tab never comes to {name!r}")


def retype(page, text):
    """Replace the content of the field that has the focus, and leave it."""
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def wait_focus(page, selector):
    """Wait until the focus is on an element."""
    page.locator(f"{selector}:focus").wait_for()


def test_a_study_is_made_by_keyboard_alone_and_stays_in_the_saved_notebook(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    folder = str(tmp_path / "study")
    one = notebook(f"import syndisco_nb as snb\nform = snb.ExperimentForm(folder={folder!r})\nform")
    one.run(0)
    page, form = one.page, one.output(0).locator(".snb-form").first
    form.get_by_role("button", name="People", exact=False).first.focus()  # the only step that no key makes
    tab_to(page, "Add a person")
    page.keyboard.press("Enter")
    wait_focus(page, ".snb-cell")  # that of the new row
    page.keyboard.type("Ana")
    page.keyboard.press("Tab")
    page.keyboard.type("old")  # the first mistake
    page.keyboard.press("Enter")
    wait_focus(page, '.snb-cell[aria-label="Name of row 2"]')  # Enter in the last row adds one
    page.keyboard.type("Ben")
    tab_to(page, "Model")
    page.keyboard.press("Enter")
    tab_to(page, "Model")
    page.keyboard.type("Scripted")
    form.get_by_label("Script", exact=True).wait_for()
    tab_to(page, "Script")
    page.keyboard.type("I agree.")
    tab_to(page, "Topic")
    page.keyboard.press("Enter")
    tab_to(page, "Topics")
    page.keyboard.type("Tax?")
    tab_to(page, "Turns")
    page.keyboard.press("Enter")
    tab_to(page, "Number of turns")
    retype(page, "many")  # the second
    tab_to(page, "Run")
    page.keyboard.press("Enter")
    wait_focus(page, '.snb-cell[aria-label="Age of Ana"][aria-invalid="true"]')
    form.get_by_text("2 errors:").wait_for()
    assert not [found for found in found_by_axe(page) if "snb-" in found[1]]
    retype(page, "30")
    form.get_by_text("1 error:").wait_for()
    tab_to(page, "Number of turns")  # the link, or the field itself: its section is open
    tab_to(page, "Number of turns")
    page.keyboard.press("Enter")
    wait_focus(page, ".snb-entry[aria-invalid=true]")
    retype(page, "2")
    form.get_by_text("1 error:").wait_for(state="hidden")
    # Two levels of a moderator; one more is added, and removed again.
    tab_to(page, "Conditions")
    page.keyboard.press("Enter")
    tab_to(page, "Discussions per condition")
    retype(page, "1")
    tab_to(page, "Vary a setting")
    page.keyboard.press("Enter")
    wait_focus(page, "select")
    page.keyboard.type("Context")
    form.get_by_role("button", name="Add level").wait_for()
    for level, context in (("calm", "A calm talk."), ("loud", "A row.")):
        tab_to(page, "Name")
        page.keyboard.type(level)
        page.keyboard.press("Tab")
        page.keyboard.type(context)
    tab_to(page, "Add level")
    page.keyboard.press("Enter")
    wait_focus(page, ".snb-item .snb-item:nth-child(3) input")
    tab_to(page, "Remove")
    page.keyboard.press("Enter")
    wait_focus(page, ".snb-item .snb-item:nth-child(2) input")  # what is left
    tab_to(page, "Run")
    page.keyboard.press("Enter")
    form.locator(".snb-shown").get_by_text("2 of 2 discussions").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Run"
    # The code, a file, and the question before it is overwritten.
    tab_to(page, "Code")
    page.keyboard.press("Enter")
    form.locator(".snb-code", has_text="ExperimentBuilder()").wait_for()
    tab_to(page, "Design file")
    retype(page, str(tmp_path / "design.yaml"))
    page.keyboard.press("Enter")  # Save, which the last Tab came to
    form.get_by_text("Saved as").wait_for()
    page.keyboard.press("Enter")
    form.get_by_text("design.yaml exists.").wait_for()
    page.wait_for_function("document.activeElement.textContent === 'Cancel'")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent === 'Save'")
    # A saved notebook shows all of it; below the form itself, its page is hidden.
    still = one.output(0).locator(".snb-still")
    one.wait_for("document.querySelector('.snb-still').textContent.includes('A calm talk.')")
    assert not still.is_visible()
    one.save()
    widget, page_of_form = nbformat.read(one.file, 4).cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in widget.data
    for text in ("Ana", "Tax?", "A calm talk.", "snb.ExperimentBuilder()"):
        assert text in page_of_form.data["text/html"]
