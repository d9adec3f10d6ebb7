"""Scales out of the codebook of a QDA program."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.formats.coded_labels import is_number, scale_from_labels
from syndisco_nb.formats.qdpx.qdpx_project import QdaCode, QdaCoding, QdaSource, all_codes
from syndisco_nb.wording import NO, YES

_ANSWERS = "Answer with one of: "


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """The label for which a code stands.

    Attributes
    ----------
    scale : Scale
    text : str or None
        The label; None if it is the note of each coding.
    """

    scale: Scale
    text: str | None

    def answer(self, coding: QdaCoding) -> str:
        """Return the label of a coding, as text."""
        return coding.note if self.text is None else self.text


def code_description(scale: Scale) -> str:
    """Return the description of a scale's code: the question, and the answers in their order."""
    named = any(scale.instruction().endswith(end) for end in (_answers(scale.labels), " yes or no.", "number alone."))
    return (
        scale.instruction() if named or not scale.labels else f"{scale.instruction()} {_answers(scale.labels)}".strip()
    )


def meanings_of_codes(
    codes: Sequence[QdaCode], sources: Iterable[QdaSource], given: Sequence[Scale]
) -> dict[str, CodeMeaning]:
    """Return the meaning of each code, by GUID.

    A code is a scale, and the codes below it its labels, if they are numbers, or yes and no, or if its description ends
    with "Answer with one of: …", or if it has the name of a given scale. Of other codes, one that always has a note is
    a `FreeText`, and any other a `Flag`, which is "yes" where it was coded. Scales are called like the code; where
    several would have one name, like the codes above and itself.

    Parameters
    ----------
    codes : sequence of QdaCode
    sources : iterable of QdaSource
    given : sequence of Scale
    """
    all_sources = list(sources)
    on_parts = [coding for source in all_sources for part in source.selections for coding in part.codings]
    on_wholes = [coding for source in all_sources for coding in source.codings]
    by_name = {scale.name: scale for scale in given}
    only_wholes = {coding.code for coding in on_wholes} - {coding.code for coding in on_parts}
    without_note = {coding.code for coding in [*on_parts, *on_wholes] if not coding.note}
    used = {coding.code for coding in [*on_parts, *on_wholes]}
    labels_of = {code.guid: _labels(code, by_name) for code in all_codes(codes)}
    is_label = {child.guid for code in all_codes(codes) if labels_of[code.guid] for child in code.children}
    scales = [code for code in all_codes(codes) if code.guid not in is_label]
    names = Counter(code.path[-1] for code in scales)
    meanings: dict[str, CodeMeaning] = {}
    for code in scales:
        name = code.path[-1] if names[code.path[-1]] == 1 else " / ".join(code.path)
        labels = labels_of[code.guid]
        free = not labels and code.guid in used and code.guid not in without_note
        guids = {code.guid, *(child.guid for child in code.children if labels)} & used
        unit = "discussion" if guids and guids <= only_wholes else COMMENT
        made = scale_from_labels(name, labels or (() if free else (YES, NO)), code.description, unit)
        scale = by_name.get(code.path[-1], made)
        meanings[code.guid] = CodeMeaning(scale, None if free else code.path[-1] if labels else YES)
        if labels:
            meanings |= {child.guid: CodeMeaning(scale, child.path[-1]) for child in code.children}
    return meanings


def _labels(code: QdaCode, given: Mapping[str, Scale]) -> tuple[str, ...]:
    """Return the labels of a code that is a scale, in order; empty if it is none."""
    names = tuple(dict.fromkeys(child.path[-1] for child in code.children))
    if not names:
        return ()
    if code.path[-1] in given:
        return given[code.path[-1]].labels
    if all(map(is_number, names)) or set(names) == {YES, NO}:
        return names
    listed = code.description.rpartition(_ANSWERS)[2]
    ordered = tuple(sorted(names, key=listed.find))
    return ordered if code.description.endswith(_answers(ordered)) else ()


def _answers(labels: Iterable[str]) -> str:
    return f"{_ANSWERS}{', '.join(labels)}."
