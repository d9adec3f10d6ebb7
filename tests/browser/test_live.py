"""A run that goes on, in a real JupyterLab: watched, paused, spoken to, stopped, and gone on with."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time

import pytest
from lab_notebook import PATHS
from playwright.sync_api import expect
from support.sizes import TIMED
from test_pages import found_by_axe
from test_viewing import WATCH

FREEZE_MS = 200
SHARE = 0.1
INTERRUPT_S = 1.0
TURNS = 400
SETUP = f"""
import asyncio, sys
sys.path[:0] = {PATHS!r}
from test_live import slow_experiment, slow_study, measure
"""


def slow_experiment(delay=0.4, turns=TURNS, discussions=3, names=("Ana", "Ben", "Cem"), **settings):
    """Return an experiment whose model takes its time: so long, from now on."""
    import syndisco_nb as snb

    slowness["delay"] = delay
    users = [snb.LLMActor(snb.ScriptedModel(slow_reply, name="slow"), name) for name in names]
    return snb.DiscussionExperiment(
        ["Should city centres be closed to cars?"],
        users,
        num_turns=turns,
        num_discussions=discussions,
        seed=1,
        **settings,
    )


slowness = {"delay": 0.0}


async def slow_reply(request):
    await asyncio.sleep(slowness["delay"])
    return f"I think that {request.seed % 1000} of a thousand would agree."


def gated_experiment(gate, discussions=12):
    """Return an experiment of four turns, each discussion of which goes as far as the file `gate` allows."""
    import syndisco_nb as snb

    async def reply(request):
        while request.situation.turn > allowed(gate, request.situation.discussion):
            await asyncio.sleep(0.02)
        return f"I think that {request.seed % 1000} of a thousand would agree."

    users = [snb.LLMActor(snb.ScriptedModel(reply, name="gated"), name) for name in ("Ana", "Ben")]
    return snb.DiscussionExperiment(["Tax?"], users, num_turns=4, num_discussions=discussions, seed=1)


def allowed(gate, discussion):
    turns = json.loads(gate.read_text())
    return turns.get(str(discussion), turns["others"])


def slow_study(turns=20, hurry=None):
    """Return a study of two conditions, whose model takes its time, until there is a file `hurry`."""
    import syndisco_nb as snb

    complete = snb.ScriptedModel.complete

    async def slowly(self, request):
        await asyncio.sleep(0 if hurry and hurry.exists() else 0.1)
        return await complete(self, request)

    snb.ScriptedModel.complete = slowly  # a design holds no function
    return (
        snb.ExperimentBuilder(seed=7)
        .model(snb.ScriptedModel(["I think that many would agree.", "Why?"], name="slow"))
        .participants([snb.LLMPersona(username=name) for name in ("Ana", "Ben")])
        .topics(["Should city centres be closed to cars?"])
        .turns(turns)
        .discussions(3)
        .vary(window={"short": 1, "long": 5})
    )


def measure():
    """Have the time that views take kept in the list that is returned."""
    from syndisco_nb.widgets.live import Live

    spent, watch = [], Live._watch

    def measured(self):
        before = time.thread_time()
        watch(self)
        spent.append(time.thread_time() - before)

    Live._watch = measured
    return spent


def said(view):
    """Return the number of the last comment of each card."""
    last = "all => all.map(one => [...one.querySelectorAll('[data-key]')].at(-1)?.dataset.key ?? '-1')"
    return [int(key.split(" ")[0]) for key in view.locator(".snb-live-card").evaluate_all(last)]


def view_of(one, place):
    view = one.output(place).locator(".snb-live")
    view.locator(".snb-live-said").first.wait_for()
    return view


@pytest.mark.parametrize(("theme", "width"), [("Light", 1000), pytest.param("Dark", 700, marks=pytest.mark.long)])
def test_a_run_is_watched_paused_spoken_to_stopped_and_gone_on_with(lab, notebook, tmp_path, theme, width):
    lab.theme(f"JupyterLab {theme}")
    start = f"live = slow_experiment().start({str(tmp_path / 'pilot')!r})\nlive"
    again = f"live = slow_experiment(delay=0.005).start({str(tmp_path / 'pilot')!r})\nlive"
    one = notebook(SETUP, start, "print(6 * 7)", again, width=width)
    one.run(0)
    one.run(1)
    view = view_of(one, 1)
    expect(view.get_by_role("status").first).to_have_text("in progress")
    expect(view.locator(".snb-live-card")).to_have_count(3)
    before = max(said(view))
    expect(view.locator(".snb-live-card").first).to_contain_text("I think that")

    one.run(2)  # other cells are usable meanwhile
    assert one.text(2).strip() == "42"
    expect(view.get_by_role("status").first).to_have_text("in progress")

    view.get_by_role("button", name="Pause").click()
    expect(view.get_by_role("status").first).to_have_text("paused")
    assert max(said(view)) >= before
    now = None
    while now != (now := said(view)):  # what was under way is said, and then nothing
        time.sleep(1)
    assert max(now) < TURNS - 1

    found = [fault for fault in found_by_axe(one.page) if "snb-" in fault[1]]
    assert not found, found

    view.get_by_role("button", name="Resume").click()
    expect(view.get_by_role("status").first).to_have_text("in progress")
    view.get_by_role("button", name="Add comment: Discussion 1").click()
    view.get_by_label("Add comment", exact=True).fill("What about <b>buses</b>?")
    view.get_by_label("Your name").fill("Dana")
    one.page.keyboard.press("Enter")
    opened = view.locator(".snb-live-open")
    expect(opened.locator(".snb-guest")).to_contain_text("What about <b>buses</b>?")
    length = opened.locator("li").count()
    expect(opened.locator("li").nth(length)).to_be_attached()  # it grows while it is read
    one.page.keyboard.press("Escape")
    expect(opened).to_be_hidden()

    view.get_by_role("button", name="Skip: Discussion 2").click()
    expect(view.locator(".snb-live-card").nth(2)).to_contain_text("skipped")
    view.get_by_role("button", name="Undo skip: Discussion 2").click()
    expect(view.locator(".snb-live-card").nth(2)).not_to_contain_text("skipped")

    view.get_by_role("button", name="Stop").click()
    still = one.output(1).locator(".snb").filter(has_text="stopped")
    still.wait_for()
    expect(one.output(1).locator(".snb-live")).to_have_count(0)

    one.run(3)
    one.output(3).get_by_text("3 of 3 discussions").wait_for()
    expect(one.output(3).locator(".snb-live")).to_have_count(0)
    one.output(3).locator(".snb-fold > summary").nth(1).click()
    expect(one.output(3)).to_contain_text("What about <b>buses</b>?")
    one.save()
    content = one.file.read_text()
    assert "widget-view" not in content  # what is stored is the run itself
    assert "3 of 3 discussions" in content


def test_a_card_keeps_its_place_while_it_is_read_and_a_skip_is_undone(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    gate, turns = tmp_path / "gate.json", {"others": 1}

    def let(**more):
        turns.update(more)
        gate.with_suffix(".new").write_text(json.dumps(turns))
        gate.with_suffix(".new").replace(gate)

    let()
    begin = f"from pathlib import Path\nfrom test_live import gated_experiment\ngate = Path({str(gate)!r})"
    start = f"experiment = gated_experiment(gate)\nlive = experiment.start({str(tmp_path / 'run')!r})\nlive"
    whole = (
        f"whole = experiment.begin({str(tmp_path / 'whole')!r})\nprint([*map(str, live.result)] == [*map(str, whole)])"
    )
    one = notebook(SETUP + begin, start, whole)
    one.run(0)
    one.run(1)
    cards = one.output(1).locator(".snb-live-card")
    expect(cards.filter(has_text="turn 1 of 4")).to_have_count(9)
    keys = cards.evaluate_all("all => all.map(one => one.dataset.card)")
    number = [str(int(key[-5:])) for key in keys]

    def at(place, key):
        expect(cards.nth(place)).to_have_attribute("data-card", key)

    cards.nth(4).get_by_role("button", name="Skip").focus()  # may scroll, so it comes first
    cards.nth(0).hover()
    let(**{number[0]: 4})
    expect(cards.nth(0)).to_contain_text("finished")
    let(others=2)
    expect(cards.filter(has_text="turn 2 of 4")).to_have_count(8)
    for place, key in enumerate(keys):
        at(place, key)  # though three others wait for a place
    one.page.mouse.move(1, 1)
    expect(cards.nth(0)).not_to_have_attribute("data-card", keys[0])

    one.page.keyboard.press("Enter")
    expect(cards.nth(4)).to_contain_text("Skipped.")
    expect(cards.nth(4).get_by_role("button", name="Undo skip")).to_be_focused()
    let(others=3)
    expect(cards.filter(has_text="turn 3 of 4")).to_have_count(8)
    at(4, keys[4])
    one.page.keyboard.press("Enter")
    expect(cards.nth(4)).to_contain_text("turn 3 of 4")

    cards.nth(7).get_by_role("button", name="Open").click()
    opened = one.output(1).locator(".snb-live-open")
    expect(opened.locator("li")).to_have_count(5)  # opening, three turns, and the next speaker
    let(**{number[7]: 4})
    expect(opened).to_contain_text("turn 4 of 4, finished")
    at(7, keys[7])
    let(others=4)
    expect(one.output(1)).to_contain_text("12 of 12 discussions")
    one.run(2)
    assert one.text(2).strip().endswith("True")


def test_what_goes_wrong_with_a_button_is_said(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    one = notebook(SETUP, f"live = slow_experiment().start({str(tmp_path / 'a')!r})\nlive")
    one.run(0)
    one.run(1)
    view = view_of(one, 1)
    view.get_by_role("button", name="Add comment: Discussion 1").click()
    view.get_by_role("button", name="Send").click()
    expect(view.get_by_role("alert")).to_contain_text("text is empty")


def test_a_page_loaded_anew_shows_how_it_goes_on(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    one = notebook(SETUP, f"live = slow_experiment().start({str(tmp_path / 'a')!r})\nlive")
    one.run(0)
    one.run(1)
    before = max(said(view_of(one, 1)))
    one.save()
    one.reload()
    view = view_of(one, 1)
    expect(view.get_by_role("status").first).to_have_text("in progress")
    assert max(said(view)) >= before
    view.get_by_role("button", name="Stop").click()
    one.output(1).get_by_text("Stopped before the end.").wait_for()


def test_a_run_of_another_process_and_of_another_notebook_is_watched(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    folder = tmp_path / "study"
    code = f"{SETUP}\nimport syndisco_nb as snb\nlive = snb.watch({str(folder)!r})\nlive"
    one = notebook(code, "live.wait(120)\nprint(live.state)")
    one.run(0)
    expect(one.output(0)).to_contain_text("not there yet")
    hurry = tmp_path / "hurry"
    run = f"{SETUP}\nfrom pathlib import Path\nslow_study(1000, Path({str(hurry)!r})).run({str(folder)!r})"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", run], env=environment)
    try:
        view = view_of(one, 0)
        expect(view.locator(".snb-live-rows li")).to_have_count(2)
        expect(view).to_contain_text("Runs in another process")
        expect(view.get_by_role("button", name="Pause")).to_be_hidden()
        other = notebook(code)
        other.run(0)
        view_of(other, 0)
        hurry.touch()
        one.run(1)
        assert one.text(1).strip() == "finished"
        expect(one.output(0)).to_contain_text("6 of 6 discussions")
        expect(other.output(0)).to_contain_text("6 of 6 discussions")
        expect(one.output(0).locator(".snb-live")).to_have_count(0)
    finally:
        process.kill()
        process.wait()


def test_a_run_whose_process_was_killed_is_told_apart(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    folder = tmp_path / "killed"
    run = f"{SETUP}\nslow_experiment().begin({str(folder)!r})"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", run], env=environment)
    one = notebook(
        f"import syndisco_nb as snb\nlive = snb.watch({str(folder)!r})\nlive", "print(live.wait(120), live.state)"
    )
    one.run(0)
    view_of(one, 0)
    process.kill()
    process.wait()
    one.run(1)
    assert one.text(1).strip().endswith("killed")
    expect(one.output(0)).to_contain_text("The process was killed")


@pytest.mark.seconds
def test_fifty_discussions_at_a_hundred_messages_a_second(lab, notebook, tmp_path):
    lab.theme("JupyterLab Light")
    folder = tmp_path / "many"
    code = (
        f"spent = measure()\nimport time\nbegun = time.monotonic()\n"
        f"live = slow_experiment(0.45, 10, 50, ('Ana', 'Ben'), max_concurrency=50).start({str(folder)!r})\nlive"
    )
    rest = (
        "live.wait(120)\nseconds = time.monotonic() - begun\ntime.sleep(1)\n"
        "print(f'{10 * 50 / seconds:.0f} messages a second, {100 * spent[0] / seconds:.1f} %')"
    )
    one = notebook(SETUP, code, rest)
    one.run(0)
    one.run(1)
    view = view_of(one, 1)
    one.page.evaluate(WATCH)
    expect(view).to_contain_text("and 41 more in progress")
    one.run(2)
    longest = one.page.evaluate("window.longest")
    written = one.text(2)
    print(written.strip(), f"longest gap between frames {longest:.0f} ms")  # noqa: T201
    rate, share = re.search(r"(\d+) messages a second, ([\d.]+) %", written).groups()
    expect(one.output(1)).to_contain_text("50 of 50 discussions")
    assert int(rate) > 80
    assert float(share) < 100 * SHARE
    assert longest < FREEZE_MS


@TIMED
@pytest.mark.parametrize("how", ["live", "run"])
def test_an_interrupt_hands_back_what_there_is(lab, notebook, tmp_path, how, timed):
    lab.theme("JupyterLab Light")
    folder = str(tmp_path / "a")
    start = f"live = slow_study(2000).start({folder!r})\nlive" if how == "live" else "1"
    wait = "live.wait()" if how == "live" else f"slow_study(2000).run({folder!r})"
    one = notebook(SETUP, start, f"print('it begins', flush=True)\nstudy = {wait}\nprint(study)")
    one.run(0)
    one.run(1)
    one.start(2)
    expect(one.output(2)).to_contain_text("it begins")
    while not list(tmp_path.rglob("discussion-*")):
        time.sleep(0.1)
    begun = time.monotonic()
    one.interrupt()
    one.wait_ran(2)
    if timed:
        assert time.monotonic() - begun < INTERRUPT_S
    assert "interrupted" in one.text(2)
    assert "Study" in one.text(2)
    assert "KeyboardInterrupt" not in one.text(2)
    if how == "live":
        one.output(1).get_by_text("Stopped before the end.").first.wait_for()  # of the study, and of its run


@pytest.mark.long
def test_the_kernel_is_the_one_asked_for(lab, notebook):
    lab.theme("JupyterLab Light")
    one = notebook("import ipykernel, syndisco_nb\nprint(ipykernel.__version__, syndisco_nb.__file__)")
    one.run(0)
    assert one.text(0).startswith(os.environ.get("SYNDISCO_NB_KERNEL", "7."))
