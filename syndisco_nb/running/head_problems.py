"""Checks of a run.json by itself, and of values on record against its spec."""

from collections.abc import Iterator, Mapping
from typing import Any

import pydantic_core

from syndisco_nb.backend.fingerprint import settings_digest
from syndisco_nb.runs.head import RunHead

_LEFT_OUT = (("model_digest", ""), ("meta", None))


def head_problems(head: RunHead) -> Iterator[str]:
    """Report contradictions within run.json."""
    spec = head.spec
    if spec.get("seed") is not None:
        yield from spec_difference("run.json: its seed", head.seed, spec["seed"])
    if head.kind == "discussions":
        yield from spec_difference("run.json: its total", head.total, spec.get("num_discussions"))
    models = spec.get("models")
    listed = [model for model in models if isinstance(model, Mapping)] if isinstance(models, list) else []
    digests = {model.get("name"): settings_digest(model) for model in listed}
    for name in ("users", "annotators"):
        people = spec.get(name)
        for person in [*(people if isinstance(people, list) else ()), spec.get("moderator")]:
            if not isinstance(person, Mapping):
                continue
            if person.get("model_digest", "") not in ("", digests.get(person.get("model"))):
                yield f"run.json: the settings of {person.get('model')!r} are not those of {person.get('name')!r}."


def spec_difference(name: str, value: Any, expected: Any) -> Iterator[str]:
    """Report a value of a record that differs from the spec of its run.

    Parameters
    ----------
    name : str
        Its name in the report.
    value, expected : object
        As on record, and in the spec.
    """
    if value != expected:
        yield f"its {name} is {value!r}, but must be {expected!r}."


def spec_form(participant: Any) -> Any:
    """Return a participant as it stands in a spec: without `meta`, and without a `model_digest` of ""."""
    plain = pydantic_core.to_jsonable_python(participant)
    if isinstance(plain, dict):
        return {name: value for name, value in plain.items() if (name, value) not in _LEFT_OUT}
    return plain
