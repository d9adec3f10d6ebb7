import pytest
from support.hand_made_studies import labelled, of_conditions, talk, talks

from syndisco_nb.analysis.descriptive_table import descriptive_table
from syndisco_nb.errors import InvalidInputError


def test_each_condition_has_a_column_and_all_another():
    study = of_conditions(
        {
            "none": [talk(0, "none", turns=3), talk(1, "none", turns=3, silences=1)],
            "host": [talk(0, "host", turns=3, text="Well, well, {turn}.")],
        }
    )
    labels = labelled({"none": [[1, 2, 3], [3, 3]], "host": [[5, 5, 5]]})
    table = descriptive_table([study, labels])
    assert table.to_dict() == {
        "none": {
            "Discussions": "2",
            "Comments": "5",
            "Participants per discussion": "2.00 (0.00)",
            "Comments per discussion": "2.50 (0.71)",
            "Words per comment": "2.00 (0.00)",
            "Silences": "1 (17%)",
            "Truncated comments": "0",
            "Moderators' comments": "0",
            "Toxicity": "2.50 (0.71)",
        },
        "host": {
            "Discussions": "1",
            "Comments": "3",
            "Participants per discussion": "2.00",
            "Comments per discussion": "3.00",
            "Words per comment": "3.00",
            "Silences": "0",
            "Truncated comments": "0",
            "Moderators' comments": "0",
            "Toxicity": "5.00",
        },
        "all": {
            "Discussions": "3",
            "Comments": "8",
            "Participants per discussion": "2.00 (0.00)",
            "Comments per discussion": "2.67 (0.58)",
            "Words per comment": "2.33 (0.58)",
            "Silences": "1 (11%)",
            "Truncated comments": "0",
            "Moderators' comments": "0",
            "Toxicity": "3.33 (1.53)",
        },
    }
    assert table.attrs["left_out"] == {"opening": 3, "silence": 1}


def test_one_discussion_alone_has_one_column():
    assert list(descriptive_table(talk(0))) == ["all"]
    assert list(descriptive_table(talks({"none": 1}))) == ["none"]


def test_labels_without_discussions_have_no_table():
    with pytest.raises(InvalidInputError, match="There are no discussions to describe"):
        descriptive_table(labelled({"none": [[1]]}))


def test_the_table_is_written_with_its_notes(tmp_path):
    text = talks({"none": 2, "host": 2}).table(tmp_path / "one.tex").read_text("utf-8")
    assert r"\caption{Discussions by condition.}" in text
    assert "Not counted as comments: 4 openings." in text
