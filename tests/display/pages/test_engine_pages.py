import pytest

import syndisco_nb as snb
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Prompt, Table
from syndisco_nb.display.pages.engine_pages import (
    actor_page,
    batch_model_page,
    model_page,
    replicas_page,
    scale_page,
    stop_page,
    turn_manager_page,
)
from syndisco_nb.runs.batch_job import BatchJob


def rates(manager):
    (table,) = [block for block in turn_manager_page(manager, Limits()).blocks if isinstance(block, Table)]
    return {name: share.value for name, share in table.rows}


@pytest.mark.parametrize("p", [0.2, 0.8])
def test_measured_rates_are_those_configured(p):
    found = rates(snb.RespondWithProbability(p, names=["Ana", "Ben", "Cem", "Dia"]))
    assert found["previous speaker replies"] == pytest.approx(p, abs=0.05)  # four standard errors
    assert found["same speaker twice"] == 0


def test_weights_show():
    found = rates(snb.Weighted({"Dia": 3}))
    assert found["Dia speaks"] > 1.5 * found["Ana speaks"]


def test_looking_at_a_rule_changes_nothing():
    manager = snb.RandomOther(names=["Ana", "Ben", "Cem"], seed=1)
    twin = snb.RandomOther(names=["Ana", "Ben", "Cem"], seed=1)
    first = manager._repr_mimebundle_()
    manager.next()
    assert manager._repr_mimebundle_() == first
    twin.next()
    assert [manager.next() for _ in range(20)] == [twin.next() for _ in range(20)]


def test_a_rule_of_the_users_own_is_never_asked():
    class Own(snb.TurnManager):
        def choose(self, names, history, rng):
            raise AssertionError

    assert "custom rule" in Own()._repr_mimebundle_()["text/plain"]


def test_an_actor_shows_the_prompt_that_it_would_be_sent(users):
    (prompt,) = [block for block in actor_page(users[0], Limits()).blocks if isinstance(block, Prompt)]
    assert prompt.messages == users[0].prompt([])


def test_a_model_in_batches_says_how_long_it_takes_and_what_it_waits_for(tmp_path):
    model = snb.BatchModel(snb.OpenAIModel("m", "https://server/v1", api_key="sk-planted-0123456789"))
    (tmp_path / "batches").mkdir()
    BatchJob(tmp_path / "batches", 0, "id", "m", "https://server/v1", 7).save()
    with model.in_use(tmp_path):
        page = batch_model_page(model, Limits())
        shown = model._repr_mimebundle_()["text/html"]
    notes = [block.text for block in page.blocks if isinstance(block, Note)]
    assert "14 turns take up to 14 days" in notes[0]
    assert notes[1] == f"{tmp_path}: sending a batch of 7 requests."
    assert "the same cell goes on" in notes[2]
    assert "https://server/v1" in shown
    assert "planted" not in shown


def test_a_prompt_format_that_fails_is_no_reason_not_to_show_the_actor(users):
    def format_of_comments(actor, comments):
        return [{"role": "user", "content": comments[0].text}]

    actor = snb.LLMActor(users[0].model, "Ana", prompt_format=format_of_comments)
    (note,) = [block for block in actor_page(actor, Limits()).blocks if isinstance(block, Note)]
    assert note.warning
    assert "IndexError" in note.text


def test_a_model_shows_its_sampling_and_settings_without_name_and_type():
    model = snb.TransformersModel("org/name", max_out_tokens=9)
    page = model_page(model, Limits())
    (facts,) = page.blocks
    assert (page.kind, page.title) == ("TransformersModel", model.name)
    assert facts.pairs[0][0] == "Sampling"
    assert "at most 9 tokens" in facts.pairs[0][1]
    shown = {name for name, _ in facts.pairs}
    assert shown > {"Sampling", "Model name or folder"}
    assert not shown & {"name", "type"}


def test_a_stop_condition_is_told_in_words():
    page = stop_page(snb.AfterSilences(3), Limits())
    assert (page.kind, page.title, page.facts) == ("Ends after", "3 silences in a row", ())


def test_a_scale_shows_its_question_and_labels():
    (facts,) = scale_page(snb.Flag("rude"), Limits()).blocks
    assert dict(facts.pairs)["labels"] == "yes, no"
    (facts,) = scale_page(snb.FreeText("mood", "What mood?"), Limits()).blocks
    assert dict(facts.pairs)["labels"] == "any text"
    assert dict(facts.pairs)["question"].startswith("What mood?")


def test_a_turn_manager_is_told_in_words_and_shown_by_an_order():
    page = turn_manager_page(snb.Hosted(2, host="Ana", then=snb.Weighted({"Ben": 2})), Limits())
    assert (page.kind, page.facts) == ("Speaking order", ())
    assert page.title == "Ana as host after every 2 comments, otherwise by weight: Ben 2; others 1"
    order, names, table = page.blocks
    assert [speaker.name for speaker in order.people] == ["Ana", "Ben"]
    assert names.text.startswith("Ben, Ben, Ana, Ben, Ben, Ana")
    assert table.title == "Rates in 20 simulated discussions (1,000 turns, no silences)"


def test_replicas_show_which_one_rests_since_when_and_why():
    model = snb.Replicas([snb.OpenAIModel("gpt", f"http://{host}/v1", max_out_tokens=9) for host in "ab"])
    facts, table = replicas_page(model, Limits()).blocks
    assert dict(facts.pairs) == {
        "Sampling": "temperature 1.0, top-p 1.0, top-k 0, repetition penalty 1.0, at most 9 tokens",
        "Model name": "gpt",
    }
    model.replicas[1].rest("connection refused", 0.0, 0.0)
    model.replicas[0].answered = 1200
    facts, table = replicas_page(model, Limits()).blocks
    (first, second) = table.rows
    assert first == ("http://a/v1", "ready", "0", "1,200")
    since = model.replicas[1].resting_since.astimezone()
    assert second == ("http://b/v1", f"rests since {since:%H:%M:%S}: connection refused", "0", "0")
    assert replicas_page(model, Limits(max_items=1)).blocks[1].more == "1 more in .replicas"
