"""`Labeller`: labelling by hand, with the comment in its context and the scale as buttons and number keys."""

from typing import Any

from syndisco_nb.analysis.agreement import ALL, AgreementRow, agreement, alpha_text
from syndisco_nb.backend.scale import Scale
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.experiments.labelling import Labelling
from syndisco_nb.experiments.labelling_sources import OtherLabels
from syndisco_nb.experiments.open_label import OpenLabel
from syndisco_nb.records import AnnotationSet, Label, Unit, Value
from syndisco_nb.runs.run import Run
from syndisco_nb.widgets.human.person_widget import FILES, STYLE, PersonAction, PersonWidget, talk_rows
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.wording import count, label_text, shortened

_DIGITS = "123456789"


class Labeller(PersonWidget):
    """A widget that asks a person for one label after another, and saves each; see `Labelling.widget`.

    Parameters
    ----------
    labelling : Labelling
    others : Run, AnnotationSet or iterable of AnnotationSet, optional
        Labels by others, hidden until the person asks for them.
    """

    _esm = join_modules(FILES / "labeller.js")
    _css = STYLE

    actions = ("label", "skip", "undo", "reveal")

    def __init__(self, labelling: Labelling, others: OtherLabels | None = None) -> None:
        self._labelling = labelling
        self._others = others if others is None or isinstance(others, Run | AnnotationSet) else tuple(others)
        self._revealed: dict[tuple[str, tuple[Unit, int | str]], list[tuple[str, Label]]] = {}
        super().__init__(labelling)
        self.refresh()

    def label(self, value: Value) -> Label:
        """Give the label that is asked for, as the buttons do; raises the errors of `Labelling.label`."""
        label = self._labelling.label(value)
        self.draft = ""
        self._saved(label)
        return label

    def skip(self) -> Label:
        """Skip the label that is asked for, as the button does."""
        label = self._labelling.skip()
        self._saved(label)
        return label

    def undo(self) -> Label:
        """Take back the last label, as the button does."""
        label = self._labelling.undo()
        self.set_news(f"Taken back: {_label_text(label)}. It is asked again.")
        self.refresh()
        return label

    def reveal(self) -> list[tuple[str, Label]]:
        """Show and return the labels of others on this comment, as the button does.

        Raises
        ------
        InvalidInputError
            If there are no labels of others, or all labels are given.
        """
        if self._others is None:
            raise InvalidInputError("There are no labels of others. Give them: labelling.widget(others=run).")
        asked = self._labelling.current
        labels = self._labelling.reveal(self._others)
        if asked:
            self._revealed[asked.discussion, asked.key[:2]] = labels
        self.refresh()
        return labels

    def refresh(self) -> None:
        """Show the label that is asked for next."""
        with self._lock:
            asked = self._labelling.current
            done, total = self._labelling.progress
            shown = {
                "person": clean(self._labelling.annotator),
                "done": done,
                "total": total,
                "instructions": clean(self._labelling.instructions),
                "folder": clean(str(self._labelling.folder)),
                "others": self._others is not None,
            }
            if asked is None:
                self._show([], {**shown, "at": "", "agreement": [] if self._others is None else self._agreement()})
            else:
                self._show(
                    talk_rows(asked.comments, speaker_looks(asked.transcript)), {**shown, **self._question(asked)}
                )

    def __repr__(self) -> str:
        done, total = self._labelling.progress
        return f"<Labeller for {shortened(self._labelling.annotator)}: {done:,} of {count(total, 'label')}>"

    def _label(self, action: PersonAction) -> None:
        self._check(action)
        self.label(action.text)

    def _skip(self, action: PersonAction) -> None:
        self._check(action)
        self.skip()

    def _undo(self, action: PersonAction) -> None:
        self._check(action)
        self.undo()

    def _reveal(self, action: PersonAction) -> None:
        self._check(action)
        self.reveal()

    def _check(self, action: PersonAction) -> None:
        asked = self._labelling.current
        require(
            action.at == (_place(asked) if asked else ""),
            "This was labelled meanwhile, perhaps in another cell. What is next is shown now: label that.",
        )

    def _saved(self, label: Label) -> None:
        self.set_news(f"Skipped: {_label_text(label)}." if label.value is None else f"Saved: {_label_text(label)}.")
        self.refresh()

    def _question(self, asked: OpenLabel) -> dict[str, Any]:
        revealed = self._revealed.get((asked.discussion, asked.key[:2]))
        return {
            "at": _place(asked),
            "where": clean(_where(asked)),
            "whole": asked.unit.comment is None,
            "about": clean(asked.unit.name) if asked.unit.unit == "participant" else "",
            "scale": clean(asked.scale.name),
            "question": clean(asked.scale.asks),
            "labels": [[label, clean(label), keys] for label, keys in keys_of(asked.scale).items()],
            "given": [
                [clean(name), "skipped" if value is None else clean(label_text(value))]
                for name, value in asked.given.items()
            ],
            "shown": None
            if revealed is None
            else [[clean(name), clean(label.scale), clean(label_text(label.value))] for name, label in revealed],
        }

    def _agreement(self) -> list[str]:
        """Return the agreement between the person and the others, one line per scale."""
        assert self._others is not None  # noqa: S101
        try:
            rows = agreement(self._labelling.run, self._others).rows
        except InvalidInputError as error:
            return [str(error)]
        return [_agreement_text(row) for row in rows]


def keys_of(scale: Scale) -> dict[str, list[str]]:
    """Return the keys of each label: its own digit (0 for 10), or the digit of its place.

    Examples
    --------
    >>> from syndisco_nb import Choice, Flag, Likert
    >>> keys_of(Likert("toxicity", 0, 2))
    {'0': ['0'], '1': ['1'], '2': ['2']}
    >>> keys_of(Choice("tone", ["polite", "rude"]))
    {'polite': ['1'], 'rude': ['2']}
    >>> keys_of(Flag("sarcasm"))
    {'yes': ['1', 'y'], 'no': ['2', 'n']}
    """
    labels = scale.labels
    if set(labels) <= {*_DIGITS, "0", "10"}:
        return {label: ["0"] if label == "10" and "0" not in labels else [label] * (label != "10") for label in labels}
    keys = {label: list(_DIGITS[place : place + 1]) for place, label in enumerate(labels)}
    if scale.value_type is bool:
        keys = {label: [*digits, label[0]] for label, digits in keys.items()}
    return keys


def _agreement_text(row: AgreementRow) -> str:
    what = row.scale if row.annotators == ALL else f"{row.scale}, {row.annotators}"
    comments = count(row.comments, "comment")
    return f"{what}: {row.percent:.1f}% of {comments} labelled the same, Krippendorff's alpha {alpha_text(row.alpha)}"


def _place(asked: OpenLabel) -> str:
    return f"{asked.transcript.id} {asked.key.place} {asked.scale.name}"


def _where(asked: OpenLabel) -> str:
    """Return the comment, participant or discussion to label, as far as the person may know it."""
    place = str(asked.key)
    if asked.unit.comment is not None:
        indices = [comment.index for comment in asked.transcript]
        number = indices.index(asked.unit.comment) + 1
        place = f"turn {asked.unit.turn}" if asked.blind else f"comment {number} of {len(indices)}"
    return place if asked.blind else f"{place} in {asked.discussion}"


def _label_text(label: Label) -> str:
    what = label.scale if label.value is None else f"{label.scale} {shortened(label_text(label.value), 40)}"
    whose = f"{shortened(label.name, 40)}’s “{shortened(label.text, 60)}”"
    return f"{what} for {label.key if label.comment is None else whose}"
