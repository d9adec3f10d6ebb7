import pytest
from support.labelled import labelled, talk
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.analysis.measures.measure_registry import MEASURES
from syndisco_nb.analysis.measures.measure_table import measures
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.records import Records

TALKS = Records([talk_of("Op: Cars?", "Ana: Why not?", "Mo: Calm!", "Ben: "), talk_of("Ana: No.", index=1)])
PLACE = ["discussion", "discussion_id", "discussion_index"]


def questions(talk):
    return sum(comment.text.count("?") for comment in talk.comments)


def test_there_is_one_row_per_discussion_and_a_column_per_measure():
    table = TALKS.measures()
    assert list(table) == PLACE + list(MEASURES)
    assert table.discussion.tolist() == ["discussion-00000", "discussion-00001"]
    assert table.length.tolist() == [2, 1]
    assert table.attrs["left_out"] == {"opening": 1, "moderator": 1, "silence": 1}
    assert table.dtypes[list(MEASURES)].map(str).to_dict() == {
        name: "string" if name == "language" else "int64" if name == "comments" else "float64" for name in MEASURES
    }


def test_an_empty_table_has_the_same_columns():
    empty, some = measures([], questions), measures(TALKS, questions)
    assert empty.dtypes.to_dict() == some.dtypes.to_dict()
    assert len(empty) == 0


def test_all_columns_are_described():
    text = snb.Run.measures.__doc__
    assert [name for name in MEASURES if f"``{name}``" not in text] == []


def test_roles_may_be_chosen_for_ones_own_too():
    assert TALKS.measures(questions, roles="all").questions.tolist() == [2, 0]
    assert TALKS.measures(questions, roles="opening").comments.tolist() == [1, 0]


def test_a_mapping_gives_several_columns():
    def signs(talk):
        text = "".join(comment.text for comment in talk.comments)
        return {"asks": text.count("?"), "first": text[:1]} | ({"stops": True} if "." in text else {})

    table = TALKS.measures(questions, signs)
    assert list(table)[-4:] == ["questions", "asks", "first", "stops"]
    assert table.asks.tolist() == [1, 0]
    assert table["first"].tolist() == ["W", "N"]
    assert table.stops.isna().tolist() == [True, False]
    assert str(table.asks.dtype) == "float64"


@pytest.mark.parametrize(
    ("own", "part"),
    [
        (["diversity"], "'diversity' is no function of a transcript. The built-in measures are all in the table"),
        ([questions, questions], "called questions, questions"),
        ([lambda talk: [1, 2]], "is [1, 2] for discussion-00000, but must be a number, a text, None"),
        ([lambda talk: talk.comments[5]], "failed for discussion-00000: IndexError"),
        ([lambda talk: {"gini": 1}], "a column 'gini', which there is already"),
        ([lambda talk: {"discussion": 1}], "a column 'discussion'"),
        ([questions, lambda talk: {"questions": 1}], "a column 'questions'"),
    ],
)
def test_wrong_functions_are_refused(own, part):
    with pytest.raises(InvalidInputError) as caught:
        TALKS.measures(*own)
    assert part in str(caught.value)


def test_labels_add_their_mean_and_slope():
    transcript = talk(texts=["Well.", "No."])
    table = measures([transcript, labelled(transcript, [1, 1, 5]), talk_of("Ana: x", index=4)])
    assert list(table)[-2:] == ["toxicity", "toxicity_slope"]
    assert table.loc[0, ["toxicity", "toxicity_slope"]].tolist() == [3, 4]
    assert table.loc[1, ["toxicity", "toxicity_slope"]].isna().all()


def test_a_study_has_columns_for_its_conditions(tmp_path):
    study = (
        snb.ExperimentBuilder(seed=1)
        .model(snb.ScriptedModel("Well."))
        .participants([snb.LLMPersona(name) for name in ("Ana", "Ben")])
        .topics(["Cars?"])
        .vary(moderator={"none": None, "calm": "Be calm."})
        .turns(2)
        .discussions(2)
        .run(tmp_path / "study")
    )
    table = study.measures(questions)
    assert list(table)[:2] == ["condition", "condition_moderator"]
    assert table.condition.tolist() == ["none", "none", "calm", "calm"]
    assert table.comments.tolist() == [2] * 4
