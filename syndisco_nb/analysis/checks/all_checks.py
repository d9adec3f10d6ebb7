"""`checks`: all checks of a study, a run or labels."""

from collections.abc import Callable, Mapping
from typing import Any

from syndisco_nb.analysis.checks.check_table import Checks
from syndisco_nb.analysis.checks.condition_checks import conditions, same_hours, settings_kept
from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.draw_checks import participants, topics
from syndisco_nb.analysis.checks.finding import Finding, combined, decided
from syndisco_nb.analysis.checks.label_checks import (
    annotator_apart,
    constant_labels,
    low_mass,
    missing_labels,
    off_scale,
    option_order,
    partly_scored,
)
from syndisco_nb.analysis.checks.prompt_checks import label_window, window
from syndisco_nb.analysis.checks.seed_checks import seed_effect, seeds, seeds_of_labels
from syndisco_nb.analysis.checks.text_checks import (
    copied_prompts,
    copies,
    empty_quotes,
    languages,
    silences,
    truncation,
)
from syndisco_nb.analysis.checks.turn_checks import first_speaker, moderator_due, turn_taking
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.study_file import read_study
from syndisco_nb.errors import require
from syndisco_nb.records import Transcript
from syndisco_nb.runs.layout import STUDY_FILE
from syndisco_nb.runs.sources import Held, Material, gather

OneCheck = Callable[[ConditionRecords], Finding | None]

OF_CONDITIONS: Mapping[str, OneCheck] = {
    "turn taking": turn_taking,
    "first speaker": first_speaker,
    "participants drawn": participants,
    "topics drawn": topics,
    "moderator": moderator_due,
    "settings": settings_kept,
    "window": window,
    "silences": silences,
    "empty quotes": empty_quotes,
    "cut-off replies": truncation,
    "copies": copies,
    "copied prompts": copied_prompts,
    "languages": languages,
    "seeds": seeds,
    "seeds make a difference": seed_effect,
}
"""Checks of the discussions of one condition, by name. None of them, None from one: there is nothing of that kind."""

OF_LABELS: Mapping[str, OneCheck] = {
    "annotators' window": label_window,
    "labels on their scale": off_scale,
    "answers without a label": missing_labels,
    "constant labels": constant_labels,
    "annotator apart": annotator_apart,
    "order of options": option_order,
    "mass of labels": low_mass,
    "probabilities of labels": partly_scored,
    "seeds of labels": seeds_of_labels,
}
"""Checks of all labels together, by name."""


def checks(*sources: Any) -> Checks:
    """Check whether what was configured really happened, and whether labels are fit to be used.

    Each check passes, warns, fails, or cannot tell, for lack of data or because a rule is the user's own. Tests are
    corrected together (Holm, 1979, *Scandinavian Journal of Statistics* 6), so that the probability of a false alarm
    anywhere is at most .05. A check of several conditions shows the worst of them.

    Parameters
    ----------
    *sources : Study, Run, labels, transcripts, annotation sets, or paths
        As `gather` takes them. Labels bring their discussions along where these can be found.

    Returns
    -------
    Checks
        Failures first.

    Raises
    ------
    InvalidInputError
        If there are no discussions and no labels in them.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, topic="Tax?", num_turns=20, seed=1).run()
    >>> checks(talk)["turn taking"].status
    'pass'
    """
    material = gather(*sources)
    require(
        material.transcripts or material.labels,
        "There are no discussions and no labels to check. Run the study first.",
        "sources",
    )
    groups = _groups(material)
    everything = ConditionRecords.of(material.transcripts, material.labels)
    findings: dict[str, tuple[str, Finding]] = {}
    for name, check in OF_CONDITIONS.items():
        found = {condition: one for condition, group in groups.items() if (one := check(group)) is not None}
        if found:
            findings[name] = combined(found)
    for name, check in OF_LABELS.items():
        of_labels = check(everything)
        if of_labels is not None:
            findings[name] = "", of_labels
    of_conditions = conditions(groups, material.settings, _design(material))
    if of_conditions is not None:
        findings["conditions"] = "", of_conditions
    hours = same_hours(groups, material.settings)
    if hours is not None:
        findings["hours of conditions"] = "", hours
    return Checks(tuple(decided(findings)))


def _groups(material: Material) -> dict[str, ConditionRecords]:
    """Return the records by condition; outside a study, by run."""
    found: dict[tuple[str, str], list[Held[Transcript]]] = {}
    for held in material.transcripts:
        found.setdefault((held.condition, str(held.run.folder) if held.run else ""), []).append(held)
    names = [condition or (folder if len(found) > 1 else "") for condition, folder in found]
    return {name: ConditionRecords.of(talks, ()) for name, talks in zip(names, found.values(), strict=True)}


def _design(material: Material) -> Design | None:
    """Return the design of the study that the discussions are from, if they are from one."""
    folders = {held.run.folder.parent for held in material.transcripts if held.run and held.condition}
    for folder in folders:
        if (folder / STUDY_FILE).exists():
            return read_study(folder)[0]
    return None
