"""Discussions that were read into memory."""

import pytest
from support.experiments import judge
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.errors import UnknownItemError
from syndisco_nb.records import Records
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.sources import gather

TALK = talk_of("Ana: Why?", "Ben: No.")


@pytest.fixture
def corpus():
    labels = snb.Annotation(judge(name="J"), TALK, snb.Likert("toxicity", 1, 5), seed=1).run()
    return snb.Corpus([TALK], [labels], [Skipped("a.txt", "It is empty.")])


def test_it_is_a_sequence_of_transcripts(corpus):
    assert (len(corpus), corpus[0], corpus[-1]) == (1, TALK, TALK)
    assert isinstance(corpus[:1], Records)
    assert corpus.names == ["discussion-00000"]
    with pytest.raises(UnknownItemError, match=r"There is no corpus\[1\]: it has 1 discussion"):
        corpus[1]


def test_it_is_analysed_with_its_labels(corpus):
    material = gather(corpus)
    assert (len(material.transcripts), len(material.labels)) == (1, 1)
    assert len(corpus.to_dataframe()) == len(TALK.messages)
    assert set(corpus.to_dataframe("labels").annotator) == {"J"}


def test_it_says_how_much_it_holds_and_what_was_skipped(corpus):
    assert repr(corpus) == f"<Corpus: 1 discussion, {len(TALK)} comments, 1 annotation set, 1 file skipped>"
    page = corpus._repr_mimebundle_()["text/plain"]
    assert "a.txt" in page
    assert "It is empty." in page
