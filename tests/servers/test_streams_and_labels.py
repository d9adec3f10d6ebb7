"""Real servers say the same streamed and whole, and their labels have the probabilities that the model gives them."""

from dataclasses import replace

import numpy as np
import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.request import Situation
from syndisco_nb.loop import run_sync
from syndisco_nb.records import Participant

pytestmark = pytest.mark.model

SAID = ["I agree with you", "you are an idiot", "buses should be free", "who pays for it", "shut up", "thank you"]
COMMENTS = [f"{first}, {then}." for first in SAID for then in SAID if first != then]
NOTE = "probabilities are those of each label's first token, among the 100 likeliest tokens"


def turn(seed):
    """Return a request of a discussion, and the same request from nowhere."""
    said = Situation(Participant("Ana", "participant", "smol"), 0, 0, ())
    request = snb.Request((snb.ChatMessage("user", "Say something about buses."),), seed, snb.Sampling(0.8))
    return replace(request, situation=said), request


def assert_equal_streamed_and_whole(model, numbers):
    for seed in numbers:
        streamed_request, request = turn(seed)
        streamed, whole = (run_sync(model.complete(asked)) for asked in (streamed_request, request))
        assert replace(streamed, seconds=0.0) == replace(whole, seconds=0.0)
        assert streamed.completion_tokens > 0
        assert streamed_request.situation.draft.read() == whole.text


def labels_of(model, scale, comments):
    """Return the labels of comments, which nobody has seen together."""
    scripts = {"Ana": comments[::2], "Ben": comments[1::2] or ["never said"]}
    users = [snb.LLMActor(snb.ScriptedModel(script), name) for name, script in scripts.items()]
    talk = snb.Discussion(users, num_turns=len(comments), seed=1).run()
    judge = snb.LLMActor(model, "judge", actor_type=snb.ActorType.ANNOTATOR)
    return snb.Annotation(judge, talk, scale, seed=1, window=1).run().labels


def test_llama_cpp_streams_what_it_says_and_tells_what_it_might_have_said(llama):
    model = llama.model(max_out_tokens=8)
    assert_equal_streamed_and_whole(model, [1])
    (label,) = labels_of(model, snb.Likert("toxicity"), COMMENTS[:1])
    assert label.generation.notes == (NOTE,)
    assert (sum(label.probabilities.values()), label.generation.completion_tokens) == (pytest.approx(1), 1)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_llama_cpp_gives_labels_the_probabilities_that_this_computer_finds_for_the_same_model(llama):
    assert_equal_streamed_and_whole(llama.model(max_out_tokens=40), range(2, 8))
    scale = snb.Likert("toxicity", 1, 5)
    there, here = (labels_of(model, scale, COMMENTS) for model in (llama.model(max_concurrency=8), snb.bundled_model()))
    assert {label.generation.notes for label in there} == {(NOTE,)}
    expected = [[scale.expected(label.probabilities) for label in labels] for labels in (there, here)]
    same = np.mean([one.value == other.value for one, other in zip(there, here, strict=True)])
    correlation, difference = np.corrcoef(*expected)[0, 1], np.mean(np.abs(np.subtract(*expected)))
    assert (same > 0.9, correlation > 0.9, difference < 0.1) == (True,) * 3, (same, correlation, difference)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_transformers_serve_streams_what_it_says_and_tells_no_probabilities(start_transformers):
    (server,) = start_transformers()
    model = server.model(max_out_tokens=12)
    assert_equal_streamed_and_whole(model, [1, 2])
    (label,) = labels_of(model, snb.Flag("insult"), COMMENTS[:1])
    assert label.probabilities is None
    assert label.generation.notes[-1] == "labels without probabilities: the server tells none"
