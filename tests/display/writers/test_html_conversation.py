import re
from dataclasses import replace

import pytest

from examples import a_page
from syndisco_nb.display.page import Conversation, SideBySide
from syndisco_nb.display.writers.html_conversation import conversation_list, side_by_side_table

(TALK,) = [block for block in a_page().blocks if isinstance(block, Conversation)]
(BOTH,) = [block for block in a_page().blocks if isinstance(block, SideBySide)]
REPLY = TALK.entries[1]


def written(entry):
    return conversation_list(Conversation("", (entry,)))


def test_messages_are_a_list_in_order_with_gaps_and_silences():
    items = re.findall(r"<li(?: class=\"([^\"]*)\")?>", conversation_list(TALK))
    assert items == ["", "", "snb-gap", "snb-quiet"]
    assert "<bdi>Cem</bdi> says nothing · turn 2" in conversation_list(TALK)


def test_a_message_has_its_marks_and_the_line_of_its_speaker():
    markup = written(REPLY)
    assert '<span class="snb-when"> turn 1</span>' in markup
    assert '<span class="snb-badge snb-cut">cut off</span>' in markup
    assert f"border-left:{REPLY.look.border}" in markup
    assert "snb-when" not in written(TALK.entries[0])


@pytest.mark.parametrize(
    ("text", "shown", "folded"),
    [
        ("x" * 1200, "x" * 1200, ""),
        ("x" * 1201, "x" * 900, "x" * 301),
        ("word " * 300, "word " * 180, "word " * 120),
        ("<" * 1300, "&lt;" * 900, "&lt;" * 400),
    ],
)
def test_the_end_of_a_long_comment_is_folded_and_nothing_is_lost(text, shown, folded):
    markup = written(replace(REPLY, text=text, ratings=(), prompt=None))
    body = re.search(
        r'class="snb-say"[^>]*>(.*?)(?:<details class="snb-more">.*?</summary>(.*?)</details>)?</div>', markup
    )
    assert (body[1], body[2] or "") == (shown, folded)


def test_the_answers_of_all_annotators_stand_below_with_the_unread_one_as_it_was():
    markup = written(REPLY)
    assert "<b><bdi>1</bdi></b>" in markup
    assert "<b>no label</b> in <q>none of it</q>" in markup
    assert 'title="1 25%"' in markup
    assert "why these labels" not in markup
    (rating,) = REPLY.ratings
    explained = replace(rating, answers=(replace(rating.answers[0], prompt=REPLY.prompt),))
    assert written(replace(REPLY, ratings=(explained,))).count("why these labels") == 1


def test_disagreement_is_said_in_words():
    (rating,) = REPLY.ratings
    two = replace(rating, answers=(rating.answers[0], replace(rating.answers[0], value="2")))
    assert "≠ they disagree" in written(replace(REPLY, ratings=(two,)))
    assert "≠" not in written(REPLY)


def test_sides_share_a_row_and_the_same_stands_once():
    markup = side_by_side_table(BOTH)
    assert re.findall(r"<th scope=\"col\"><bdi>(.*?)</bdi></th>", markup) == ["turn", "parent", "fork"]
    assert markup.count("<tr>") == 3
    assert '<td class="snb-same">the same</td>' in markup
    assert markup.count("says nothing") == 1
