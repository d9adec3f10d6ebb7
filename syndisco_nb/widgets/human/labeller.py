"""`Labeller`: labelling by hand, with the comment in its context and the scale as buttons and number keys."""

from collections.abc import Callable
from typing import Any

from syndisco_nb.analysis.agreement import ALL, AgreementRow, agreement, alpha_text
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.experiments.labelling import Labelling
from syndisco_nb.experiments.labelling_sources import OtherLabels
from syndisco_nb.experiments.open_label import GivenLabel, OpenLabel
from syndisco_nb.records import AnnotationSet, Label, Unit, Value
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.runs.run import Run
from syndisco_nb.widgets.human.label_buttons import ends_of, keys_of, question_of
from syndisco_nb.widgets.human.label_pace import LabelPace
from syndisco_nb.widgets.human.person_widget import FILES, STYLE, PersonAction, PersonWidget, talk_rows
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.wording import count, label_text, shortened

_HISTORY, _EXCERPT = 30, 70
"""Labels that the page lists, the last ones, and characters of each text in it."""


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

    actions = ("label", "skip", "undo", "reveal", "back", "forward", "go", "again", "go_on")

    def __init__(self, labelling: Labelling, others: OtherLabels | None = None) -> None:
        self._labelling = labelling
        self._others = others if others is None or isinstance(others, Run | AnnotationSet) else tuple(others)
        self._revealed: dict[tuple[str, tuple[Unit, int | str]], list[tuple[str, Label]]] = {}
        self._position = labelling.position  # that of the label shown
        self._drafts: dict[int, str] = {}  # texts typed elsewhere, by position
        self._pace = LabelPace()
        super().__init__(labelling)
        self.refresh()

    def label(self, value: Value) -> Label:
        """Give the label that is asked for, as the buttons do; raises the errors of `Labelling.label`."""
        label = self._labelling.label(value)
        self.draft = ""
        self._pace.add(label.generation.seconds)
        self.set_news(f"Saved: {_label_text(label)}.")
        self.refresh()
        return label

    def skip(self) -> Label:
        """Skip the label that is asked for, as the button does. A text typed for it is kept until it comes up again."""
        label = self._labelling.skip()
        self.set_news(f"Skipped: {_label_text(label)}.")
        self.refresh()
        return label

    def undo(self) -> Label:
        """Take back the last label, as the button does. A text is in the box again."""
        label = self._labelling.undo()
        if isinstance(label.value, str) and not label.options and self._labelling.position is not None:
            self._drafts[self._labelling.position] = label.value
        self.set_news("Undone.")
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
            labelling = self._labelling
            asked = labelling.current
            self._change_draft(asked)
            done, total = labelling.progress
            shown = {
                "person": clean(labelling.annotator),
                "done": done,
                "total": total,
                "skipped": len(labelling.skipped),
                "pace": self._pace.text(total - done),
                "instructions": clean(labelling.instructions),
                "folder": clean(str(labelling.folder)),
                "others": self._others is not None,
                "away": labelling.is_away,
                "position": self._position,
                "history": [_history_row(given) for given in labelling.history(_HISTORY)],
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

    def _change_draft(self, asked: OpenLabel | None) -> None:
        """Keep the text typed for the label that was shown, and take up that of the one shown now."""
        position = self._labelling.position
        if position == self._position:
            return
        if self._position is not None:
            self._drafts[self._position] = self.draft
        self._position = position
        given = asked.given.get(asked.scale.name) if asked and not asked.scale.labels else None
        kept = self._drafts.pop(position, "") if position is not None else ""
        self.draft = kept or (given if isinstance(given, str) else "")

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

    def _back(self, action: PersonAction) -> None:
        self._move(self._labelling.step_back)

    def _forward(self, action: PersonAction) -> None:
        self._move(self._labelling.step_forward)

    def _go(self, action: PersonAction) -> None:
        self._move(lambda: self._labelling.go_to(int(action.text)))

    def _again(self, action: PersonAction) -> None:
        self._move(self._labelling.take_up_skipped)

    def _go_on(self, action: PersonAction) -> None:
        self._move(self._labelling.go_on)

    def _move(self, move: Callable[[], None]) -> None:
        self.set_news("")
        move()

    def _check(self, action: PersonAction) -> None:
        asked = self._labelling.current
        require(
            action.at == (_place(asked) if asked else ""),
            "This was labelled meanwhile, perhaps in another cell. The next one is shown now.",
        )

    def _question(self, asked: OpenLabel) -> dict[str, Any]:
        revealed = self._revealed.get((asked.discussion, asked.key[:2]))
        scale = next(one for one in self._labelling.scales if one.name == asked.scale.name)
        given = {name: "skipped" if value is None else label_text(value) for name, value in asked.given.items()}
        now = given.pop(scale.name, "")
        ends = ends_of(scale)
        return {
            "at": _place(asked),
            "where": clean(_where(asked)),
            "within": _within(self._labelling.progress_in_discussion, len(self._labelling.discussions)),
            "whole": asked.unit.comment is None,
            "alone": self._labelling.window == 1,
            "about": clean(asked.unit.name) if asked.unit.unit == "participant" else "",
            "scale": clean(scale.name),
            "question": clean(question_of(scale, asked.unit.name)),
            "ends": [clean(end) for end in ends] if ends else [],
            "labels": [[label, clean(label), keys] for label, keys in keys_of(asked.scale).items()],
            "given": [[clean(name), clean(text)] for name, text in given.items()],
            "now": clean(now),
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
    return place if asked.blind else f"{place} in {unit_text(asked.discussion)}"


def _within(progress: tuple[int, int, int] | None, discussions: int) -> str:
    """Return how far the discussion is labelled, in words; "" where that would tell too much."""
    if progress is None or discussions == 1:
        return ""
    number, given, asked = progress
    left = discussions - number
    within = f"this discussion: {given:,} of {count(asked, 'label')}"
    return f"{within} · {count(left, 'more discussion')}" if left else f"{within} · last discussion"


def _history_row(given: GivenLabel) -> list[Any]:
    """Return position, name, beginning of the text, scale and label, as the page lists them."""
    texts = (given.name, shortened(given.text, _EXCERPT), given.scale)
    value = "" if given.value is None else shortened(label_text(given.value), _EXCERPT)
    return [given.position, *map(clean, texts), clean(value)]


def _label_text(label: Label) -> str:
    value = "" if label.value is None else f" {shortened(label_text(label.value), 40)}"
    return f"{label.scale}{value} for {label.key if label.comment is None else label.name}"
