import asyncio
from collections import Counter

import pytest

from syndisco_nb import ChatMessage, Request, ScriptedModel
from syndisco_nb.errors import InvalidInputError, UnknownArgumentError

HELLO = (ChatMessage("user", "Hello."),)


def ask(model, *seeds):
    return [asyncio.run(model.complete(Request(HELLO, seed))).text for seed in seeds]


def test_one_reply_answers_everything():
    assert ask(ScriptedModel("Yes."), 0, 1, 7) == ["Yes."] * 3


def test_the_seed_picks_the_reply_whatever_the_order():
    model = ScriptedModel(["a", "b", "c"])
    assert ask(model, 3, 1, 5) == ["a", "b", "c"]
    assert ask(model, 5, 3, 1) == ["c", "a", "b"]


def test_every_reply_is_picked_alike():
    from syndisco_nb.seeds import derive

    counts = Counter(ask(ScriptedModel(["a", "b", "c"]), *(derive(1, "sampling", n) for n in range(900))))
    assert all(240 < count < 360 for count in counts.values())


def test_a_function_sees_the_request():
    model = ScriptedModel(lambda request: f"{request.messages[0].content} {request.seed}")
    assert ask(model, 4) == ["Hello. 4"]


def test_an_async_function_is_awaited():
    async def reply(request):
        await asyncio.sleep(0)
        return str(request.seed)

    assert ask(ScriptedModel(reply), 4) == ["4"]


def test_an_error_of_the_function_goes_on():
    def reply(_):
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        ask(ScriptedModel(reply), 1)


def test_settings_tell_different_scripts_apart():
    def one(_):
        return ""

    def two(_):
        return ""

    scripts = ["a", ["a", "b"], ["b", "a"], one, two]
    settings = [repr(ScriptedModel(script).settings()) for script in scripts]
    assert len(set(settings)) == len(scripts)


def test_a_script_that_cannot_be_encoded_has_a_repr():
    assert repr(ScriptedModel("\ud800")) == "ScriptedModel('scripted', 1 replies)"


@pytest.mark.parametrize("script", [[], ()])
def test_an_empty_script_is_refused(script):
    with pytest.raises(
        InvalidInputError, match=r"script is empty. Give a reply, a list of replies, or a function"
    ) as caught:
        ScriptedModel(script)
    assert caught.value.field == "script"


def test_a_misspelt_keyword_is_named():
    with pytest.raises(UnknownArgumentError, match="Did you mean 'script'"):
        ScriptedModel(scrip="a")
