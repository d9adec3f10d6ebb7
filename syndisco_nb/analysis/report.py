"""`Report`: everything that a reader needs to believe, or doubt, the claim of a study."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from syndisco_nb.analysis.agreement import ALL, Agreement, agreement, alpha_text
from syndisco_nb.analysis.checks.all_checks import checks
from syndisco_nb.analysis.checks.check_table import Checks
from syndisco_nb.analysis.contrasts.contrast import Contrast
from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.analysis.contrasts.measuring import measured_values
from syndisco_nb.analysis.deviations import deviations
from syndisco_nb.analysis.figures.forest import estimate_text
from syndisco_nb.analysis.frames.scored_scales import is_numeric, scales_of
from syndisco_nb.analysis.measures.measure_table import measures
from syndisco_nb.analysis.methods_paragraph import methods_paragraph
from syndisco_nb.analysis.plotting import plot_speakers, plot_turns
from syndisco_nb.analysis.validation.validating import validate
from syndisco_nb.analysis.validation.validation import TENTATIVE, ScaleValidation, Validation
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.study import Study
from syndisco_nb.builder.study_file import read_study
from syndisco_nb.builder.study_stage import StudyStage
from syndisco_nb.errors import SyndiscoError, require, require_text
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.sources import Held, Material, gather
from syndisco_nb.shown import Exported
from syndisco_nb.wording import count, listed

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes
    from syndisco_nb.doors import PathLike

_ENDINGS = (".html", ".md")
_CHOICES = 6
"""Labels of a scale without numbers whose shares are contrasted."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Effect:
    """The difference that one setting makes to one measure.

    Attributes
    ----------
    measure : str
    contrast : Contrast or str
        Or the reason why there is none.
    turns : FigureAxes or str
        The measure turn by turn, or the reason why there is no figure.
    """

    measure: str
    contrast: Contrast | str
    turns: "FigureAxes | str"


@dataclass(frozen=True, eq=False, repr=False)
class Report(Exported):
    """A study from question to claim; see `Analysed.report`.

    Attributes
    ----------
    question : str
    material : Material
        The records behind it.
    design : Design or None
        The settings of the study, if a study is reported.
    checks : Checks or str
        This, and other parts, may be the reason why it cannot be computed.
    agreement : Agreement or str
    validation : Validation or str
        The labels beside people's.
    effects : tuple of Effect
        For each scale and each varied setting.
    speakers : FigureAxes or str
    measures : DataFrame or str
        One row per discussion.
    methods : str
        A paragraph for a paper.
    deviations : tuple of str
    file : Path or None
        The file that it was written to.
    """

    question: str
    material: Material
    design: Design | None
    checks: Checks | str
    agreement: Agreement | str
    validation: Validation | str
    effects: tuple[Effect, ...]
    speakers: "FigureAxes | str"
    measures: "pd.DataFrame | str"
    methods: str
    deviations: tuple[str, ...]
    file: Path | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """The reasons not to believe the claim: failed checks first, then labels, then broken assumptions."""
        found = []
        if not isinstance(self.checks, str):
            found += [f"Check {row.name}: {row.explanation}" for row in (*self.checks.failed, *self.checks.warned)]
        found += self._doubts_of_labels()
        measures: dict[tuple[str, str], list[str]] = {}  # by what is compared, and the reason
        for effect in self.effects:
            if not isinstance(effect.contrast, str):
                for text in effect.contrast.warnings:
                    measures.setdefault((effect.contrast.by, text), []).append(effect.measure)
        return (*found, *(f"{listed(names)} by {by}: {text}" for (by, text), names in measures.items()))

    def __repr__(self) -> str:
        talks = count(len(self.material.transcripts), "discussion")
        written = f", written to {self.file}" if self.file else ""
        return f"<Report of {talks}: {count(len(self.effects), 'effect')}, {count(len(self.doubts), 'doubt')}{written}>"

    def _doubts_of_labels(self) -> list[str]:
        if not self.material.labels:
            return []
        found = []
        if not isinstance(self.agreement, str):
            found += [
                f"{row.scale}: the annotators hardly agree (Krippendorff's alpha {alpha_text(row.alpha)}, below .667)."
                for row in self.agreement.rows
                if row.annotators == ALL and row.alpha is not None and row.alpha < TENTATIVE
            ]
        if isinstance(self.validation, str):
            return [*found, f"Nothing shows that people would give these labels. {self.validation}"]
        for row in self.validation.rows:
            if row.trust == "not reliable":
                alpha = f"Krippendorff's alpha {alpha_text(row.alpha)}, below .667"
                found.append(f"{row.scale}: {row.annotator} hardly agrees with people ({alpha}).")
            found += self._undone(row)
        return [*found, *self.validation.warnings]

    def _undone(self, row: ScaleValidation) -> list[str]:
        """Return the differences that are no longer seen once they are corrected for an annotator's errors."""
        seen = {
            one.name
            for effect in self.effects
            if effect.measure == row.scale and not isinstance(effect.contrast, str)
            for one in effect.contrast.comparisons
            if one.interval[0] > 0 or one.interval[1] < 0
        }
        return [
            f"{row.scale}: corrected for the errors of {row.annotator}, {name} is "
            f"{estimate_text(one.estimate, *one.interval)}, which does not exclude 0."
            for name, one in row.corrected.items()
            if name in seen and one.interval[0] <= 0 <= one.interval[1]
        ]


def report(
    source: Any,
    path: "PathLike | None" = None,
    question: str = "",
    by_hand: Any = None,
    roles: Any = None,
    draws: int = 2000,
    seed: int = 0,
) -> Report:
    """Return a report, and write it to a file; see `Analysed.report`.

    Parameters
    ----------
    source : object
        Anything that `gather` takes.
    path, question, by_hand, roles, draws, seed
        As in `Analysed.report`.
    """
    require_text("question", question)
    file = None if path is None else as_path("path", path)
    require(
        file is None or file.suffix.lower() in _ENDINGS,
        f"path is {str(file)!r}, but must end in {' or '.join(_ENDINGS)}.",
        "path",
    )
    material = gather(source)
    require(
        material.transcripts or material.labels,
        "There are no discussions and no labels yet. Run the study first.",
        "source",
    )
    runs = _runs(source, material)
    heads = [read_head(run.folder) for _, run in runs]
    software = {name: version for head in heads for name, version in head.software.items()}
    made = Report(
        question=question.strip(),
        material=material,
        design=source.design if isinstance(source, Study) else None,
        checks=_attempt(lambda: checks(source)),
        agreement=_attempt(lambda: agreement([held.record for held in material.labels]))
        if material.labels
        else "There are no labels.",
        validation=_validation(material, by_hand, roles, seed),
        effects=tuple(_effects(material, roles, draws, seed)),
        speakers=_attempt(lambda: plot_speakers(material, roles=roles)),
        measures=_attempt(lambda: measures(material, roles=roles)),
        methods=methods_paragraph(material, list(dict.fromkeys(head.seed for head in heads)), software),
        deviations=deviations(material, runs, _stages(source)),
        file=file,
    )
    if file:
        made.to_html(file) if file.suffix.lower() == ".html" else save_file(file, made.to_markdown())
    return made


def _effects(material: Material, roles: Any, draws: int, seed: int) -> list[Effect]:
    effects = []
    for measure, label in _scales(material):
        turns = _attempt(lambda: plot_turns(measured_values(material, measure, label, roles), seed=seed))  # noqa: B023
        for by in material.settings or ("condition",):
            settings = {"by": by, "label": label, "roles": roles, "draws": draws, "seed": seed}
            made = _attempt(lambda: contrast(material, measure, **settings))  # noqa: B023
            name = measure if label is None else f"{measure}: {label}"
            effects.append(Effect(name, made, turns))
    return effects


def _scales(material: Material) -> list[tuple[str, str | None]]:
    """Return the scales with numbers, and of others each label."""
    scales = {name: scale for held in material.labels for name, scale in scales_of(held.record).items()}
    found: list[tuple[str, str | None]] = []
    for name, scale in scales.items():
        found += [(name, None)] if is_numeric(scale) else [(name, label) for label in scale.labels[:_CHOICES]]
    return found


def _validation(material: Material, by_hand: Any, roles: Any, seed: int) -> Validation | str:
    if not material.labels:
        return "There are no labels."
    if by_hand is None:
        return "Nobody labelled by hand. Give such labels: report(…, by_hand=…)."
    return _attempt(lambda: validate(material, by_hand, roles=roles, seed=seed))


def _attempt(make: Callable[[], T]) -> T | str:
    """Return what is made, or the reason why it cannot be."""
    try:
        return make()
    except SyndiscoError as error:
        return str(error)


def _stages(source: Any) -> tuple[StudyStage, ...]:
    return read_study(source.folder).stages if isinstance(source, Study) else ()


def _runs(source: Any, material: Material) -> list[tuple[str, Run[Any]]]:
    """Return the runs behind a source with their conditions, also those of which nothing is finished."""
    own = source.items() if isinstance(source, ConditionRuns) else [("", source)] if isinstance(source, Run) else ()
    held: tuple[Held[Any], ...] = (*material.transcripts, *material.labels)
    read = [(one.condition, one.run) for one in held if one.run]
    return list({run.folder.resolve(): (condition, run) for condition, run in (*own, *read)}.values())
