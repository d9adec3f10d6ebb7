"""People at work in a real JupyterLab: in a discussion beside a batch of others, and labelling by hand."""

from lab_notebook import PATHS
from support.sizes import size
from test_pages import found_by_axe

from examples import PAYLOADS
from syndisco_nb.display.writers.clean_text import clean

SEAT = """
import time
import syndisco_nb as snb
class Hurried(snb.HumanModel):
    asks = 0

    async def complete(self, request):
        self.asks += 1
        self.timeout_s = 8 if self.asks == 3 else None
        return await super().complete(request)

dana = Hurried("Dana P.")
talker = snb.ScriptedModel(["Well, I doubt it.", "That is what they said of the buses, too."], name="talker")
users = [snb.LLMActor(talker, name) for name in ("Ana", "Ben", "Cem", "Dia", "Eva", "Fay")]
users.append(snb.LLMActor(dana, "Dana", attributes=["age: 34"], instructions="Say what you think."))
experiment = snb.DiscussionExperiment(
    ["Should the city centre be closed to cars?"], users, num_turns=6, num_discussions=21, num_active_users=2, seed=64
)
hers = [i for i in range(21) if any(user.name == "Dana" for user in experiment.discussion(i, 64).users)]
print(hers)
"""
LABEL = """
import syndisco_nb as snb
talker = snb.ScriptedModel(["Well, I doubt it.", "Nonsense.", "You may be right."], name="talker")
users = [snb.LLMActor(talker, name) for name in ("Ana", "Ben", "Cem")]
talks = snb.DiscussionExperiment(["Tax?", "Toll?"], users, num_turns=3, num_discussions=2, seed=3)
talks = talks.begin("talks-{theme}")
judge = snb.LLMActor(snb.ScriptedModel("4", name="judge"), "judge", actor_type=snb.ActorType.ANNOTATOR)
scales = [{scales}]
others = snb.AnnotationExperiment([judge], scales[:1], seed=3).begin(talks, "judged-{theme}")
labelling = snb.Labelling(talks, scales, "Dana", "by-hand-{theme}", instructions="Judge the comment alone.")
"""
MANY = """
texts = ["No.", "So you say. " * 12, "Why?\\n\\nAnd who pays?", "It is as I said, and as everybody knows. " * 40]
writer = snb.ScriptedModel([texts[n * n % 7 % 4] for n in range(9)], name="writer")
users = [snb.LLMActor(writer, name) for name in ("Ana", "Bartholomew the Elder", "Cem")]
many = snb.DiscussionExperiment(["Tax?", "Toll? " * 60], users, num_turns=9, num_discussions={discussions}, seed=3)
snb.Labelling(many.begin("many"), snb.Likert("hostility", 1, 5), "Dana", "many-by-hand").widget()
"""
# Press keys, one for each label, and return the buttons that were elsewhere after one of them.
LABEL_ON = """async ([first, last, all]) => {
    const root = document.querySelectorAll('.snb-labeller')[1];
    const boxes = () => [...root.querySelectorAll('.snb-answering button')].filter(one => one.offsetParent).map(one => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return [one.textContent, x, y, width, height].join(' '); });
    const shown = text => new Promise(resolve => {
        const done = root.querySelector('.snb-done');
        const observer = new MutationObserver(() => {
            if (done.textContent !== text) return;
            observer.disconnect();
            resolve(); });
        observer.observe(done, { childList: true, characterData: true, subtree: true }); });
    const before = boxes(), moved = [];
    for (let label = first; label <= last; label++) {
        const next = shown(`${label} of ${all} labelled`);
        const key = String(1 + label % 5);
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        await next;
        moved.push(...boxes().filter(box => !before.includes(box)));
    }
    return [before.length, moved]; }"""
HOSTILE = f"""
import sys
sys.path[:0] = {PATHS!r}
import syndisco_nb as snb
from examples import PAYLOADS
from syndisco_nb.backend.model.request import Request, Situation
from syndisco_nb.loop import Call
from syndisco_nb.records import Message, Participant
texts = [text for text in PAYLOADS if text.strip()][:190]
talk = tuple(Message(n, n, text, text, "m") for n, text in enumerate(texts))
actor = Participant(texts[0], "user", "m", tuple(texts), texts[1], texts[2])
dana = snb.HumanModel(texts[3])
call = Call(dana.complete(Request((), 1, situation=Situation(actor, 0, 1, talk, tuple(texts), texts[4]))))
while not dana.waiting:
    pass
dana.seat()
"""


def well_made(one):
    """Whether nothing serious is wrong with what is ours, and it is not too wide for the page."""
    found = [problem for problem in found_by_axe(one.page) if "snb-" in problem[1]]
    assert not found, found
    root = one.page.locator(".snb-desk")
    assert root.evaluate("one => one.scrollWidth <= one.clientWidth + 1")


def cell_count(one, place):
    return one.page.evaluate(f"window.jupyterapp.shell.currentWidget.content.widgets[{place}].model.executionCount")


def test_a_person_takes_part_by_keyboard_while_other_discussions_go_on(lab, notebook):
    lab.theme("JupyterLab Light")
    one = notebook(
        SEAT,
        "dana.seat()",
        "live = experiment.start('talks')",
        "while len(list(live.folder.glob('discussion-*.json'))) < 21 - len(hers): time.sleep(0.05)\n"
        "print(len(dana.waiting) == len(hers))",
        "run = live.wait(120)\n"
        "said = [m for talk in run for m in talk.messages if m.model == dana.name and m.role == 'participant']\n"
        "print(run.status, len(run), {m.name for m in said}, [m.text for m in said if m.text not in ('', 'Yes.')],\n"
        "      sorted(m.generation.finish_reason for m in said if m.silent))",
        "time.sleep(2.5)",
    )
    one.run(0)
    assert one.text(0).strip() == "[4, 17]"  # in each of which she has three turns
    one.run(1)
    seat = one.output(1).locator(".snb-seat")
    seat.get_by_text("Waiting for your turn.").wait_for()
    one.run(2)
    seat.get_by_text("It is your turn.").wait_for()
    one.run(3)
    assert one.text(3).strip() == "True"
    assert "Should the city centre be closed to cars?" in seat.get_by_role("log").inner_text()
    assert seat.get_by_text("1 more discussion waiting").is_visible()

    box = seat.get_by_label("Your comment")
    executed = cell_count(one, 1)
    box.click()
    one.page.keyboard.type("I take the bus, 1 2 dd.")
    one.page.keyboard.press("Control+Enter")
    seat.get_by_text("You answered in discussion").wait_for()
    assert box.input_value() == ""
    assert cell_count(one, 1) == executed  # the key was not the notebook's

    # Pass: the focus is in the box again, two steps before the button
    for key in ("Tab", "Tab", "Enter"):
        one.page.keyboard.press(key)
    seat.get_by_text("You passed in discussion").wait_for()

    # The third turn has a time-out, which comes while she types: the text is kept, and gets into no other discussion
    one.page.keyboard.type("I was about")
    seat.get_by_text("Your time was up").wait_for()
    assert box.input_value() == "I was about"
    assert not box.evaluate("one => one === document.activeElement")
    one.page.keyboard.type(" to say")
    assert box.input_value() == "I was about"
    well_made(one)

    one.start(5)  # what is said while a cell keeps the kernel busy is heard, at the latest when that ends
    for _ in range(3):
        seat.get_by_text("It is your turn.").wait_for()
        box.fill("Yes.")
        box.press("Control+Enter")
        one.wait_for("document.querySelector('.snb-seat textarea').value === ''")
    one.run(4)
    assert one.text(4).strip() == "finished 21 {'Dana'} ['I take the bus, 1 2 dd.'] ['passed', 'timeout']"
    seat.get_by_text("The run has ended.").wait_for()
    assert not seat.get_by_role("log").is_visible()
    well_made(one)


def test_a_person_labels_by_number_keys_over_a_reload(lab, notebook):
    comments = size(300, 20)
    lab.theme("JupyterLab Light")
    one = notebook(
        LABEL.format(theme="light", scales="snb.Likert('hostility', 1, 5)"),
        "labelling.widget(others=others)",
        "print([label.value for labels in labelling.run for label in labels.labels])\nlabelling.run.agreement(others)",
        MANY.format(discussions=comments // 10),
    )
    one.run(0)
    one.run(1)
    desk = one.output(1).locator(".snb-labeller")
    desk.get_by_text("0 of 8").wait_for()
    assert not desk.get_by_text("judge", exact=True).count()
    desk.locator(".snb-card").click()
    for done, key in enumerate("123451", start=1):
        one.page.keyboard.press(key)
        desk.get_by_text(f"{done} of 8").wait_for()
    well_made(one)
    one.page.keyboard.press("u")
    desk.get_by_text("Undone.").wait_for()
    one.save()
    one.reload()
    desk.get_by_text("5 of 8").wait_for()
    desk.locator(".snb-card").click()
    one.page.keyboard.press("2")
    desk.get_by_text("6 of 8").wait_for()
    one.page.keyboard.press("r")
    desk.get_by_text("judge", exact=True).wait_for()
    assert "record that you have seen these" in desk.inner_text()
    desk.get_by_role("button", name="4", exact=True).click()  # by mouse, and on by keyboard
    desk.get_by_text("7 of 8").wait_for()
    assert not desk.get_by_text("judge", exact=True).count()
    one.page.keyboard.press("5")
    desk.get_by_text("All done: 8 labels by Dana.").wait_for()
    assert "Krippendorff" in desk.inner_text()
    well_made(one)
    one.run(2)
    assert "[1, 2, 3, 4, 5, 2, 4, 5]" in one.text(2)
    assert "Dana – judge" in one.text(2)

    # Comments of any length, without a button that moves; one is skipped, and taken up again
    one.run(3)
    desk = one.output(3).locator(".snb-labeller")
    desk.locator(".snb-card").click()
    assert one.page.evaluate(LABEL_ON, [1, 9, comments]) == [10, []]
    one.page.keyboard.press("s")
    desk.get_by_role("button", name="1 skipped").wait_for()
    assert one.page.evaluate(LABEL_ON, [10, comments - 2, comments]) == [10, []]
    one.page.keyboard.press("k")
    desk.get_by_text("Now: skipped").wait_for()
    one.page.keyboard.press("Enter")
    desk.get_by_text("Now: skipped").wait_for(state="hidden")
    assert one.page.evaluate(LABEL_ON, [comments - 1, comments - 1, comments]) == [10, []]
    desk.get_by_text("Now: skipped").wait_for()  # it comes up by itself
    one.page.keyboard.press("4")
    desk.get_by_text(f"All done: {comments} labels by Dana.").wait_for()


def test_what_is_typed_is_no_shortcut(lab, notebook):
    lab.theme("JupyterLab Dark")
    scales = "snb.Flag('irony'), snb.FreeText('claim')"
    one = notebook(
        LABEL.format(theme="dark", scales=scales),
        "labelling.widget()",
        width=760,
    )
    one.run(0)
    one.run(1)
    desk = one.output(1).locator(".snb-labeller")
    desk.locator(".snb-card").click()
    one.page.keyboard.press("y")
    box = desk.get_by_label("Your answer")
    box.wait_for()
    assert box.evaluate("one => one === document.activeElement")
    one.page.keyboard.type("us r1 2")
    well_made(one)
    assert box.input_value() == "us r1 2"
    one.wait_idle()
    one.save()
    one.reload()
    box.wait_for()
    assert box.input_value() == "us r1 2"
    box.click()
    one.page.keyboard.press("Control+Enter")
    desk.get_by_text("2 of 16").wait_for()
    desk.get_by_text("Saved: claim us r1 2").wait_for()
    one.page.keyboard.press("n")
    desk.get_by_text("3 of 16").wait_for()
    one.page.keyboard.press("Control+Enter")
    desk.get_by_text("must be text that is not empty").wait_for()
    well_made(one)
    for key in ("Escape", "s"):
        one.page.keyboard.press(key)
    desk.get_by_role("button", name="1 skipped").wait_for()
    one.page.keyboard.press("y")
    one.wait_for("document.activeElement.matches('.snb-labeller textarea')")
    one.page.keyboard.type("half a")
    one.page.keyboard.press("Escape")
    one.page.keyboard.press("ArrowLeft")  # on a text given before, keys are keys still
    desk.get_by_text("Now: ").wait_for()
    well_made(one)
    one.page.keyboard.press("Enter")
    one.wait_for("document.querySelector('.snb-labeller textarea').value === 'half a'")


def test_payloads_are_text(lab, notebook):
    lab.theme("JupyterLab Light")
    one = notebook(HOSTILE)
    one.run(0)
    rows = one.page.locator(".snb-seat .snb-talk > li")
    rows.first.wait_for()
    texts = [clean(text) for text in PAYLOADS if text.strip()][:190]
    assert rows.locator(".snb-say").evaluate_all("all => all.map(one => one.textContent)") == texts
    assert rows.locator(".snb-name").evaluate_all("all => all.map(one => one.textContent)") == texts
    sizes = rows.evaluate_all("all => all.map(one => one.querySelectorAll('*').length)")
    assert max(sizes) - min(sizes) <= 1  # as many elements in each, but for who "you" are
    about = one.page.locator(".snb-seat .snb-about li")
    assert about.evaluate_all("all => all.map(one => one.textContent)") == texts
    assert one.page.evaluate("window.pwned") is None
