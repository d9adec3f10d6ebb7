"""Errors: one tree, and messages that help."""

import copy

import pytest

from syndisco_nb import errors
from syndisco_nb.errors import InvalidInputError, SyndiscoError, UnknownArgumentError


@pytest.mark.parametrize(
    ("name", "builtin"),
    [
        ("InvalidInputError", ValueError),
        ("UnknownArgumentError", TypeError),
        ("UnknownNameError", AttributeError),
        ("PersonaError", ValueError),
        ("RecordError", ValueError),
        ("RunFolderError", Exception),
        ("ModelError", RuntimeError),
        ("UnavailableError", errors.ModelError),
        ("MissingDependencyError", ImportError),
    ],
)
def test_every_error_is_ours_and_the_builtin_one_that_the_docstring_names(name, builtin):
    error = getattr(errors, name)
    assert issubclass(error, SyndiscoError)
    assert issubclass(error, builtin)
    assert name in errors.__doc__


def test_the_docstring_draws_every_error_there_is():
    defined = {name for name, thing in vars(errors).items() if isinstance(thing, type) and name.endswith("Error")}
    assert all(name in errors.__doc__ for name in defined)


def test_an_unavailable_model_tells_how_long_to_wait_also_in_a_copy():
    error = errors.UnavailableError("busy", wait_s=3.5)
    assert (str(error), error.wait_s, errors.UnavailableError("down").wait_s) == ("busy", 3.5, 0)
    assert copy.copy(error).wait_s == 3.5


def test_require_raises_only_when_the_condition_fails():
    errors.require([1], "never seen")
    with pytest.raises(InvalidInputError, match=r"^the reason$"):
        errors.require([], "the reason")


def test_require_bool_takes_nothing_that_is_merely_true_or_false():
    for value in (True, False):
        errors.require_bool("fresh", value)
    for value in (1, 0, "yes", None, {}):
        with pytest.raises(InvalidInputError, match=r"^fresh is .*, but must be True or False"):
            errors.require_bool("fresh", value)


@pytest.mark.parametrize("value", [2, 3, 10**30])
def test_require_int_takes_whole_numbers_from_the_minimum(value):
    assert errors.require_int("num_turns", value, 2) == value


@pytest.mark.parametrize("value", [1, -1, True, 2.0, "2", None, float("nan")])
def test_require_int_says_what_was_given_and_what_is_allowed(value):
    with pytest.raises(InvalidInputError) as caught:
        errors.require_int("num_turns", value, 2)
    assert "num_turns" in str(caught.value)
    assert repr(value) in str(caught.value)
    assert "2 or more" in str(caught.value)


def test_suggestion_names_the_nearest_word_or_nothing():
    assert errors.suggestion("num_turn", ["num_turns", "window"]) == " Did you mean 'num_turns'?"
    assert errors.suggestion("zzz", ["num_turns", "window"]) == ""
    assert errors.suggestion("zzz", []) == ""


@errors.named_arguments
def experiment(topics, num_turns=10, *, seed=None):
    """Make an experiment."""
    return topics, num_turns, seed


class Thing:
    @errors.named_arguments
    def __init__(self, size=1):
        self.size = size

    @errors.named_arguments
    def begin(self, folder):
        return folder


def test_named_arguments_lets_right_calls_through():
    assert experiment(["a"], num_turns=2, seed=3) == (["a"], 2, 3)
    assert Thing(size=4).size == 4
    assert Thing().begin(folder="x") == "x"


def test_named_arguments_keeps_name_and_docstring():
    assert (experiment.__name__, experiment.__doc__) == ("experiment", "Make an experiment.")


def test_a_misspelt_keyword_is_answered_with_the_right_one_and_all_others():
    with pytest.raises(UnknownArgumentError) as caught:
        experiment(["a"], num_turn=2)
    assert str(caught.value) == (
        "experiment has no argument 'num_turn'. Did you mean 'num_turns'? It takes: topics, num_turns, seed."
    )


def test_a_misspelt_keyword_of_a_class_names_the_class():
    with pytest.raises(UnknownArgumentError, match=r"^Thing has no argument 'sise'\. Did you mean 'size'"):
        Thing(sise=1)


def test_a_misspelt_keyword_of_a_method_does_not_offer_self():
    with pytest.raises(UnknownArgumentError, match=r"^begin has no argument 'dir'\. It takes: folder\.$"):
        Thing().begin(dir="x")


BY_NAME = "By name alone: seed. It takes: topics, num_turns, seed."


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: experiment(),
            f"experiment: missing a required argument: 'topics'. {BY_NAME}",
        ),
        (
            lambda: experiment([], 1, 2),
            f"experiment: too many positional arguments. {BY_NAME}",
        ),
        (lambda: Thing().begin(), "begin: missing a required argument: 'folder'. It takes: folder."),
        (lambda: Thing(1, 2), "Thing: too many positional arguments. It takes: size."),
        (lambda: Thing(1, size=2), "Thing: multiple values for argument 'size'. It takes: size."),
    ],
)
def test_a_missing_argument_is_named_and_so_are_all_others(call, said):
    with pytest.raises(UnknownArgumentError) as caught:
        call()
    assert str(caught.value) == said
    assert isinstance(caught.value, TypeError)
    assert caught.value.__suppress_context__


def test_a_type_error_from_within_stays_as_it_is():
    @errors.named_arguments
    def broken(size):
        return size + "a"

    with pytest.raises(TypeError, match="unsupported operand") as caught:
        broken(1)
    assert type(caught.value) is TypeError


def test_an_unknown_name_is_answered_with_the_nearest_or_all():
    assert str(errors.unknown_name(Thing(), "beginn")) == "Thing has no 'beginn'. Did you mean 'begin'?"
    assert str(errors.unknown_name(Thing(), "zzz")) == "Thing has no 'zzz'. It has: begin, size."
    assert type(errors.unknown_name(Thing(), "_repr_html_")) is AttributeError
