"""The label of every field on screen: in forms, tables, pages and errors."""

import re
from collections.abc import Mapping, Sequence

_LABELS: Mapping[str, str] = {
    # People
    "username": "Name",
    "education_level": "Education",
    "current_employment": "Occupation",
    "personality_characteristics": "Characteristics",
    # The design of a study
    "models": "Other models",
    "per_discussion": "Participants per discussion",
    "turn_taking": "Who speaks next",
    "window": "Comments remembered",
    "window_counts": "Whose comments count",
    "turns": "Number of turns",
    "stop": "End early",
    "vary": "Conditions",
    "discussions": "Discussions per condition",
    "annotation_window": "Context for annotators (comments)",
    # Models
    "base_url": "Server URL",
    "batch_tokens": "Tokens per batch",
    "cache_gb": "Cache (GB)",
    "chat_template_kwargs": "Chat template settings",
    "dtype": "Number format",
    "extra_body": "Further request settings",
    "generation_kwargs": "Generation settings",
    "max_concurrency": "Requests at once",
    "max_out_tokens": "Max reply tokens",
    "max_retries": "Retries",
    "max_tokens": "Max reply tokens",
    "max_wait_s": "Longest wait between retries (seconds)",
    "model_kwargs": "Model settings",
    "model_path": "Model name or folder",
    "patience_s": "Retry for (seconds)",
    "path": "File",
    "timeout_s": "Time limit (seconds)",
    "tokenizer_kwargs": "Tokenizer settings",
    "top_k": "Top-k",
    "top_p": "Top-p",
    # Rules of speaking and stopping
    "by": "Said by",
    "p": "Probability of a reply",
    "rule": "Comments between turns of the host",
    "silences": "Silences in a row",
    "then": "Among the others",
    # Scales
    "shuffle": "Shuffle the options",
    "unit": "Labelled unit",
    # Labelling
    "run": "Discussions folder",
}

_INNER: Mapping[str, str] = {"models": "Models"}  # of `Replicas`; those of a design stand beside its main model


def field_label(name: str, inner: bool = False) -> str:
    """Return the label of a field, setting or attribute; of one that is not known, its name as words.

    Parameters
    ----------
    name : str
    inner : bool
        Whether it is an argument of a part of a design, such as a model.

    Examples
    --------
    >>> field_label("current_employment"), field_label("years_in_town"), field_label("AGE")
    ('Occupation', 'Years in town', 'AGE')
    """
    words = name.replace("_", " ").strip()
    return (inner and _INNER.get(name)) or _LABELS.get(name) or words[:1].upper() + words[1:]


def attribute_lines(attributes: Sequence[str]) -> tuple[str, ...]:
    """Return what an actor is told about itself, under the labels of the fields, without the name.

    The name stands beside it wherever it is shown.

    Parameters
    ----------
    attributes : sequence of str
        As `LLMActor.attributes`.

    Examples
    --------
    >>> attribute_lines(["username: Maya", "current_employment: nurse", "Likes tea"])
    ('Occupation: nurse', 'Likes tea')
    """
    split = [line.partition(": ") for line in attributes if not line.startswith("username: ")]
    return tuple(
        f"{field_label(name)}: {value}" if value and name.isidentifier() else f"{name}{mark}{value}"
        for name, mark, value in split
    )


def with_label(message: str, name: str) -> str:
    """Return an error message for the screen: with the label of the field in place of its name.

    A name such as `sex` may be a word of the message, too: it is replaced only where its value is told.

    Parameters
    ----------
    message : str
    name : str
        The field at fault.

    Examples
    --------
    >>> with_label("turns is 0, but must be a whole number of 1 or more.", "turns")
    'Number of turns is 0, but must be a whole number of 1 or more.'
    """
    if not name:
        return message
    if "_" in name:  # no word of a sentence
        return re.sub(rf"\b{re.escape(name)}\b", field_label(name), message)
    return re.sub(rf"\b{re.escape(name)}(?= is )", field_label(name), message, count=1)


def field_place(path: str) -> str:
    """Return the label of the field at a dotted path, with the number of the item in a list; "Form" for "".

    Parameters
    ----------
    path : str
        As errors have it; items are counted from 0.

    Examples
    --------
    >>> field_place("turns"), field_place("participants.1.age"), field_place("model.models.0.base_url")
    ('Number of turns', 'Participants 2: Age', 'Model: Models 1: Server URL')
    """
    first, *inner = path.split(".")
    places = [field_label(first) or "Form"]
    for place, part in enumerate(inner, 1):
        after = "".join(inner[place : place + 1])
        if part.isdigit():
            places[-1] += f" {int(part) + 1}"
        elif after.isdigit() or not after:  # a list, or the field itself
            places.append(field_label(part, inner=True))
    return ": ".join(places)
