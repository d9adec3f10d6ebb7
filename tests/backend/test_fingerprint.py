"""Fingerprints of functions and of settings."""

import functools

from syndisco_nb.backend.fingerprint import function_fingerprint, settings_digest


def made_from(source):
    namespace = {"__name__": "typed"}
    exec(source, namespace)  # noqa: S102
    return namespace["rule"]


def test_it_names_the_function_and_changes_with_its_code():
    one, again, other = (made_from(f"def rule(history): return len(history) > {least}") for least in (2, 2, 3))
    assert function_fingerprint(one) == function_fingerprint(again)
    assert function_fingerprint(one).startswith("typed.rule (")
    assert function_fingerprint(one) != function_fingerprint(other)


def test_a_callable_object_has_the_fingerprint_of_its_class():
    class Rule:
        def __call__(self, history):
            return True

    assert function_fingerprint(Rule()) == function_fingerprint(Rule())
    assert "Rule (" in function_fingerprint(Rule())
    assert function_fingerprint(functools.partial(len)).startswith("functools.partial (")


def test_equal_settings_have_equal_digests_whatever_their_order():
    assert settings_digest({"a": 1, "b": [2]}) == settings_digest({"b": [2], "a": 1})
    assert settings_digest({"a": 1}) != settings_digest({"a": 2})
    assert len(settings_digest({"a": "\ud800"})) == 16
