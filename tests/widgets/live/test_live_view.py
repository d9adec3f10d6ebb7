"""The widget: what its page may request, and what it is told."""

import json

import pytest
from support.slow_run import ask, wait_for


def test_the_buttons(live):
    assert ask(live, "pause") == {"id": 7}
    wait_for(lambda: live.state == "paused")
    assert ask(live, "resume") == {"id": 7}
    assert ask(live, "hold", units=[["", "discussion-00001"]]) == {"id": 7}
    assert ask(live, "skip", unit="discussion-00002") == {"id": 7}
    wait_for(lambda: [row["title"] for row in live.widget.skipped] == ["Discussion 2"])
    assert ask(live, "undo_skip", unit="discussion-00002") == {"id": 7}
    assert ask(live, "inject", unit="discussion-00000", text="Hello.") == {"id": 7}
    wait_for(lambda: "Hello." in [one["text"] for one in ask(live, "open", unit="discussion-00000")["said"]])
    assert ask(live, "stop") == {"id": 7}
    assert live.wait(60).status == "interrupted"


def test_a_discussion_is_opened_in_full_and_then_only_what_is_new(live):
    found = ask(live, "open", unit="discussion-00000")
    assert (found["title"], found["first"], found["said"][0]["badge"]) == ("Discussion 0", 0, "opening")
    length = len(found["said"])
    wait_for(lambda: ask(live, "open", unit="discussion-00000", start=length)["said"])
    assert ask(live, "open", unit="discussion-00000", start=length)["said"][0]["index"] == length


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "inject", "unit": "discussion-00000", "text": " "},
        {"kind": "skip", "unit": "discussion-00099"},
        {"kind": "open", "unit": "../../etc/passwd"},
        {"kind": "open", "condition": "nowhere", "unit": "discussion-00000"},
        {"kind": "format"},
        {},
    ],
)
def test_what_goes_wrong_is_answered_too(live, asked):
    assert ask(live, **{"kind": "", **asked})["error"]
    assert live.widget.answer(None)["error"]


def test_all_of_it_can_be_sent(live):
    widget = live.widget
    for sent in (widget.head, widget.runs, widget.cards, widget.failures, ask(live, "open", unit="discussion-00000")):
        assert json.loads(json.dumps(sent, allow_nan=False)) == sent


def test_a_name_has_the_colour_of_the_transcript(live, slow):
    from syndisco_nb.display.pages.speakers_block import speaker_looks

    (card,) = [card for card in live.widget.cards if card["title"] == "Discussion 0"]
    slow()
    seen = speaker_looks(live.wait(60)[0])
    assert {one["classes"].split()[0] for one in card["said"]} == {
        seen[one["name"]].classes.split()[0] for one in card["said"]
    }


def test_the_text_of_the_view_is_the_same_each_time(live, monkeypatch):
    import ipywidgets

    monkeypatch.setattr(ipywidgets.DOMWidget, "_repr_mimebundle_", lambda self, **_: {})
    data, _ = live.widget._repr_mimebundle_()
    assert data["text/plain"] == f"<LiveView of {str(live.folder)!r}>"
    assert "snb.watch(" in data["text/html"]
