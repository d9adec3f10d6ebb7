import re
from dataclasses import replace

from examples import a_page
from syndisco_nb.display.page import Conversation, SideBySide
from syndisco_nb.display.writers.html_conversation import conversation_list, side_by_side_table

(TALK,) = [block for block in a_page().blocks if isinstance(block, Conversation)]
(BOTH,) = [block for block in a_page().blocks if isinstance(block, SideBySide)]
REPLY = TALK.entries[1]


def written(entry):
    return conversation_list(Conversation("", (entry,)))


def test_messages_are_a_list_in_order_with_gaps_and_silences():
    items = re.findall(r"<li(?: class=\"([^\"]*)\")?>(?!<i )", conversation_list(TALK))
    assert items == ["", "", "snb-gap", "snb-quiet"]
    assert "<bdi>Cem</bdi> silent · turn 2" in conversation_list(TALK)


def test_a_message_has_its_marks_and_the_line_of_its_speaker():
    markup = written(REPLY)
    assert '<span class="snb-when"> turn 1</span>' in markup
    assert '<span class="snb-badge snb-cut">cut off</span>' in markup
    assert f"border-left:{REPLY.look.border}" in markup
    assert "snb-when" not in written(TALK.entries[0])


def test_silences_that_follow_each_other_are_one_line_which_opens_where_there_are_prompts():
    silences = tuple(
        replace(REPLY, name=name, turn=turn, silent=True) for name, turn in (("Mo", 3), ("Cem", 4), ("Mo", 5))
    )
    markup = conversation_list(Conversation("", (REPLY, *silences, TALK.entries[0])))
    assert markup.count('<li class="snb-quiet">') == 1
    assert "<summary><span><bdi>Mo, Cem</bdi> silent · turns 3–5</span></summary>" in markup
    assert re.findall(r'class="snb-h"><bdi>(\w+)</bdi> · (turn \d)', markup) == [
        ("Mo", "turn 3"),
        ("Cem", "turn 4"),
        ("Mo", "turn 5"),
    ]
    (one,) = silences[:1]
    assert "snb-h" not in written(one)
    assert "<details>" not in written(replace(one, prompt=None))


def test_sides_share_a_row_and_the_same_stands_once():
    markup = side_by_side_table(BOTH)
    assert re.findall(r"<th scope=\"col\"><bdi>(.*?)</bdi></th>", markup) == ["turn", "parent", "fork"]
    assert markup.count('<tr><td class="snb-when">') == 2
    assert '<td class="snb-same">the same</td>' in markup
    assert markup.count(" silent") == 1
