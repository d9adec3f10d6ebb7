"""Actions of the page are carried out and answered; errors become news."""

import pytest

import syndisco_nb as snb
from syndisco_nb.display.colours import looks
from syndisco_nb.records import Message
from syndisco_nb.widgets.human.person_widget import PersonWidget, talk_rows


class Bell(PersonWidget):
    """Rings, or breaks."""

    _esm = "export default { render() {} }"
    actions = ("ring", "break")

    def __init__(self):
        self.rung = []
        super().__init__(snb.ScriptedModel("Ding."))

    def refresh(self):
        self._show([], {"rung": len(self.rung)})

    def _ring(self, action):
        self.rung.append((action.at, action.text))
        self.set_news(f"It rang at {action.at}.")

    def _break(self, action):
        raise snb.errors.InvalidInputError("The bell is broken.")


@pytest.fixture
def bell():
    return Bell()


def test_an_action_is_carried_out_and_answered(bell):
    bell.receive({"kind": "ring", "id": "7", "at": "noon", "text": "twice"})
    assert bell.rung == [("noon", "twice")]
    assert bell.asked == {"rung": 1, "news": "It rang at noon.", "bad": False, "heard": "7"}


def test_an_action_nobody_waits_for_leaves_the_last_one_answered(bell):
    bell.receive({"kind": "ring", "id": "7"})
    bell.receive({"kind": "ring"})
    assert (bell.asked["heard"], bell.asked["rung"]) == ("7", 2)


def test_a_draft_is_kept_and_is_no_action(bell):
    bell.receive({"kind": "draft", "text": "I thi"})
    assert (bell.draft, bell.rung, bell.asked) == ("I thi", [], {})


@pytest.mark.parametrize(
    ("content", "news"),
    [
        ({"kind": "break", "id": "8"}, "The bell is broken."),
        ({"kind": "refresh", "id": "8"}, "'refresh' is none of: ring, break."),
        ({"kind": "ring", "volume": 3}, "ValidationError"),
        (None, "ValidationError"),
    ],
)
def test_an_error_becomes_news(bell, content, news):
    bell.receive(content)
    assert news in bell.asked["news"]
    assert bell.asked["bad"]
    assert bell.rung == []


def test_without_a_kernel_the_object_behind_it_is_shown(bell):
    data, _ = bell._repr_mimebundle_()
    assert data["text/html"] == snb.ScriptedModel("Ding.")._repr_mimebundle_()["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_very_long_talk_is_shown_from_its_end():
    messages = [Message(n, n, "Ana", f"{n} {'x' * 30_000}", "m") for n in range(250)]
    rows = talk_rows(messages, looks(["Ana"]))
    assert rows[0] == {"gap": "50 earlier messages not shown"}
    assert (len(rows), rows[1]["text"][:3]) == (201, "50 ")
    assert max(len(row["text"]) for row in rows[1:]) < 21_000


def test_a_row_is_drawn_as_in_a_transcript_and_ones_own_is_marked():
    messages = [
        Message(0, 0, "Ana", "Tax?", "m", "opening"),
        Message(1, 1, "Mo", "Calm.", "m", "moderator"),
        Message(2, 2, "Moderator", "Calm!", "m", "moderator"),
        Message(3, 3, "Ana", "", "m", silent=True),
        Message(4, 4, "Ana", "Not me.", "m", "guest"),
    ]
    rows = talk_rows(messages, looks(["Ana"]), me="Ana")
    assert [row["badge"] for row in rows] == ["opening", "moderator", "", "", "guest"]
    assert [row["own"] for row in rows] == [True, False, False, True, False]
    assert [row["silent"] for row in rows] == [False, False, False, True, False]
    assert rows[0]["classes"] == looks(["Ana"])["Ana"].classes
