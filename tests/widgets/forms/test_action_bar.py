"""The buttons below a form, and what they begin."""

import asyncio
import threading

import ipywidgets
import pytest

from syndisco_nb.errors import InvalidInputError, SyndiscoError
from syndisco_nb.widgets.forms.action_bar import ActionBar
from syndisco_nb.widgets.forms.controls import Button


@pytest.fixture
def bar():
    return ActionBar([Button("Run", lambda: None)], [Button("Preview", lambda: None)])


def shown(bar):
    return "".join(one.value for one in bar.shown)


def text(result):
    return [ipywidgets.HTML(str(result))]


def test_work_is_done_and_its_result_shown(bar):
    async def work():
        return 42

    bar.do("Counting", work, text)
    assert bar.wait(60) == 42
    assert shown(bar) == "42"
    assert (bar.busy, bar.said) == (False, "")


def test_while_it_works_it_says_so_shows_what_is_told_and_can_only_be_stopped(bar):
    begun, told = threading.Event(), threading.Event()

    async def work():
        begun.set()
        bar.tell("half")
        told.set()
        await asyncio.sleep(600)

    bar.do("Counting", work, text)
    assert begun.wait(60)
    assert told.wait(60)
    assert bar.busy
    assert "Counting …" in bar.said
    assert [one.disabled for one in bar._buttons] == [True, True]
    assert not bar.stop_button.disabled
    bar.do("Again", work, text)  # one thing at a time
    assert "Counting …" in bar.said
    bar.stop_button.press()
    bar.wait(60)
    assert "Stopped. Finished work is saved." in bar.said
    assert [one.disabled for one in bar._buttons] == [False, False]
    assert bar.stop_button.disabled


def test_what_goes_wrong_is_said_and_raised_by_wait(bar):
    async def work():
        raise InvalidInputError("The <b>cable</b> is out.")

    bar.do("Counting", work, text)
    with pytest.raises(SyndiscoError, match="cable"):
        bar.wait(60)
    assert "snb-fault" in bar.said
    assert "&lt;b&gt;cable" in bar.said


def test_something_short_is_attempted(bar):
    def fail():
        raise InvalidInputError("No such folder.")

    bar.attempt(fail)
    assert "No such folder." in bar.said
    bar.say("")
    bar.attempt(lambda: None)
    assert bar.said == ""


def test_without_work_there_is_nothing_to_wait_for(bar):
    assert bar.wait() is None
    assert repr(bar) == "<ActionBar: idle>"
