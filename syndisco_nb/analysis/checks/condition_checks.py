"""Checks of conditions: whether they follow their settings, differ only in what was varied, and met the same hours."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import pydantic_core

from syndisco_nb.analysis.checks.check_table import CheckStatus
from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.finding import Finding, exact
from syndisco_nb.backend.topics import topic_title
from syndisco_nb.builder.design import Design, Settings
from syndisco_nb.errors import RecordError
from syndisco_nb.records import Transcript
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.running.head_problems import spec_form
from syndisco_nb.runs.order_of_work import read_order
from syndisco_nb.wording import count, listed, more

_HOURS = 1.0
"""Hours that the discussions of two conditions may be apart."""

_FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "participants": ("model",),
    "per_discussion": ("participants", "model"),
    "topics": ("participants", "model"),
    "turn_taking": ("participants", "model"),
    "models": ("model",),
}
"""Settings that may differ as well, where these are varied: a topic or a rule may need certain people."""


def settings_kept(records: ConditionRecords) -> Finding | None:
    """Check whether the discussions have the settings, people and topics of their run.json."""
    spec = records.spec
    if spec is None:
        return None
    people = [spec_form(user) for user in spec["users"]]
    wrong: list[str] = []
    for talk in records.own:
        names: list[str] = [
            name
            for name in ("num_turns", "window", "window_counts", "turn_manager", "stop")
            if name in spec and pydantic_core.to_jsonable_python(talk.settings.get(name)) != spec[name]
        ]
        names += ["moderator"] if spec_form(talk.moderator) != spec_form(spec.get("moderator")) else []
        names += ["participants"] if any(spec_form(user) not in people for user in talk.users) else []
        names += [] if len(talk.users) == spec["num_active_users"] else ["number of participants"]
        wrong += [f"discussion {talk.index} ({', '.join(names)})"] if names else []
    explanation = (
        f"{count(len(wrong), 'discussion')} of {len(records.own):,} were not held as run.json says: {listed(wrong, 3)}."
        " Files were changed, or come from another run."
    )
    return exact(len(wrong), len(records.own), explanation)


def conditions(
    groups: Mapping[str, ConditionRecords], varied: Collection[str], design: Design | None
) -> Finding | None:
    """Check whether each condition has its own level of what is varied, and paired discussions are equal in all else.

    Parameters
    ----------
    groups : mapping of str to ConditionRecords
        By condition.
    varied : collection of str
        The varied settings.
    design : Design, optional
        The design of the study, if it is at hand; without it, two conditions that were swapped look right.
    """
    if len(groups) < 2 or not varied:
        return None
    n = sum(len(group.own) for group in groups.values())
    moved = list(_moved(groups, design)) if design else []
    if moved:
        return exact(len(moved), n, _moved_text(moved))
    allowed = {*varied, *(other for setting in varied for other in _FOLLOWS.get(setting, ()))}
    first, *others = groups
    baseline = {talk.index: _content(talk) for talk in groups[first].own}
    different: Counter[str] = Counter()
    pairs = 0
    cases = 0
    for condition in others:
        for talk in groups[condition].own:
            if talk.index in baseline:
                pairs += 1
                names = _differences(baseline[talk.index], _content(talk), allowed)
                different.update(f"{name} ({first} – {condition})" for name in names)
                cases += bool(names)
    explanation = (
        f"{count(cases, 'pair')} of {pairs:,} paired discussions differ in more than {', '.join(sorted(varied))}: "
        f"{listed(list(different), 3)}. A difference between these conditions may come from that."
    )
    return exact(cases, pairs, explanation)


def same_hours(groups: Mapping[str, ConditionRecords], varied: Collection[str]) -> Finding | None:
    """Check whether the discussions of all conditions were held at about the same time.

    The figure is the distance in hours between the conditions' median times at which discussions were begun.

    Parameters
    ----------
    groups, varied
        As in `conditions`.
    """
    times = {condition: found for condition, group in groups.items() if (found := _times(group))}
    if len(times) < 2 or not varied:
        return None
    middle = {condition: found[len(found) // 2] for condition, found in times.items()}
    first, last = min(middle, key=middle.__getitem__), max(middle, key=middle.__getitem__)
    apart = (middle[last] - middle[first]).total_seconds() / 3600
    explanation = (
        f"Most discussions of {first!r} were begun around {middle[first]:%Y-%m-%d %H:%M}, and those of {last!r} around "
        f"{middle[last]:%Y-%m-%d %H:%M} (UTC). If a server changed meanwhile, a difference between these conditions "
        "may come from that. Conditions that are run in one call meet the same hours; study.order shows them."
    )
    is_far = apart > _HOURS
    status: CheckStatus = "warn" if is_far else "pass"
    number = sum(map(len, times.values()))
    return Finding(round(apart, 2), f"≤ {_HOURS:g}", number, explanation if is_far else "", status)


def _times(group: ConditionRecords) -> list[datetime]:
    """Return when the discussions were begun, sorted; nothing where that is not on record."""
    try:
        spans = read_order(group.run.folder) if group.run else []
    except RecordError:  # `verify` names it
        return []
    begun = {span.unit: span.began for span in spans}
    return sorted(begun[name] for talk in group.own if (name := discussion_name(talk.index)) in begun)


def _moved(groups: Mapping[str, ConditionRecords], design: Design) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the discussions without the settings of their condition.

    With the name of the condition, that of another whose settings they have ("" for none), and the wrong settings.
    """
    expected = {name: _expected(settings) for name, settings in design.conditions().items()}
    for condition, group in groups.items():
        for talk in group.own if condition in expected else ():
            content = _content(talk)
            if wrong := _misfits(content, expected[condition]):
                fitting = [name for name, wanted in expected.items() if not _misfits(content, wanted)]
                yield talk.index, condition, fitting[0] if fitting else "", wrong


def _moved_text(moved: list[tuple[int, str, str, list[str]]]) -> str:
    """Return the explanation of discussions in the wrong condition."""
    ways = Counter((condition, of) for _, condition, of, _ in moved)
    texts = []
    for (condition, of), number in ways.items():
        if of:
            texts.append(f"{condition!r} holds {count(number, 'discussion')} with the settings of {of!r}")
        else:
            names = dict.fromkeys(
                name for _, own, other, wrong in moved if (own, other) == (condition, of) for name in wrong
            )
            texts.append(
                f"{condition!r} holds {count(number, 'discussion')} with another {', '.join(names)} than designed"
            )
    swapped = any((of, condition) in ways for condition, of in ways if of)
    verdict = (
        "These conditions are swapped, and so is the sign of every difference between them."
        if swapped
        else ("They do not tell what the design says they tell.")
    )
    shown = texts[:3] + ([more(len(texts) - 3)] if len(texts) > 3 else [])
    return f"{'; '.join(shown)}. {verdict}"


def _content(talk: Transcript) -> dict[str, Any]:
    """Return what a discussion was held with, by setting of a design."""
    moderator = talk.moderator
    return {
        "topics": talk.topic,
        "participants": tuple((user.name, user.attributes) for user in talk.users),
        "per_discussion": len(talk.users),
        "context": {user.context for user in talk.users},
        "instructions": {user.instructions for user in talk.users},
        "model": {user.name: (user.model, user.model_digest) for user in talk.users},
        "moderator": (moderator.name, moderator.instructions, moderator.attributes) if moderator else None,
        "turn_taking": _plain(talk.settings.get("turn_manager")),
        "window": talk.settings.get("window"),
        "window_counts": talk.settings.get("window_counts", "all"),
        "turns": talk.settings.get("num_turns"),
        "stop": _plain(talk.settings.get("stop", [])),
    }


def _expected(settings: Settings) -> dict[str, Any]:
    """Return what the discussions of a condition are to be held with; of people and topics, all that may occur."""
    moderator = settings.moderator
    manager = settings.turn_taking
    return {
        "topics": {topic_title(topic) for topic in settings.topics},
        "participants": {(one.username, tuple(one.to_attribute_list())) for one in settings.participants},
        "per_discussion": settings.per_discussion,
        "context": {settings.context},
        "instructions": {settings.instructions},
        "moderator": (moderator.name, moderator.instructions, tuple(moderator.attributes)) if moderator else None,
        "turn_taking": _plain(manager.make().settings()) if manager else {"type": "RoundRobin"},
        "window": settings.window,
        "window_counts": settings.window_counts,
        "turns": settings.turns,
        "stop": _plain([condition.make().settings() for condition in settings.stop]),
    }


def _misfits(content: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Return the settings that a discussion does not have."""
    return [name for name, wanted in expected.items() if not _fits(name, content[name], wanted)]


def _fits(name: str, value: Any, wanted: Any) -> bool:
    if name == "topics":
        return value in wanted
    return set(value) <= wanted if name == "participants" else bool(value == wanted)


def _differences(one: Mapping[str, Any], other: Mapping[str, Any], allowed: Collection[str]) -> list[str]:
    """Return the settings in which two paired discussions differ, but for those that may."""
    names = [name for name in one if name not in allowed and name != "model" and one[name] != other[name]]
    shared = one["model"].keys() & other["model"].keys()
    if "model" not in allowed and any(one["model"][name] != other["model"][name] for name in shared):
        names.append("model")
    return names


def _plain(value: Any) -> Any:
    return pydantic_core.to_jsonable_python(value)
