"""A corpus, saved and loaded again."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import ANNOTATION_SETS, TRANSCRIPTS
from support.foreign import foreign_corpus

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError


def test_a_loaded_corpus_comes_back_equal(tmp_path):
    first = snb.load(foreign_corpus().save(tmp_path / "first"))
    again = snb.load(first.save(tmp_path / "again"))
    assert (list(again), list(again.annotations), again.skipped) == (list(first), list(first.annotations), [])
    assert first.names == foreign_corpus().names
    assert list(first.annotations) == list(foreign_corpus().annotations)


def test_a_cleaned_corpus_says_which_labels_have_lost_their_discussion(tmp_path):
    corpus = foreign_corpus()
    cleaned = snb.Corpus([talk for talk in corpus if talk.index != 1], corpus.annotations)
    loaded = snb.load(cleaned.save(tmp_path / "cleaned"))
    assert loaded.names == [corpus.names[0], corpus.names[2]]
    assert [one.file for one in loaded.skipped] == ["labels-00002.json", "labels-00003.json"]


def test_a_folder_with_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("Chapter 1")
    with pytest.raises(InvalidInputError, match=r"holds thesis\.txt, which would be mixed"):
        foreign_corpus().save(tmp_path)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(TRANSCRIPTS, min_size=1, max_size=3, unique_by=lambda talk: talk.id), st.lists(ANNOTATION_SETS, max_size=3)
)
def test_any_corpus_comes_back_with_all_that_its_records_hold(tmp_path_factory, talks, sets):
    folder = tmp_path_factory.mktemp("saved") / "corpus"
    about = [replace(one, discussion_id=talks[0].id) for one in sets]
    first = snb.load(snb.Corpus(talks, about).save(folder))
    assert first.skipped == []
    assert [one.comments for one in first] == [one.comments for one in talks]
    assert [one.meta for one in first] == [one.meta for one in talks]
    again = snb.load(first.save(folder.with_name("again")))
    assert (list(again), list(again.annotations)) == (list(first), list(first.annotations))
