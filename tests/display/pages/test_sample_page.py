"""The page of a sample of comments."""

import pytest

import syndisco_nb as snb
from examples import talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Table
from syndisco_nb.display.pages.sample_page import comment_sample_page


@pytest.fixture
def sample():
    return snb.sample_comments(talk(12), 4, seed=1)


def test_it_says_what_was_drawn_of_what(sample):
    page = comment_sample_page(sample, Limits())
    drawn, comments = (block for block in page.blocks if isinstance(block, Table))
    population = sum(sample.population.values())
    assert page.title == f"4 of {population} comments, at random"
    assert dict(page.facts) == {"seed": "1", "comments of": "participants", "left out": str(sample.left_out)}
    assert drawn.rows == (("all", population, 4),)
    assert [row[1] for row in comments.rows] == [message.text.strip() for message in sample]


def test_comments_beyond_the_limit_are_said(sample):
    assert comment_sample_page(sample, Limits(max_items=3)).blocks[-1].more == "1 more in .messages()"


def test_too_few_comments_are_said():
    page = comment_sample_page(snb.sample_comments(talk(12), 400), Limits())
    (note,) = (block for block in page.blocks if isinstance(block, Note))
    assert note.text == "All comments of the discussions are in the sample, fewer than asked for."
