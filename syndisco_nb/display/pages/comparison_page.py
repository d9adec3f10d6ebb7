"""Two transcripts side by side: `compare`, and its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.setting_words import setting_words
from syndisco_nb.display.colours import MODERATOR, Look
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Entry, Fold, Gap, Page, SideBySide, Table
from syndisco_nb.display.pages.message_pages import make_entry
from syndisco_nb.display.pages.phrases import choose_one_hint
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.display.registry import make_page
from syndisco_nb.errors import require
from syndisco_nb.records import HARDCODED, Message, Parent, Participant, Transcript
from syndisco_nb.shown import Exported
from syndisco_nb.wording import count, shortened, value_text

_ROW = 2_000
"""Bytes of HTML for a row, without its texts."""
_CELL, _TITLE = 300, 160
_PROMPT = "prompt of "
"""Start of the name of a row with all that one speaker was told."""


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Exported):
    """Two transcripts side by side; see `compare`."""

    left: Transcript
    right: Transcript

    def __repr__(self) -> str:
        return f"<Comparison of {self.left!r} and {self.right!r}>"


def compare(left: Transcript, right: Transcript) -> Comparison:
    """Return two transcripts side by side, turn by turn, with what differs in how they were made.

    The history that a fork shares with its parent, or with another fork of it, stands there once, folded.

    Parameters
    ----------
    left, right : Transcript

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> ana, ben = (snb.LLMActor(snb.ScriptedModel("Well."), name) for name in ("Ana", "Ben"))
    >>> talk = snb.Discussion([ana, ben], topic="Bikes?", num_turns=2, seed=1).run()
    >>> other = snb.Discussion([ana, ben], topic="Cars?", num_turns=2, seed=1).run()
    >>> snb.compare(talk, other)
    <Comparison of <Transcript 0: 3 comments by Ana, Ben on 'Bikes?'>
    and <Transcript 0: 3 comments by Ana, Ben on 'Cars?'>>
    """
    for name, given in (("left", left), ("right", right)):
        require(
            isinstance(given, Transcript),
            f"{name} is {given!r}, but must be a Transcript.{choose_one_hint(given)}",
            name,
        )
    return Comparison(left, right)


@make_page.register
def comparison_page(thing: Comparison, limits: Limits) -> Page:
    """Return the page of a comparison, with any shared history once, folded."""
    left, right = thing.left, thing.right
    origin = _origin(left, right)
    shared = left.messages[: origin.messages] if origin else ()
    looks_of = speaker_looks(left, right)
    room = limits.max_bytes * 0.8
    folded, room = _folded(shared, looks_of, limits, room)
    by_turn = [_by_turn(transcript.messages[len(shared) :]) for transcript in (left, right)]
    turns = sorted({turn for side in by_turn for turn in side})
    rows = []
    for turn in turns[: limits.max_messages // 2]:
        sides = [_entries(side.get(turn, []), looks_of, limits) for side in by_turn]
        room -= _ROW + sum(_size(entry) for side in sides for entry in side)
        if room < 0:
            break
        same = _content(by_turn[0].get(turn, [])) == _content(by_turn[1].get(turn, []))
        rows.append((_turn_name(turn).removeprefix("turn "), sides[0], sides[1], same))
    hidden = len(turns) - len(rows)
    equal = sum(same for *_, same in rows)
    first = next((name for name, *_, same in rows if not same), None)
    facts = (
        *([("forked at", _turn_name(origin.at))] if origin else []),
        ("identical turns after the fork" if origin else "identical turns", f"{equal:,} of {len(rows):,}"),
        ("first difference", f"{'turn ' * first.isdigit()}{first}" if first else "none"),
    )
    different = _differences(left, right)
    tables = [Table("Different settings", ("", *_heads(left, right)), different)] if different else []
    more = f"{hidden:,} of {len(turns):,} turns not shown" if hidden else ""
    return Page(
        "Comparison",
        shortened(left.topic if left.topic == right.topic else f"{left.topic} — {right.topic}", _TITLE) or "no topic",
        facts,
        (*tables, *folded, SideBySide("Turn by turn", _heads(left, right), tuple(rows), more)),
    )


def _origin(left: Transcript, right: Transcript) -> Parent | None:
    """Return the history that two discussions share by descent; None if they are not of one family."""
    if right.parent and right.parent.id == left.id:
        return right.parent
    if left.parent and left.parent.id == right.id:
        return left.parent
    if left.parent and right.parent and left.parent.id == right.parent.id:
        return min(left.parent, right.parent, key=lambda parent: parent.messages)
    return None


def _folded(
    shared: Sequence[Message], looks_of: Mapping[str, Look], limits: Limits, room: float
) -> tuple[list[Fold], float]:
    """Return the end of the shared history, in at most a third of the room, and the room that is left."""
    if not shared:
        return [], room
    entries: list[Entry | Gap] = []
    least = room * 2 / 3
    for entry in _entries(shared[::-1][: limits.max_messages // 2], looks_of, limits):
        room -= _ROW + _size(entry)
        if room < least:
            break
        entries.append(entry)
    hidden = len(shared) - len(entries)
    if hidden:
        entries.append(Gap(f"{hidden:,} of {len(shared):,} messages not shown"))
    until = _turn_name(shared[-1].turn)
    title = until if until == "opening" else f"turns 0–{shared[-1].turn}"
    page = Page("Shared history", title, (), (Conversation("", tuple(entries[::-1])),))
    return [Fold(f"Shared history ({title}), {count(len(shared), 'message')}", page)], room


def _turn_name(turn: int) -> str:
    return f"turn {turn}" if turn else "opening"


def _heads(left: Transcript, right: Transcript) -> tuple[str, str]:
    if right.parent and right.parent.id == left.id:
        return "parent", "fork"
    if left.parent and left.parent.id == right.id:
        return "fork", "parent"
    if left.index != right.index:
        return f"discussion {left.index}", f"discussion {right.index}"
    return "left", "right"


def _by_turn(messages: Sequence[Message]) -> dict[int, list[Message]]:
    by_turn: dict[int, list[Message]] = {}
    for message in messages:
        by_turn.setdefault(message.turn, []).append(message)
    return by_turn


def _entries(messages: Sequence[Message], looks_of: Mapping[str, Look], limits: Limits) -> tuple[Entry, ...]:
    return tuple(make_entry(message, looks_of.get(message.name, MODERATOR), limits, "") for message in messages)


def _size(entry: Entry) -> int:
    return 2 * len(entry.text.encode("utf-8", "replace"))


def _content(messages: Sequence[Message]) -> list[tuple[str, str, bool]]:
    return [(message.name, message.text, message.silent) for message in messages]


def _differences(left: Transcript, right: Transcript) -> tuple[tuple[str, str, str], ...]:
    """Return the settings that differ; of what a speaker was told, only if they take part in both."""
    rows = []
    a, b = _settings(left), _settings(right)
    for name in dict.fromkeys([*a, *b]):
        both = name in a and name in b
        if a.get(name) != b.get(name) and (both or not name.startswith(_PROMPT)):
            rows.append((name, shortened(a.get(name, ""), _CELL), shortened(b.get(name, ""), _CELL)))
    return tuple(rows)


def _settings(transcript: Transcript) -> Mapping[str, str]:
    models = dict.fromkeys(message.model for message in transcript.messages if message.model != HARDCODED)
    moderator = transcript.moderator
    return {
        "topic": transcript.topic,
        "seed": "none" if transcript.seed is None else str(transcript.seed),
        **{str(name).replace("_", " "): _setting(value) for name, value in transcript.settings.items()},
        "models": ", ".join(models),
        "participants": ", ".join(user.name for user in transcript.users),
        "moderator": moderator.name if moderator else "none",
        **{f"{_PROMPT}{user.name}": _told(user) for user in (*transcript.users, *([moderator] if moderator else []))},
    }


def _setting(value: Any) -> str:
    return setting_words(value) if isinstance(value, Mapping) and "type" in value else value_text(value)


def _told(user: Participant) -> str:
    return " ".join([*user.attributes, user.context, user.instructions])
