import asyncio
import itertools
import re

import pytest

from syndisco_nb.backend.model.server.capabilities import Capabilities
from syndisco_nb.backend.model.server.faults import reported
from syndisco_nb.backend.model.server.workarounds import RANDOM_SEED
from syndisco_nb.loop import run_sync

SYSTEM, USER = {"role": "system", "content": "You are Ana."}, {"role": "user", "content": "Tea?"}


def body(**fields):
    return {"model": "m", "messages": [SYSTEM, USER], "max_tokens": 9, **fields}


class Server:
    """Answers "Yes.", or refuses what a function of the request names: a status and words."""

    def __init__(self, refuses):
        self.refuses = refuses
        self.bodies = []

    async def send(self, fields, no_retry):
        self.bodies.append(fields)
        await asyncio.sleep(0)
        refusal = self.refuses(fields)
        if refusal is None:
            return "Yes."
        fault = reported(refusal[0], refusal[1], str(refusal[0]), refusal[1])
        if fault.retried and not no_retry(fault):  # the real one asks again
            return "Yes, after a while."
        return fault

    def ask(self, asked, capabilities):
        return run_sync(capabilities.ask(asked, self.send))


def refusing(**words):
    """Refuse requests that hold one of these fields, with status and words."""
    return Server(lambda fields: next((words[name] for name in words if name in fields), None))


def no(field):
    return 400, f"Unsupported parameter: '{field}' is not supported with this model."


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("temperature", 0, "temperature is not sent: the server refuses it"),
        ("top_p", 0.5, "top_p is not sent: the server refuses it"),
        ("top_k", 5, "top_k is not sent: the server refuses it"),
        ("repetition_penalty", 1.1, "repetition_penalty is not sent: the server refuses it"),
        ("seed", 7, "the seed is not sent, so this draw cannot be repeated: the server refuses it"),
        ("response_format", {}, "the label is asked for in words alone: no JSON schema is taken"),
        ("chat_template_kwargs", {}, "thinking is left to the server: it refuses the setting"),
    ],
)
@pytest.mark.parametrize("status", [400, 404, 422, 500, 501])
def test_what_a_refusal_names_is_left_out_once_for_all_and_on_record(field, value, note, status):
    server = refusing(**{field: (status, f"extra_forbidden: body.{field}")})
    capabilities = Capabilities("m")
    for _ in range(3):
        answer, sent, notes = server.ask(body(**{field: value}), capabilities)
        assert (answer, sent, notes) == ("Yes.", body(), (note,))
    assert len(server.bodies) == 4 + (status >= 500)  # which may pass, so it is asked the same again first
    assert server.ask(body(), capabilities) == ("Yes.", body(), ())  # nothing left out, nothing to say


def test_the_limit_goes_by_its_other_name_without_a_note():
    server = refusing(max_tokens=(400, "Use 'max_completion_tokens' instead."))
    capabilities = Capabilities("m")
    for _ in range(2):
        _, sent, notes = server.ask(body(), capabilities)
        assert (sent["max_completion_tokens"], "max_tokens" in sent, notes) == (9, False, ())
    assert len(server.bodies) == 3


def test_of_two_that_exclude_each_other_one_is_kept():
    both = 400, "`temperature` and `top_p` cannot both be specified for this model. Please use only one."
    server = Server(lambda fields: both if {"temperature", "top_p"} <= set(fields) else None)
    capabilities = Capabilities("m")
    _, sent, notes = server.ask(body(temperature=0.5, top_p=0.9), capabilities)
    assert (sent, notes) == (body(temperature=0.5), ("top_p is not sent: the server refuses it beside temperature",))
    assert server.ask(body(top_p=0.9), capabilities) == ("Yes.", body(top_p=0.9), ())


def test_what_is_refused_one_after_the_other_is_found_out_together():
    server = refusing(**{field: no(field) for field in ("seed", "top_p", "temperature")})
    capabilities = Capabilities("m")
    asked = body(temperature=0.5, top_p=0.9, seed=7)
    assert server.ask(asked, capabilities)[1] == body()
    assert len(server.bodies) == 4
    assert len(server.ask(asked, capabilities)[2]) == 3
    assert len(server.bodies) == 5


def test_fields_that_are_merely_mentioned_are_kept():
    words = "Unknown parameter 'top_k'. Known are: max_tokens, temperature, top_p, seed, response_format. Id: "
    number = itertools.count(0xABCDEF01)
    server = Server(lambda fields: (400, f"{words}{next(number):x}") if "top_k" in fields else None)
    _, sent, notes = server.ask(body(temperature=0.5, top_p=0.9, seed=7, top_k=5), Capabilities("m"))
    assert sent == body(temperature=0.5, top_p=0.9, seed=7)
    assert notes == ("top_k is not sent: the server refuses it",)


@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "Developer instruction is not enabled for this model",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "role: 'system' is not one of ['user', 'assistant']",
    ],
)
@pytest.mark.parametrize("status", [400, 500])
def test_a_system_message_that_is_refused_is_folded(words, status):
    server = Server(lambda fields: (status, words) if fields["messages"][0]["role"] == "system" else None)
    _, sent, notes = server.ask(body(), Capabilities("m"))
    assert sent["messages"] == [{"role": "user", "content": "You are Ana.\n\nTea?"}]
    assert notes == ("the system message is sent as part of the first message: the server refuses the role",)


def test_effort_goes_up_to_the_least_that_the_server_takes():
    def refuses(fields):
        effort = fields.get("reasoning_effort")
        wrong = f"Unsupported value: reasoning_effort does not support '{effort}' with this model."
        return (400, wrong) if effort in ("none", "minimal") else None

    server = Server(refuses)
    capabilities = Capabilities("m")
    assert server.ask(body(reasoning_effort="none"), capabilities)[1] == body(reasoning_effort="low")
    assert "thinking is low" in server.ask(body(reasoning_effort="none"), capabilities)[2][-1]


def test_a_refusal_without_a_word_is_searched_for():
    server = refusing(seed=(400, "Bad request."))
    capabilities = Capabilities("m")
    asked = body(seed=7, top_p=0.5, response_format={})
    for _ in range(3):
        assert server.ask(asked, capabilities)[1] == body(top_p=0.5, response_format={})
    assert len(server.bodies) == 1 + 5 + 2  # the same again; without the format, top_p, the system role, the seed


def test_what_need_not_be_left_out_is_put_back():
    server = refusing(seed=(400, "Bad request."), top_p=(400, "Bad request."))
    capabilities = Capabilities("m")
    answer, sent, notes = server.ask(body(temperature=0.7, top_p=0.9, seed=7), capabilities)
    assert (answer, sent) == ("Yes.", body(temperature=0.7))
    assert [note.split(" is ")[0] for note in notes] == ["top_p", "the seed"]
    assert sent in server.bodies  # the answer is that to the request on record
    asked = len(server.bodies)
    assert asked <= 1 + 6 + 4  # the same again, each alone, all; then each is put back
    assert server.ask(body(temperature=0.7, top_p=0.9, seed=8), capabilities)[1:] == (sent, notes)
    assert len(server.bodies) == asked + 1


@pytest.mark.parametrize("number", [8, 9, 10, 11])
def test_a_server_that_fails_meanwhile_costs_no_field(number):
    def refuses(fields):
        if len(server.bodies) == number:
            return 502, "Bad gateway"
        return (400, "Bad request.") if {"seed", "top_p"} & set(fields) else None

    server = Server(refuses)
    _, sent, _ = server.ask(body(temperature=0.7, top_p=0.9, seed=7), Capabilities("m"))
    assert sent == body(temperature=0.7)
    assert len(server.bodies) > number


def test_the_answer_is_that_to_the_request_on_record():
    class Numbered(Server):
        async def send(self, fields, no_retry):
            answer = await super().send(fields, no_retry)
            return fields if answer == "Yes." else answer

    server = Numbered(lambda fields: (400, "Bad request.") if {"seed", "top_p"} & set(fields) else None)
    answer, sent, _ = server.ask(body(temperature=0.7, top_p=0.9, seed=7), Capabilities("m"))
    assert answer == sent == body(temperature=0.7)


def test_a_refusal_that_quotes_the_fields_still_sent_costs_only_the_refused():
    def refuses(fields):
        quoted = ", ".join(name for name in ("temperature", "top_p", "seed") if name in fields)
        return (400, f"Bad request with {quoted}") if "seed" in fields else None

    server = Server(refuses)
    asked = body(temperature=0.7, top_p=0.9, seed=7)
    assert server.ask(asked, Capabilities("m"))[1] == body(temperature=0.7, top_p=0.9)


@pytest.mark.parametrize("refusal", [(400, "Bad request."), (500, "Lost the seed"), (502, "Schema not found")])
def test_a_refusal_that_has_passed_teaches_nothing(refusal):
    words = iter([refusal])
    server = Server(lambda fields: next(words, None))
    asked = body(seed=7, response_format={})
    assert server.ask(asked, Capabilities("m")) == ("Yes.", asked, ())


@pytest.mark.parametrize("words", ["Bad request.", "Look at seed and temperature."])
def test_what_no_leaving_out_mends_is_tried_once_and_an_error(words):
    server = Server(lambda fields: (400, words))
    capabilities = Capabilities("m")
    fault = server.ask(body(seed=7, temperature=0), capabilities)
    assert words.rstrip(".") in fault.cause
    asked = len(server.bodies)
    assert asked <= 7
    for number in range(5):
        assert server.ask(body(seed=number, temperature=0), capabilities) == fault
    assert len(server.bodies) == asked + 5


def test_different_refusals_that_nothing_mends_cost_little_in_all():
    server = Server(lambda fields: (400, "No: " + "x" * len(server.bodies)))
    capabilities = Capabilities("m")
    for _ in range(50):
        server.ask(body(seed=7), capabilities)
    assert len(server.bodies) < 50 + 5 * 5


def test_behind_a_field_that_is_refused_the_value_out_of_range_is_what_is_told():
    server = refusing(seed=no("seed"), temperature=(400, "temperature must be <= 1"))
    capabilities = Capabilities("m")
    for _ in range(3):
        assert "temperature must be <= 1" in server.ask(body(seed=7, temperature=1.5), capabilities).cause
    assert len(server.bodies) == 5  # refused, tried without the seed, and so from then on
    assert server.ask(body(seed=7), capabilities)[1] == body()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Incorrect API key for seed"),
        (404, "The model 'm' does not exist."),
        (400, "This model's maximum context length is 8192 tokens."),
        (400, "max_tokens is too large for the context length."),
        (400, "The response was filtered due to the content management policy."),
    ],
)
def test_what_is_due_to_no_field_is_not_searched_for(status, words):
    server = Server(lambda fields: (status, words))
    assert server.ask(body(seed=7), Capabilities("m")).status == status
    assert len(server.bodies) == 1


def test_a_fault_of_the_server_that_names_a_field_by_chance_is_waited_out():
    server = Server(lambda fields: (500, "The operating system lost the seed."))
    assert server.ask(body(seed=7), Capabilities("m")) == ("Yes, after a while.", body(seed=7), ())


def test_many_at_once_find_it_out_once():
    server = refusing(seed=no("seed"), top_p=no("top_p"))
    capabilities = Capabilities("m")

    async def asking():
        return await asyncio.gather(*(capabilities.ask(body(seed=n, top_p=0.5), server.send) for n in range(40)))

    answers = run_sync(asking())
    assert {(answer, len(notes)) for answer, _, notes in answers} == {("Yes.", 2)}
    assert len(server.bodies) == 40 + 2 + 39  # all are refused, one finds out, and the others ask again


def test_what_was_found_out_is_said_once_in_the_log(caplog):
    server = refusing(seed=no("seed"))
    capabilities = Capabilities("'m' at home")
    for _ in range(3):
        server.ask(body(seed=7), capabilities)
    assert len(re.findall("'m' at home: the seed is not sent", caplog.text)) == 1


def test_a_workaround_that_is_known_is_used_from_the_first_request_on_and_beside_those_learned():
    server = refusing(seed=no("seed"), top_k=no("top_k"))
    capabilities = Capabilities("m", [RANDOM_SEED])
    _, sent, notes = server.ask(body(seed=7, top_k=5), capabilities)
    assert (sent["random_seed"], "top_k" in sent, len(notes)) == (7, False, 1)
    assert len(server.bodies) == 2


def test_a_refusal_without_a_word_behind_one_that_names_its_fields_is_searched_for_too():
    server = refusing(seed=no("seed"), reasoning_effort=(400, "Request contains an invalid argument."))
    answered, sent, notes = server.ask(body(seed=1, top_k=5, reasoning_effort="none"), Capabilities("m"))
    assert (answered, "top_k" in sent, len(notes)) == ("Yes.", True, 2)
    assert {"seed", "reasoning_effort"}.isdisjoint(sent)


@pytest.mark.parametrize("status", [401, 404])
def test_a_missing_model_is_the_error_not_the_field_that_was_refused_before(status):
    server = refusing(seed=(400, "Unknown fields: seed, top_k"), model=(status, "The model is not for you."))
    fault = server.ask(body(seed=1, top_k=5), Capabilities("m"))
    assert fault.status == status
