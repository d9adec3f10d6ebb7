"""Discussions and labels as a project for QDA programs."""

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_made_studies import labels_of, of_conditions, talk

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.formats.qdpx.qdpx_writing import write_qdpx
from syndisco_nb.records import Participant, Records

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "refi_qda" / "Project.xsd")
MO = Participant("Mo", "user", "m2", ("age: 40", "kind"))


def project_of(file):
    with zipfile.ZipFile(file) as archive:
        return archive.read("project.qde").decode()


def a_study():
    """Return discussions and labels of a study: three scales, one of them of texts, by two annotators."""
    talks, labels = {}, {}
    for condition in ("none", "host"):
        talks[condition] = [replace(talk(index, condition, silences=1), moderator=MO) for index in range(2)]
        labels[condition] = [
            *[labels_of(index, [2, 4], condition) for index in range(2)],
            labels_of(0, ["odd", "a\nb"], condition, 1, "Dana", snb.FreeText("memo", "Why?")),
            labels_of(0, ["for"], condition, 1, "Dana", snb.Choice("side", ["against", "for"])),
        ]
    return of_conditions(talks), of_conditions(labels)


def all_of(*studies):
    return Records(one for study in studies for records in study.values() for one in records)


def seen(labels):
    return sorted(
        (one.discussion_id, one.annotator.name, label.key, label.value, label.text, label.options)
        for one in labels
        for label in one.labels
    )


def test_a_project_follows_the_published_schema_and_is_the_same_each_time(tmp_path):
    records = all_of(*a_study())
    file = records.to_qdpx(tmp_path / "a.qdpx")
    SCHEMA.validate(project_of(file))
    assert records.to_qdpx(tmp_path / "b" / "a.qdpx").read_bytes() == file.read_bytes()


def test_discussions_and_labels_come_back(tmp_path):
    talks, labels = a_study()
    corpus = snb.load(all_of(talks, labels).to_qdpx(tmp_path / "a.qdpx"))
    for one, back in zip(all_of(talks), corpus, strict=True):
        assert back.comments == tuple(replace(comment, generation=None) for comment in one.comments)
        assert (back.id, back.topic, back.moderator) == (one.id, one.topic, one.moderator)
        assert set(back.users) == set(one.users)
    assert seen(corpus.annotations) == seen(all_of(labels))
    by_name = {one.annotator.name: one.annotator for one in corpus.annotations}
    assert by_name == {name: Participant(name, "annotator", name) for name in ("judge", "Dana")}
    assert corpus.annotations[0].settings["scales"] == labels["none"][0].settings["scales"]


def test_scales_of_one_name_are_one_code_and_labels_of_participants_are_left_out(tmp_path):
    sets = [labels_of(0, [2], scale=snb.Likert("heat", 1, 3)), labels_of(1, [5], scale=snb.Likert("heat", 3, 5))]
    of_ana = replace(labels_of(0, [1]).labels[0], unit="participant", comment=None, name="Ana", scale="heat")
    sets.append(replace(sets[0], index=1, labels=(of_ana,)))
    corpus = snb.load(Records([talk(0), talk(1), *sets]).to_qdpx(tmp_path / "a.qdpx"))
    assert [[label.value for label in one.labels] for one in corpus.annotations] == [[2], [5]]
    assert corpus.annotations[0].labels[0].options == tuple("12345")


def test_conditions_are_variables_and_speakers_cases(tmp_path):
    talks, _ = a_study()
    file = write_qdpx(talks, tmp_path / "a.qdpx")
    root = ElementTree.fromstring(project_of(file))  # noqa: S314  # our own
    assert [case.get("name") for case in root.iter("{urn:QDA-XML:project:1.0}Case")] == ["Ana", "Ben", "Mo"]
    corpus = snb.load(file)
    assert [name.partition(".")[0] for name in corpus.names] == ["none", "none", "host", "host"]
    assert corpus[3].meta == {"condition": "host", "condition_moderator": "host"}


def test_a_wrong_ending_and_nothing_at_all_are_refused(tmp_path):
    with pytest.raises(InvalidInputError, match=r"must end in \.qdpx"):
        talk(0).to_qdpx(tmp_path / "a.zip")
    with pytest.raises(InvalidInputError, match="no discussion to write"):
        Records().to_qdpx(tmp_path / "a.qdpx")


CHARACTERS = st.characters(codec="utf-8", exclude_characters="\r")
NAMES = st.text(CHARACTERS, max_size=4)
TEXTS = st.text(CHARACTERS, min_size=1, max_size=8)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=4), TEXTS)
def test_any_text_comes_back_and_follows_the_schema(said, memo):
    plain = talk(0, turns=len(said))
    comments = [plain.comments[0]] + [
        replace(one, name=name, text=text) for one, (name, text) in zip(plain.comments[1:], said, strict=True)
    ]
    given = replace(plain, comments=tuple(comments))
    labels = labels_of(0, [memo] * len(said), scale=snb.FreeText("memo"))
    with tempfile.TemporaryDirectory() as folder:
        file = Records([given, labels]).to_qdpx(Path(folder) / "a.qdpx")
        SCHEMA.validate(project_of(file))
        corpus = snb.load(file)
    assert [(one.index, one.name, one.text) for one in corpus[0]] == [(one.index, one.name, one.text) for one in given]
    assert len(corpus.annotations[0].labels) == len(said)
