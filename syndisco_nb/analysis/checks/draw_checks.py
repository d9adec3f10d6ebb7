"""Checks of what is drawn for each discussion: its participants and its topic."""

from collections import Counter
from dataclasses import replace
from typing import Any

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.finding import Finding, strongest, undecided
from syndisco_nb.analysis.checks.tally import Tally
from syndisco_nb.backend.topics import Topic, check_topic, topic_title
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.jobs.random_draws import needed_names
from syndisco_nb.wording import count


def participants(records: ConditionRecords) -> Finding | None:
    """Check whether all people are equally likely to take part, but for those whom a rule or a topic needs.

    All people together by chi-square for draws without replacement (simulated where counts are small), and the one
    farthest from the expected number by an exact binomial test, corrected for the number of people.
    """
    spec = records.spec
    if spec is None or not records.own:
        return None
    people = [user["name"] for user in spec["users"]]
    manager = TurnManager.remake(spec["turn_manager"])
    if len(people) == spec["num_active_users"]:
        return None
    if manager is None:
        return undecided("The turn manager is your own, so nobody knows here whom it needs in every discussion.")
    tally = Tally(6)
    chances: dict[str, list[float]] = {name: [] for name in people}
    drawn: Counter[str] = Counter()
    topics = _topics(spec)
    for transcript in records.own:
        names = [user.name for user in transcript.users]
        needed = needed_names(topics.get(transcript.topic, ""), manager)
        pool = [name for name in people if name not in needed]
        cast = [name for name in names if name in pool]
        tally.add_sample(pool, cast)
        drawn.update(cast)
        for name in pool:
            chances[name].append(len(cast) / len(pool))
    return strongest(_tests(tally, chances, drawn, "takes part")) if tally.n else None


def topics(records: ConditionRecords) -> Finding | None:
    """Check whether all topics are equally likely; tests as of `participants`."""
    spec = records.spec
    if spec is None or not records.own or len(spec["topics"]) < 2:
        return None
    titles = Counter(topic_title(check_topic(topic)) for topic in spec["topics"])
    tally = Tally(7)
    chances = {title: [number / titles.total()] * len(records.own) for title, number in titles.items()}
    drawn = Counter(transcript.topic for transcript in records.own)
    for title in drawn.elements():
        if title in titles:
            tally.add(tuple(titles), [number / titles.total() for number in titles.values()], title)
    return strongest(_tests(tally, chances, drawn, "is the topic")) if tally.n else None


def _tests(tally: Tally, chances: dict[str, list[float]], drawn: Counter[str], part: str) -> list[Finding]:
    """Return the test of all outcomes together, and that of the one farthest from its expected number."""
    from scipy.stats import binomtest

    single = {
        name: float(binomtest(drawn[name], len(of_one), sum(of_one) / len(of_one)).pvalue)
        for name, of_one in chances.items()
        if of_one
    }
    found = tally.finding(
        lambda name, share, expected: (
            f"{str(name)!r} {part} in {share:.0%} of {count(tally.n, 'discussion')}; by chance it would be "
            f"{expected:.0%}. Not all of them are equally likely."
        )
    )
    return [found, replace(found, p=min(1.0, len(single) * min(single.values())))]


def _topics(spec: Any) -> dict[str, Topic]:
    """Return the topics by title."""
    checked = [check_topic(topic) for topic in spec["topics"]]
    return {topic_title(topic): topic for topic in checked}
