from dataclasses import replace

import pytest

from examples import a_page
from syndisco_nb.display.page import Conversation, Prompt
from syndisco_nb.display.writers.html_elements import (
    facts_list,
    initials,
    initials_circle,
    prompt_messages,
    role_badge,
    speaker_name,
)

(TALK,) = [block for block in a_page().blocks if isinstance(block, Conversation)]


@pytest.mark.parametrize(
    ("name", "letters"), [("", ""), ("maya", "M"), ("Ana Maria Luz", "AM"), ("7", "7"), ("‹x› y", "‹"), ("字 x", "字X")]
)
def test_initials_are_one_or_two_letters(name, letters):
    assert initials(name) == letters


def test_names_and_faces_are_escaped():
    assert speaker_name("<b>", "a & b") == '<b class="snb-name" title="a &amp; b"><bdi>&lt;b&gt;</bdi></b>'
    assert initials_circle("<") == '<span class="snb-face" data-i="&lt;"></span>'


def test_facts_are_escaped_and_isolated_from_the_direction_of_the_text_around():
    assert facts_list([("<a>", "<b>")], "x") == (
        '<dl class="x"><div style="clear:both"><dt>&lt;a&gt;</dt> <dd><bdi>&lt;b&gt;</bdi></dd></div></dl>'
    )


@pytest.mark.parametrize(("role", "shown"), [("participant", False), ("moderator", True), ("ben", False)])
def test_a_role_is_shown_unless_it_is_usual_or_the_name_says_it(role, shown):
    badge = role_badge(replace(TALK.entries[1], role=role))
    assert badge == (f'<span class="snb-badge">{role}</span>' if shown else None)


def test_a_prompt_shows_its_facts_and_every_message_escaped():
    markup = prompt_messages(TALK.entries[1].prompt)
    assert markup.startswith(
        '<dl class="snb-facts"><div style="clear:both"><dt>seed</dt> <dd><bdi>7</bdi></dd></div></dl>'
    )
    assert markup.count('class="snb-role"') == 3
    assert "Be &lt;brief&gt;." in markup
    assert prompt_messages(Prompt("", ())) == '<div class="snb-chat"></div>'
