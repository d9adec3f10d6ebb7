import pytest
from support.experiments import discuss, judge, person
from support.foreign import foreign_corpus

import syndisco_nb as snb
from syndisco_nb.display.options import Limits
from syndisco_nb.display.pages.listed_sources import finished_sources, unfinished_sources
from syndisco_nb.errors import RecordError
from syndisco_nb.runs.layout import journal_path
from syndisco_nb.runs.serialization import to_line


@pytest.fixture
def talks(tmp_path):
    return discuss([person("Ana"), person("Ben")]).begin(tmp_path / "talks")


def test_records_of_a_run_are_read_with_their_labels_when_asked(talks, tmp_path):
    labels = snb.AnnotationExperiment([judge()], snb.Likert("tone", 1, 3), seed=1).begin(talks, tmp_path / "labels")
    sources = finished_sources(talks, Limits(), "run", labels)
    assert [source.where for source in sources] == ["run[0]", "run[1]", "run[2]"]
    assert [source.read() for source in sources] == [(talk, [given]) for talk, given in zip(talks, labels, strict=True)]
    files = [talks.folder / f"{talks.names[1]}.json", labels.folder / f"{labels.names[1]}.json"]
    assert sources[1].size == sum(file.stat().st_size for file in files)
    assert finished_sources(talks, Limits(max_items=1), "run")[1].size == 0


def test_records_of_a_corpus_and_of_a_list_are_in_memory():
    corpus = foreign_corpus(2)
    first = finished_sources(corpus, Limits(), "corpus", corpus.annotations)[0]
    assert (first.size, first.read()[0], len(first.read()[1])) == (0, corpus[0], 2)
    assert finished_sources(corpus[:1], Limits(), "this")[0].read() == (corpus[0], ())


def test_unfinished_ones_say_why_they_are(talks):
    journal_path(talks.folder, "discussion-00007").write_bytes(b"".join(map(to_line, talks[0].messages[:2])))
    journal_path(talks.folder, "discussion-00006").write_bytes(b"broken\n")
    journal_path(talks.folder, "discussion-00009").write_bytes(b"")
    sources = unfinished_sources(talks, {"discussion-00007": "OSError"}, "stopped")
    assert [(source.where, source.state) for source in sources] == [
        ("discussion 6", "stopped"),
        ("run.unfinished[0]", "failed: OSError"),
    ]
    talk, _ = sources[1].read()
    assert (talk, talk.cast) == (talks.unfinished[0], talks.cast)
    with pytest.raises(RecordError, match="damaged from the first line on"):
        sources[0].read()
