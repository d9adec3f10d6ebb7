"""Pairs of discussions of two levels: same topic, same people, unless these are what was varied."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from syndisco_nb.analysis.contrasts.level_table import CONDITION, LevelTable
from syndisco_nb.records import Transcript
from syndisco_nb.runs.sources import Material

TOPIC_SETTINGS, PEOPLE_SETTINGS = {"topics"}, {"participants", "per_discussion"}


@dataclass(frozen=True, slots=True)
class Pairing:
    """Comparison of the discussions of two levels, in pairs or not, and the reason.

    Attributes
    ----------
    reason : str
        In words.
    alone : int
        Number of discussions without a partner.
    paired : bool
    verified : bool
        Whether topics and people could be compared.
    """

    reason: str
    alone: int
    paired: bool = field(kw_only=True)
    verified: bool = field(default=True, kw_only=True)


def find_pairing(table: LevelTable, level: str, baseline: str, material: Material) -> Pairing:
    """Compare the discussions of two levels by index.

    Parameters
    ----------
    table : LevelTable
    level, baseline : str
    material : Material
        Its transcripts tell topics and people.
    """
    matched = len(table.matched(level, baseline))
    alone = table.discussions(level) + table.discussions(baseline) - 2 * matched
    if not matched:
        return Pairing("no discussion of one level has the number of one of the other", alone, paired=False)
    varied = set(material.settings) if table.by == CONDITION else {table.by}
    topics_vary, people_vary = bool(varied & TOPIC_SETTINGS), bool(varied & PEOPLE_SETTINGS)
    if topics_vary and people_vary:
        return Pairing("topics and people are both varied", alone, paired=False)
    if not material.transcripts:
        reason = "by number; the discussions are not at hand, so that topics and people could not be compared"
        return Pairing(reason, alone, paired=True, verified=False)
    for name, of, vary in (("topic", _topic, topics_vary), ("people", _people, people_vary)):
        different = 0 if vary else _different(table, (level, baseline), material, of)
        if different:
            return Pairing(f"{different:,} of {matched:,} with the same number differ in {name}", alone, paired=False)
    same = "the same topic" if people_vary else "the same people" if topics_vary else "the same topic and people"
    return Pairing(f"{same} in every pair", alone, paired=True)


def _different(
    table: LevelTable, levels: tuple[str, str], material: Material, of: Callable[[Transcript], Hashable]
) -> int:
    """Return the number of pairs whose discussions differ in something."""
    found = {
        table.cell(held.condition, held.levels, held.record.index): of(held.record) for held in material.transcripts
    }
    pairs = [[found.get((place, level)) for level in levels] for place in table.matched(*levels).index]
    return sum(None not in pair and pair[0] != pair[1] for pair in pairs)


def _topic(talk: Transcript) -> Hashable:
    return talk.topic


def _people(talk: Transcript) -> Hashable:
    return frozenset((user.name, user.attributes) for user in talk.users)
