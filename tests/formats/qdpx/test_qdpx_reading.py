"""Projects of QDA programs as discussions and labels."""

import zipfile
from dataclasses import replace

import pytest
from support.hand_made_studies import labels_of, talk
from support.qda_projects import USERS, code, codebook, coding, part, qda_file, source, sources

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import ReadOptions
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.load_files import read_source
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import Records

TEXT = "Ana: I would not say so.\r\n\r\nBen Li: Well 🙂, why?\r\nOh.\r\n\r\nNobody knows.\r\n"
CODED = [part(5, 12, coding("joke"), coding("joke", "v")), part(30, 52, coding("2")), part(20, 45, coding("joke", "v"))]


def project(path, *inside, codes=(), text=TEXT, name="p.qdpx"):
    book = codebook(code("joke"), code("heat", code("1"), code("2")), *codes)
    return qda_file(path / name, USERS + book + sources(source("talk", *inside)), talk=text)


def test_a_project_alone_is_a_corpus(tmp_path):
    corpus = snb.load(project(tmp_path, *CODED))
    assert [(one.name, one.text, one.role, one.model) for one in corpus[0].messages] == [
        ("Ana", "I would not say so.", "participant", "human"),
        ("Ben Li", "Well 🙂, why?\nOh.", "participant", "human"),
        ("Ben Li", "Nobody knows.", "participant", "human"),
    ]
    assert (corpus.names, [user.name for user in corpus[0].users]) == (["talk"], ["Ana", "Ben Li"])
    found = [
        (labels.annotator_name, [(one.comment, one.scale, one.value) for one in labels.labels])
        for labels in corpus.annotations
    ]
    assert found == [("Dana", [(0, "joke", True), (1, "heat", 2)]), ("Emil", [(0, "joke", True), (1, "joke", True)])]


def test_labels_join_the_discussions_at_hand(tmp_path):
    corpus = snb.load(project(tmp_path, name="first.qdpx"))
    contents = read_source(SourceFile(project(tmp_path, *CODED)), ReadOptions())
    sets = contents.labels[0].join(FoundDiscussions(list(corpus)))
    assert [one.discussion_id for one in sets] == [corpus[0].id] * 2
    by_name = contents.labels[0].join(FoundDiscussions([replace(corpus[0], id="another")]))
    assert [one.discussion_id for one in by_name] == ["another"] * 2
    other = snb.load(project(tmp_path, text="Ana: Something else.", name="other.qdpx"))
    with pytest.raises(RecordError, match="the text of 'talk' is not that of the discussion"):
        contents.labels[0].join(FoundDiscussions(list(other)))
    with pytest.raises(RecordError, match="none of its sources is one of these discussions: talk"):
        contents.labels[0].join(FoundDiscussions([]))


def test_sources_without_text_are_named(tmp_path):
    picture = '<PictureSource guid="i" name="photo"/>'
    with pytest.warns(UserWarning, match="photo left out"):
        snb.load(qda_file(tmp_path / "p.qdpx", sources(picture, source("talk")), talk="Ana: Why?"))
    with (
        pytest.warns(UserWarning, match="photo left out"),
        pytest.raises(RecordError, match="is a QDA project without a text"),
    ):
        snb.load(qda_file(tmp_path / "q.qdpx", sources(picture)))


def test_codes_of_a_person_validate_the_labels_of_a_model(tmp_path):
    study = [talk(index) for index in range(3)]
    labels = Records(labels_of(index, [2, 4, 1]) for index in range(3))
    file = Records([*study, *labels]).to_qdpx(tmp_path / "out.qdpx")
    with zipfile.ZipFile(file) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    coded = texts["project.qde"].replace('name="judge" id="judge"', 'name="Dana" id="D"')
    with zipfile.ZipFile(tmp_path / "coded.qdpx", "w") as archive:
        for name, text in {**texts, "project.qde": coded}.items():
            archive.writestr(name, "\ufeff" + text.replace("\n", "\r\n") if name.startswith("sources") else text)
    by_hand = snb.load_labels(tmp_path / "coded.qdpx", study)
    assert {(one.annotator.name, one.annotator.model) for one in by_hand} == {("Dana", "human")}
    assert snb.agreement(labels, by_hand).to_dataframe().alpha[0] == 1
    assert labels.validate(by_hand).to_dataframe().value.max() == 1
    with pytest.warns(UserWarning, match=r"labels of discussions that are not here are left out: discussion-00001, "):
        assert {one.discussion for one in snb.load_labels(tmp_path / "coded.qdpx", study[:1])} == {"discussion-00000"}
