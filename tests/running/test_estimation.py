import asyncio
import math
from dataclasses import asdict, replace

import pytest
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb.loop import run_sync
from syndisco_nb.running.estimation import Estimate, added, first_estimate, like_others, measured_estimate


def counted(*texts):
    """Return a model that says how many tokens its answers cost."""

    def reply(request):
        text = texts[request.seed % len(texts)]
        size = sum(len(message.content) for message in request.messages)
        return snb.Completion(text, prompt_tokens=size // 4, completion_tokens=len(text.split()))

    return RecordingModel(reply, name="counted")


@pytest.fixture
def model():
    return counted("I agree.", "I doubt it, for many reasons.")


@pytest.fixture
def experiment(model):
    users = [snb.LLMActor(model, name, instructions="Be brief.") for name in ("Ana", "Ben", "Cem")]
    moderator = snb.LLMActor(model, "Mod", instructions="Keep order.")
    return snb.DiscussionExperiment(["Tea?"], users, moderator, num_turns=6, num_discussions=40, seed=1)


def judge(model, name="judge"):
    return snb.LLMActor(model, name, actor_type=snb.ActorType.ANNOTATOR)


def test_a_run_is_estimated_from_a_small_part_of_it(experiment, model, tmp_path):
    estimate = experiment.estimate()
    probed = len(model.requests)
    model.requests.clear()
    run = experiment.begin(tmp_path)
    assert estimate.calls == len(model.requests)
    assert probed <= 16 * 5 < len(model.requests) / 5
    table = run.costs()
    assert list(table.columns) == ["estimate", "truth", "ratio"]
    assert (table.loc["calls", "truth"], table.loc["calls", "ratio"]) == (len(model.requests), 1)
    assert table.loc["prompt_tokens", "ratio"] == pytest.approx(1, abs=0.1)
    assert table.loc["completion_tokens", "ratio"] == pytest.approx(1, abs=0.2)
    assert table.loc["memory_mb", "truth"] > 0


def test_a_model_in_batches_is_not_probed_and_takes_up_to_a_day_for_each_turn(experiment, model):
    model.in_batches = True
    estimate = experiment.estimate()
    assert (model.requests, estimate.batches, estimate.over) == ([], 12, True)  # the moderator speaks in between
    assert repr(estimate).endswith("completion tokens, up to 12 days>")
    assert added([estimate, replace(estimate, batches=3)], over=True).batches == 12
    talk = experiment.discussion(0, 1).run()
    assert snb.AnnotationExperiment([judge(model)], snb.Flag("kind")).estimate([talk]).batches == 1


def test_the_estimate_leaves_the_run_as_it_is(experiment, tmp_path):
    experiment.begin(tmp_path / "before")
    experiment.estimate()
    experiment.begin(tmp_path / "after")
    for file in (tmp_path / "before").glob("discussion-*.json"):
        assert file.read_bytes() == (tmp_path / "after" / file.name).read_bytes()


def test_a_run_that_was_not_estimated_has_its_true_cost(experiment, model, tmp_path):
    table = experiment.begin(tmp_path).costs()
    assert table.loc["calls", "truth"] == len(model.requests)
    assert table["estimate"].isna().all()


def test_time_at_work_adds_up_over_interruptions(experiment, tmp_path):
    first = experiment.begin(tmp_path).costs().loc["seconds", "truth"]
    assert first > 0
    assert experiment.begin(tmp_path).costs().loc["seconds", "truth"] > first


def test_a_model_that_counts_no_tokens_is_estimated_by_calls(users, tmp_path):
    experiment = snb.DiscussionExperiment(["Tea?"], users, num_turns=3, num_discussions=5, seed=1)
    estimate = experiment.estimate()
    assert (estimate.calls, estimate.prompt_tokens, estimate.completion_tokens) == (15, 0, 0)
    assert estimate.seconds > 0 or math.isclose(estimate.seconds, 0)


def test_annotations_are_estimated(experiment, model, tmp_path):
    talks = experiment.begin(tmp_path / "talks")
    annotation = snb.AnnotationExperiment(
        [judge(model), judge(model, "another")], scales=[snb.Likert("toxicity"), snb.Flag("question")], seed=1
    )
    model.requests.clear()
    estimate = annotation.estimate(talks)
    assert len(model.requests) < estimate.calls / 5
    table = annotation.begin(talks, tmp_path / "labels").costs()
    assert table.loc["calls", "ratio"] == 1
    assert table.loc["prompt_tokens", "ratio"] == pytest.approx(1, abs=0.1)


def test_calls_are_known_before_any_model_is_asked(experiment, model):
    first = run_sync(first_estimate(experiment.trial()))
    assert model.requests == []
    assert (first.comments, first.answers, first.over) == (240, 0, False)
    whole = experiment.estimate()
    assert first.calls == whole.calls == 480
    assert repr(first).startswith("<Estimate: 240 comments, 480 calls, about ")
    assert first.prompt_tokens > whole.prompt_tokens  # its replies are longer than those of the model
    assert first.completion_tokens == 480 * 60


def test_a_rehearsal_ends_with_its_time_and_is_extrapolated(experiment):
    trial = experiment.trial()
    held = run_sync(first_estimate(trial, 0.0))
    assert (held.calls, held.comments) == (run_sync(first_estimate(trial)).calls, 240)


def test_a_probe_ends_with_its_time_but_not_before_the_first_answer(users):
    release = asyncio.Event()

    class Slow(snb.ScriptedModel):
        asked = 0

        async def complete(self, request):
            self.asked += 1
            if self.asked > 2:
                await release.wait()
            await asyncio.sleep(0.01)
            return snb.Completion("Yes.", prompt_tokens=10, completion_tokens=2)

        async def load(self):
            await asyncio.sleep(0.1)

    slow = Slow(["Yes."])
    actors = [snb.LLMActor(slow, user.name) for user in users]
    trial = snb.DiscussionExperiment(["Tea?"], actors, num_turns=4, num_discussions=3, seed=1).trial()
    told = []
    first = run_sync(first_estimate(trial))
    measured = run_sync(measured_estimate(trial, first, 0.0, told.append))
    assert (measured.answers, measured.wanted, measured.over, measured.calls) == (2, 6, True, 12)
    assert measured.completion_tokens == 24
    assert [one.answers for one in told] == [2]
    assert measured.loading_s >= 0.1
    assert measured.seconds > 0


def test_an_error_of_the_probe_is_raised(experiment, monkeypatch):
    async def failing(self, request):
        raise ValueError("no memory")

    monkeypatch.setattr(RecordingModel, "complete", failing)
    with pytest.raises(ValueError, match="no memory"):
        experiment.estimate()


def test_estimates_of_conditions_add_up():
    one = Estimate(10, 100, 20, 2.0, 300, comments=8, loading_s=1.0, answers=4, wanted=4, over=True)
    both = added([one, one], over=True)
    assert (both.conditions, both.calls, both.seconds, both.memory_mb, both.loading_s) == (2, 20, 4.0, 300, 2.0)
    assert added([one, Estimate(10, 100, 20, 0.0, 0)]).seconds == 0
    assert asdict(both.cost) == asdict(snb.Cost(20, 200, 40, 4.0, 300))
    assert (
        repr(both)
        == "<Estimate: 2 conditions, 16 comments, 20 calls, 200 prompt and 40 completion tokens, 4 s, 300 MB>"
    )


def test_each_model_of_a_run_has_its_own_share_and_its_price(tmp_path):
    class Hosted(type(counted("."))):
        def settings(self):
            settings = {**super().settings(), "base_url": "https://api.openai.com/v1"}
            return {**settings, "model_name": "gpt-4o" if self.name == "dear" else "unheard"}

    def long(request):
        size = sum(len(message.content) for message in request.messages)
        return snb.Completion("word " * 90, prompt_tokens=size // 4, completion_tokens=90)

    models = [Hosted(long, name="dear"), Hosted("No.", name="other"), counted("Yes, of course.")]
    users = [snb.LLMActor(model, name) for model, name in zip(models, ("Ana", "Ben", "Cem"), strict=True)]
    experiment = snb.DiscussionExperiment(["Tea?"], users, num_turns=6, num_discussions=40, num_active_users=3, seed=1)
    first, estimate = run_sync(first_estimate(experiment.trial())), experiment.estimate()
    assert first.price_usd > 0
    assert first.unpriced == estimate.unpriced == ("other",)
    assert estimate.price_usd >= 80 * 90 * 10 / 1e6  # every third turn, at 10 dollars a million tokens
    run = experiment.begin(tmp_path)
    table = run.costs()
    assert table.loc["price_usd", "ratio"] == pytest.approx(1, abs=0.2)
    assert table.attrs["unpriced"] == ("other",)
    assert table.attrs["price_source"] == estimate.price_source
    both = added([estimate, replace(estimate, price_usd=None)])
    assert (both.price_usd, both.unpriced, both.price_source) == (estimate.price_usd, ("other",), estimate.price_source)
    assert like_others(first, [(first, estimate)]).price_usd == estimate.price_usd
    assert f"completion tokens, about ${estimate.price_usd:.2f}, " in repr(estimate)


def test_a_run_without_a_probe_is_like_others_with_its_models():
    first, measured = Estimate(10, 100, 60, 0.0, 0), Estimate(10, 150, 20, 4.0, 300, answers=4, over=True)
    whole = like_others(Estimate(20, 300, 120, 0.0, 0, comments=16, wanted=9), [(first, measured)])
    assert (whole.calls, whole.prompt_tokens, whole.completion_tokens, whole.seconds) == (20, 450, 40, 8.0)
    assert (whole.comments, whole.wanted, whole.over) == (16, 0, True)
    assert added([measured, whole], over=True).seconds == 12.0
    uncounted = like_others(Estimate(20, 0, 0, 0.0, 0), [(Estimate(10, 0, 0, 0.0, 0), measured)])
    assert (uncounted.prompt_tokens, uncounted.completion_tokens) == (0, 0)


@pytest.mark.long
@pytest.mark.model
def test_the_real_model_keeps_to_its_estimate(tmp_path):
    model = snb.bundled_model(max_out_tokens=24)
    users = [snb.LLMActor(model, name, instructions="Be brief.") for name in ("Ana", "Ben")]
    experiment = snb.DiscussionExperiment(["Tea or coffee?"], users, num_turns=4, num_discussions=20, seed=3)
    estimate = experiment.estimate()
    table = experiment.begin(tmp_path).costs()
    assert table.loc["calls", "ratio"] == 1
    assert table.loc["prompt_tokens", "ratio"] == pytest.approx(1, abs=0.2)
    assert table.loc["completion_tokens", "ratio"] == pytest.approx(1, abs=0.2)
    assert 1 / 3 < table.loc["seconds", "ratio"] < 3  # other work on the machine changes it
    assert estimate.memory_mb > 100


def test_a_cost_reads_well():
    cost = snb.Cost(1200, 230_000, 50_000, 4000.0, 900)
    assert repr(cost) == "<Cost: 1,200 calls, 230,000 prompt and 50,000 completion tokens, 1.1 h, 900 MB>"
    assert "1.9 h, 900 MB, 20,000 MB on the GPU" in repr(snb.Cost(1, 1, 1, 7000, 900, 20_000))
