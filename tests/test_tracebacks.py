"""In an IPython of its own, which shows errors as a notebook does."""

import re
import subprocess
import sys
import traceback

import pytest

import syndisco_nb as snb

MOST_LINES = 12
SETUP = """
import syndisco_nb as snb
model = snb.ScriptedModel(["Yes."])
users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
class Twice(snb.TurnManager):
    def choose(self, names, history, rng):
        return snb.Likert("heat", 5, 1)
def own_rule():
    try:
        int("five")
    except ValueError as error:
        raise snb.SyndiscoError("No number.") from error
"""
FAILING = {
    'snb.Likert("heat", 5, 1)': "InvalidInputError: low is 5",
    'snb.LLMActor(model, nam="Ana")': "UnknownArgumentError: LLMActor has no argument 'nam'. Did you mean 'name'?",
    'snb.Sampling(temperature="hot")': "InvalidInputError: temperature is 'hot'",
    'snb.Run("nowhere")': "RecordError: nowhere is not a run folder",
    'snb.load_personas("nowhere.json")': "PersonaError: nowhere.json cannot be read",
    'snb.ExperimentBuilder().turns("x")': "InvalidInputError: turns is 'x'",
    "snb.DiscussionExperiment(topics=['Tax'], users=[]).begin('x')": "InvalidInputError: ",
    "snb.Discussion(users, topic='Tax', turn_manager='me')": "InvalidInputError: ",
}


@pytest.fixture(scope="module")
def shown():
    """Return what IPython shows of each cell, without colours."""

    def run(*cells):
        code = (
            "import sys\n"
            "from IPython.core.interactiveshell import InteractiveShell\n"
            "shell = InteractiveShell.instance()\n"
            f"shell.run_cell({SETUP!r})\n"
            f"for cell in {cells!r}:\n"
            "    print('NEXT')\n"
            "    shell.run_cell(cell)\n"
        )
        command = [sys.executable, "-W", "ignore", "-c", code]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return re.sub(r"\x1b\[[0-9;]*m", "", output).split("NEXT\n")[1:]

    return run


def test_an_error_shows_the_users_line_and_the_sentence_and_no_frame_of_ours(shown):
    for (cell, sentence), text in zip(FAILING.items(), shown(*FAILING), strict=True):
        lines = text.strip().splitlines()
        assert len(lines) <= MOST_LINES, text
        assert f"1 {cell}" in text
        assert lines[-1].startswith(sentence), text
        assert "syndisco_nb/" not in text


def test_lines_of_the_users_own_below_ours_and_their_causes_stay(shown):
    (below, cause) = shown("snb.Discussion(users, topic='Tax', turn_manager=Twice()).run()", "own_rule()")
    assert "return snb.Likert" in below
    assert "syndisco_nb/" not in below
    assert 'int("five")' in cause
    assert "direct cause" in cause


def test_all_of_it_is_shown_on_request(shown):
    (_, whole, again) = shown("snb.Likert('heat', 5, 1)", "%tb Verbose", "snb.Likert('heat', 5, 1)")
    assert "in require(" in whole
    assert "in require(" not in again


def test_python_and_the_error_itself_are_as_before():
    with pytest.raises(snb.SyndiscoError) as caught:
        snb.load_personas("nowhere.json")
    error = caught.value
    cause, frames = error.__cause__, len(traceback.extract_tb(error.__traceback__))
    assert "".join(error._render_traceback_()) == "".join(traceback.format_exception(error))
    assert (error.__cause__, len(traceback.extract_tb(error.__traceback__))) == (cause, frames)
    assert frames > 1
