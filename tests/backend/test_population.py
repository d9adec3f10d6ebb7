"""People drawn from microdata: as often as they should be, and the same again from the same seed."""

import random

import pandas as pd
import pytest
from support.table_bytes import spss_bytes

from syndisco_nb import sample_people
from syndisco_nb.errors import InvalidInputError, PersonaError

QUOTAS = {"sex": {"f": 0.5, "m": 0.5}, "region": {"N": 0.2, "S": 0.5, "W": 0.3}}


@pytest.fixture
def survey():
    rng = random.Random(1)
    rows = [(rng.choice("fmm"), rng.choice("NSW"), rng.randint(18, 90), rng.random()) for _ in range(400)]
    return pd.DataFrame(rows, columns=["sex", "region", "age", "weight"])


@pytest.mark.parametrize("seed", range(5))
def test_one_quota_is_met_to_the_person_and_more_as_nearly_as_can_be(survey, seed):
    one = sample_people(survey, 20, quotas={"sex": QUOTAS["sex"]}, weights="weight", seed=seed)
    assert list(one.shares.drawn) == [0.5, 0.5]
    both = sample_people(survey, 20, quotas=QUOTAS, seed=seed).shares
    assert both.target.tolist() == [0.5, 0.5, 0.2, 0.5, 0.3]
    assert (both.drawn - both.target).abs().max() <= 0.15
    assert both.data.iloc[0] == pytest.approx((survey.sex == "f").mean())


def test_weights_decide_how_often_rows_are_drawn():
    data = pd.DataFrame({"job": ["cook", "nurse", "clerk"], "w": [1, 3, 0]})
    jobs = [sample_people(data, 1, weights="w", seed=seed)[0].job for seed in range(400)]
    assert 0.185 < jobs.count("cook") / 400 < 0.315  # 1 of 4, by three standard errors; without weights 1 of 2
    assert "clerk" not in jobs


def test_the_seed_decides(survey):
    drawn = [sample_people(survey, 9, quotas=QUOTAS, seed=seed) for seed in (3, 3, 4)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_rows_become_personas(tmp_path):
    (tmp_path / "survey.csv").write_text("username,age,job\nAna,30,\nBen,,cook\n")
    people = sorted(sample_people(tmp_path / "survey.csv", 2, seed=1), key=lambda person: person.username)
    assert [person.attributes for person in people] == [
        {"username": "Ana", "age": 30},
        {"username": "Ben", "job": "cook"},
    ]


def test_a_file_is_read_as_text_and_what_stands_for_no_answer_is_left_out(tmp_path):
    file = tmp_path / "survey.csv"
    file.write_text("age;sex;party;faith\n34;1;3;None\n45;2;-9;refused\n")
    (one, other) = sorted(
        sample_people(file, 2, {"sex": {1: 0.5, 2: 0.5}}, seed=1, missing=[-9, "refused"]), key=lambda one: one.age
    )
    assert one.to_attribute_list()[1:] == ["age: 34", "sex: 1", "party: 3", "faith: None"]
    assert other.to_attribute_list()[1:] == ["age: 45", "sex: 2"]


@pytest.mark.parametrize("codes", [{1: 0.5, 2: 0.5}, {"1": 0.5, "2": 0.5}, {1.0: 0.5, 2.0: 0.5}])
def test_quotas_name_codes_as_numbers_or_as_texts(tmp_path, codes):
    survey = pd.DataFrame({"sex": [1.0, 2.0, None], "kids": [0, 1, 2]})
    survey.to_csv(tmp_path / "survey.csv", index=False)
    for data in (survey, tmp_path / "survey.csv", survey.to_dict("records")):
        people = sample_people(data, 2, {"sex": codes}, seed=1)
        assert sorted(person.kids for person in people) in ([0, 1], ["0", "1"])


def test_a_survey_is_read_as_people_are_and_drawn_by_either_name_of_a_column(tmp_path):
    file = tmp_path / "survey"
    columns = {"SEX": [1.0, 2.0, 2.0], "AGE": [34.0, 45.0, -9.0], "W": [1.0, 1.0, 0.0]}
    file.write_bytes(spss_bytes(columns, {"SEX": {1: "male", 2: "female"}}))
    shares, drawn = {"male": 0.5, "female": 0.5}, [["age: 34", "gender: male"], ["age: 45", "gender: female"]]
    people = sample_people(file, 2, {"SEX": shares}, "W", 1, [-9], columns={"gender": "SEX", "weight": "W"})
    assert sorted(person.to_attribute_list()[1:] for person in people) == drawn
    survey, labels = pd.DataFrame(columns), {"SEX": {1: "male", 2: "female"}}
    people = sample_people(survey, 2, {"gender": shares}, "W", 1, [-9], columns={"gender": "SEX"}, labels=labels)
    assert sorted(person.to_attribute_list()[1:] for person in people) == drawn
    assert "age" not in sample_people(survey, 1, weights="W", seed=1, columns=["SEX"])[0].attributes


def test_respondents_with_names_are_drawn_twice_on_request():
    people = sample_people(pd.DataFrame({"name": ["Ana"], "age": [30]}), 2, seed=1, rename=True)
    assert [person.username for person in people] == ["Ana", "Ana 2"]
    with pytest.raises(InvalidInputError, match=r"have the username 'Ana'\. Have them numbered: .*rename=True"):
        sample_people(pd.DataFrame({"name": ["Ana", "Ana"]}), 2, seed=1)


def test_a_row_that_cannot_be_a_person_is_named():
    with pytest.raises(PersonaError, match=r"^Row 2: age is '-100'"):
        sample_people(pd.DataFrame({"age": ["30", "-100"]}), 2, seed=1)


def test_bands_of_pandas_are_texts():
    data = pd.DataFrame({"age": [20, 70, None], "band": pd.cut(pd.Series([20, 70, None]), [0, 50, 99])})
    people = sample_people(data, 2, {"band": {pd.Interval(0, 50): 0.5, pd.Interval(50, 99): 0.5}}, seed=1)
    assert sorted(str(person.band) for person in people) == ["(0, 50]", "(50, 99]"]
    assert sorted(map(str, people.shares.value)) == ["(0, 50]", "(50, 99]"]


@pytest.mark.parametrize(
    ("settings", "said", "field"),
    [
        ({"number": 0}, "number is 0", "number"),
        ({"quotas": {"sx": {"f": 1}}}, "a column 'sx', which the data does not have. Did you mean 'sex'", "quotas"),
        ({"quotas": {"sex": {"x": 1}}}, "There is nobody with sex 'x'", "quotas.sex"),
        ({"quotas": {"sex": {"f": -1}}}, "quotas.sex.f is -1", "quotas.sex.f"),
        ({"quotas": {"sex": {"f": 0}}}, "add up to 0, but must add up to 1", "quotas.sex"),
        (
            {"quotas": {"sex": {"f": 0.5, "m": 0.4}}},
            "The shares of sex add up to 0.9, but must add up to 1",
            "quotas.sex",
        ),
        ({"quotas": {"sex": {"f": 51, "m": 49}}}, "add up to 100, but must add up to 1. 51% is 0.51", "quotas.sex"),
        ({"weights": "w"}, "weights names a column 'w'", "weights"),
        ({"weights": "sex"}, "The weight in row 1 is not a number", "weights"),
        (
            {"data": "none.csv"},
            r"^none\.csv cannot be read: No such file or directory\. Give a file that exists\.",
            "data",
        ),
        ({"data": []}, "data is .*, but must be a table with rows", "data"),
        ({"missing": "-9"}, "missing is '-9', but must be a list of values", "missing"),
    ],
)
def test_a_mistake_is_an_error_that_names_the_argument(survey, settings, said, field):
    with pytest.raises(InvalidInputError, match=said) as caught:
        sample_people(**{"data": survey, "number": 4, **settings})
    assert caught.value.field == field


def test_quotas_that_cannot_be_met_together_are_refused():
    data = pd.DataFrame({"sex": ["f", "m"], "region": ["N", "S"]})
    with pytest.raises(InvalidInputError, match="No weights meet all quotas"):
        sample_people(data, 2, quotas={"sex": {"f": 0.5, "m": 0.5}, "region": {"N": 0.25, "S": 0.75}})


def test_nobody_with_a_name_is_drawn_twice():
    data = pd.DataFrame({"username": ["Ana", "Ben"]})
    with pytest.raises(InvalidInputError, match="some would be drawn twice"):
        sample_people(data, 3)
