import pytest

from syndisco_nb.records.unit_names import (
    annotation_name,
    annotation_parts,
    discussion_index,
    discussion_name,
    is_unit_name,
    unit_text,
)


@pytest.mark.parametrize("index", [0, 7, 99_999, 100_000])
def test_a_discussion_name_gives_its_index_back(index):
    assert discussion_index(discussion_name(index)) == index
    assert is_unit_name(discussion_name(index))


@pytest.mark.parametrize(
    "name",
    [
        "discussion-7",
        "discussion-000007",
        "discussion-",
        "00007",
        "discussion-00007.annotator-01",
        "discussion-0000٣",
        "",
    ],
)
def test_other_names_have_no_index(name):
    assert discussion_index(name) is None


@pytest.mark.parametrize("discussion", ["discussion-00007", "talk", "a.annotator-01"])
def test_an_annotation_name_gives_its_parts_back(discussion):
    name = annotation_name(discussion, 3)
    assert annotation_parts(name) == (discussion, 3)
    assert is_unit_name(name)


@pytest.mark.parametrize("name", ["discussion-00007", "x.annotator-", "x.annotator-a", ".annotator-01", ""])
def test_other_names_have_no_parts(name):
    assert annotation_parts(name) is None


@pytest.mark.parametrize("name", ["../discussion-00007.annotator-01", "a/b.annotator-01", "a\\b.annotator-01", "notes"])
def test_no_unit_name_leads_elsewhere(name):
    assert not is_unit_name(name)


def test_a_page_says_the_name_of_a_unit_as_people_do():
    assert unit_text("discussion-00012") == "discussion 12"
    assert unit_text("facilitator+long.discussion-00003.annotator-00") == "facilitator+long, discussion 3, annotator 0"
    assert unit_text("notes.old") == "notes.old"
