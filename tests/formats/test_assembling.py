"""One corpus from many files."""

import os
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.talks import talk_of

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.assembling import Assembly, numbered
from syndisco_nb.formats.foreign_format import FileContents, LooseLabels
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import AnnotationSet, Participant
from syndisco_nb.records.unit_names import annotation_name, is_unit_name

TALK = talk_of("Ana: Why?")


def labels(annotator="", index=0):
    return AnnotationSet("talk-0", "", index, None, Participant(annotator, "annotator", "m"))


def test_files_alike_in_several_folders_are_all_named_by_their_path():
    assembly = Assembly()
    for place in ("1.0/talk", "2.0/talk", "2.1/Talk", "2.1/other"):
        assembly.add(SourceFile(Path(f"{place}.json"), f"{place}.json"), FileContents([TALK], [labels()]))
    corpus = assembly.corpus(None)
    assert corpus.names == ["1.0_talk", "2.0_talk", "2.1_Talk", "other"]
    assert [one.discussion for one in corpus.annotations] == corpus.names


def test_names_and_ids_are_made_unique_and_safe():
    assembly = Assembly()
    assembly.add(SourceFile(Path("x/a.json")), FileContents([TALK], [labels()]))
    assembly.add(SourceFile(Path("x/y/a.json"), "y/a.json"), FileContents([TALK], [labels()]))
    assembly.add(SourceFile(Path("z.json")), FileContents([talk_of(known_as="one/two"), talk_of(index=1)]))
    corpus = assembly.corpus(None)
    assert corpus.names == ["a", "y_a", "one_two", "z-00001"]
    assert [talk.index for talk in corpus] == [0, 1, 2, 3]
    assert [talk.id for talk in corpus] == ["talk-0", "talk-0-2", "talk-0-3", "talk-1"]
    assert [(one.discussion, one.discussion_id, one.index) for one in corpus.annotations] == [
        ("a", "talk-0", 0),
        ("y_a", "talk-0-2", 0),
    ]


def test_annotators_described_alike_are_kept_apart():
    sets = numbered([labels("J"), labels("J"), labels("K"), labels("J", index=1)])
    assert [one.index for one in sets] == [0, 1, 2, 3]


def test_labels_find_their_discussion_in_their_own_folder_first():
    def about(discussions):
        if not discussions.with_id("talk-0"):
            raise RecordError("Not here.")
        talk = discussions.with_id("talk-0")[0]
        return [replace(labels(), discussion=talk.name, discussion_id=talk.id)]

    assembly = Assembly()
    for place in ("x/a.json", "y/b.json"):
        assembly.add(SourceFile(Path(place)), FileContents([TALK]))
    for place in ("y/labels.json", "z/labels.json"):
        assembly.add(SourceFile(Path(place)), FileContents(labels=[LooseLabels(about)]))
    assert [one.discussion_id for one in assembly.corpus(None).annotations] == ["talk-0-2", "talk-0"]


@given(st.lists(st.text() | st.sampled_from(["..", ".a", "a/b", "A", "a", "x" * 300, "字" * 300, "a-2"]), max_size=8))
def test_names_are_names_of_files_that_no_disk_takes_for_one(names):
    assembly = Assembly()
    for place, name in enumerate(names):
        assembly.add(SourceFile(Path("talk.json")), FileContents([talk_of("Ana: Why?", id=f"{place}", known_as=name)]))
    made = assembly.corpus(None).names
    assert len({name.casefold() for name in made}) == len(names)
    for name in made:
        assert 0 < len(os.fsencode(name)) < 180
        assert is_unit_name(annotation_name(name, 0))
        assert Path(name).name == name
        assert not name.startswith(".")


def test_many_files_of_one_name_are_named_quickly_and_ids_keep_their_case():
    assembly = Assembly()
    for number in range(3_000):
        assembly.add(SourceFile(Path(f"{number}/log.json")), FileContents([talk_of(id="Ab" if number % 2 else "aB")]))
    corpus = assembly.corpus(None)
    assert corpus.names[::1_000] == ["log", "log-1001", "log-2001"]
    assert [talk.id for talk in corpus][:4] == ["aB", "Ab", "aB-2", "Ab-2"]


def test_a_reason_is_bounded_whatever_was_found_in_the_file():
    assembly = Assembly()
    assembly.skip("a.json", "It holds " + "x" * 5_000)
    (skipped,) = assembly.corpus(None).skipped
    assert len(skipped.reason) == 600
