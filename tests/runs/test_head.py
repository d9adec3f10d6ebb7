import json
from dataclasses import replace

import pytest

from syndisco_nb.errors import NewerVersionError, RecordError
from syndisco_nb.records import Generation, Message
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.file_format import RUN_VERSION
from syndisco_nb.runs.head import RunHead, head_file, head_is_intact, parsed_head, participant_names, read_head


@pytest.fixture
def head():
    return RunHead("discussions", 7, {"users": [{"name": "Ana"}]}, {"python": "3"}, "2026-01-01", 3, "running")


def test_a_head_comes_back_as_it_went(head):
    assert parsed_head(head_file(head), "run.json") == head


def test_a_change_of_the_file_shows_in_its_digest(head):
    data = head_file(head)
    assert head_is_intact(data, "run.json")
    assert not head_is_intact(data.replace(b'"seed": 7', b'"seed": 8'), "run.json")


def test_a_file_of_version_1_has_no_digest():
    assert head_is_intact(b'{"version": 1}', "run.json")
    assert not head_is_intact(b'{"version": 2}', "run.json")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"format": "x"}, RecordError),
        ({"version": RUN_VERSION + 1}, NewerVersionError),
        ({"total": -1}, RecordError),
        ({"status": "lost"}, RecordError),
    ],
)
def test_a_head_that_cannot_be_is_refused(head, change, error):
    document = json.loads(head_file(head)) | change
    with pytest.raises(error, match=r"run\.json"):
        parsed_head(json.dumps(document).encode(), "run.json")


def test_a_broken_head_in_a_folder_with_work_names_the_way_out(tmp_path):
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(RecordError) as caught:
        read_head(tmp_path)
    assert "begin the same experiment" not in str(caught.value)
    (tmp_path / "journal").mkdir()
    with pytest.raises(RecordError, match="begin the same experiment on it again"):
        read_head(tmp_path)


def test_the_folder_of_a_study_is_told_from_that_of_a_run(tmp_path):
    (tmp_path / "study.json").write_text("{}")
    with pytest.raises(RecordError, match="Open it with Study"):
        read_head(tmp_path)


@pytest.mark.parametrize(
    ("spec", "names"), [({"users": [{"name": "Ana"}, {"name": "Ben"}]}, ("Ana", "Ben")), ({}, ()), ({"users": 3}, ())]
)
def test_the_participants_are_those_of_the_spec(spec, names):
    assert participant_names(spec) == names


def test_an_estimate_of_before_there_were_prices_is_read(head):
    document = json.loads(head_file(replace(head, estimate=Cost(1, 2, 3, 4.0, 5))))
    for name in ("price_usd", "unpriced", "price_source"):
        del document["estimate"][name]
    assert parsed_head(json.dumps(document).encode(), "run.json").estimate == Cost(1, 2, 3, 4.0, 5)


@pytest.mark.parametrize(
    ("started", "models", "usd"),
    [
        (
            "2026-11-26T08:00:00+00:00",
            [{"name": "m", "model_name": "gpt-4o", "base_url": "https://api.openai.com/v1"}],
            2.5,
        ),
        ("2026-11-26", None, None),
        ("long ago", [{"name": "m", "model_name": "gpt-4o", "base_url": "https://api.openai.com/v1"}], None),
    ],
)
def test_the_price_is_that_of_the_day_when_the_run_began(head, started, models, usd):
    message = Message(0, 1, "Ana", "Why?", "m", generation=Generation((), 1, prompt_tokens=1_000_000))
    cost = replace(head, started=started, spec={"models": models}, seconds=3.0).cost([message])
    assert (cost.calls, cost.seconds, cost.price_usd) == (1, 3.0, usd)
    assert (cost.price_source or "for 2026-11-26")[-10:] == "2026-11-26"
