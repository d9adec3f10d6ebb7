"""The input of topics: the openings of discussions."""

import json
from typing import Any

from syndisco_nb.backend.lenient_json import looks_like_json, read_json
from syndisco_nb.backend.topic_files import json_topics
from syndisco_nb.backend.topics import plain_topic
from syndisco_nb.widgets.forms.field_specs import FieldSpec
from syndisco_nb.widgets.forms.inputs import Input, split_lines


def topics_input(spec: FieldSpec) -> Input:
    """Return an input of topics, one on every line; a topic of several comments is typed as JSON."""
    hint = f'{spec.description}. One per line; of several comments: ["One.", {{"name": "Ana", "text": "Two."}}]'
    rows, placeholder = 3, "One per line"
    return Input("lines", spec.label, hint, _write, _read, rows=rows, placeholder=placeholder)


def _write(topics: Any) -> str:
    if isinstance(topics, str):
        return topics
    lines = (plain_topic(topic) for topic in topics)
    return "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)


def _read(text: str) -> tuple[Any, ...]:
    pasted = _pasted_json(text) if "\n" in text.strip() else None
    return tuple(map(_opening, split_lines(text))) if pasted is None else tuple(pasted)


def _pasted_json(text: str) -> list[Any] | None:
    """Return the topics of JSON on several lines; None for other text."""
    try:
        return json_topics(read_json(text)) if looks_like_json(text) else None
    except ValueError:
        return None


def _opening(line: str) -> Any:
    if not line.startswith("["):
        return line
    try:
        return json.loads(line)
    except ValueError:
        return line
