"""Two transcripts side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.display.colours import MODERATOR
from syndisco_nb.display.options import Limits
from syndisco_nb.display.sections import Entry, Page, Sides, Table
from syndisco_nb.display.transcripts import make_entry, manager_text, speaker_colours
from syndisco_nb.display.words import shortened, value_text
from syndisco_nb.errors import require
from syndisco_nb.records import HARDCODED, Message, Transcript
from syndisco_nb.shown import Exported

_ROW = 2_000
_CELL = 300
_TOLD = "told to "


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Exported):
    """Two transcripts, side by side; see `compare`."""

    left: Transcript
    right: Transcript

    def __repr__(self) -> str:
        return f"<Comparison of {self.left!r} and {self.right!r}>"


def compare(left: Transcript, right: Transcript) -> Comparison:
    """Return two transcripts side by side, turn by turn, with what differs in how they were made.

    Parameters
    ----------
    left, right : Transcript
    """
    for name, one in (("left", left), ("right", right)):
        require(isinstance(one, Transcript), f"{name} is {one!r}, but must be a Transcript.")
    return Comparison(left, right)


def comparison_page(thing: Comparison, limits: Limits) -> Page:
    """Return the page of a comparison."""
    left, right = thing.left, thing.right
    turns = sorted({message.turn for one in (left, right) for message in one.messages})
    by_turn = [_by_turn(one) for one in (left, right)]
    colour = speaker_colours(left, right)
    rows = []
    room = limits.max_bytes * 0.8
    for turn in turns[: limits.max_messages // 2]:
        sides = [_shown(side.get(turn, []), colour, limits) for side in by_turn]
        room -= _ROW + sum(2 * len(entry.text.encode("utf-8", "replace")) for side in sides for entry in side)
        if room < 0:
            break
        same = _words(by_turn[0].get(turn, [])) == _words(by_turn[1].get(turn, []))
        rows.append(("opening" if turn == 0 else str(turn), sides[0], sides[1], same))
    hidden = len(turns) - len(rows)
    equal = sum(same for *_, same in rows)
    first = next((name for name, *_, same in rows if not same), None)
    facts = (
        ("the same", f"{equal:,} of {len(rows):,} turns"),
        ("first difference", f"{'turn ' * first.isdigit()}{first}" if first else "none"),
    )
    different = _differences(left, right)
    tables = [Table("What differs in how they were made", ("", *_heads(left, right)), different)] if different else []
    more = f"{hidden:,} of {len(turns):,} turns not shown" if hidden else ""
    return Page(
        "Comparison",
        shortened(left.topic if left.topic == right.topic else f"{left.topic} — {right.topic}", 160) or "no topic",
        facts,
        (*tables, Sides("Turn by turn", _heads(left, right), tuple(rows), more)),
    )


def _heads(left: Transcript, right: Transcript) -> tuple[str, str]:
    if left.index != right.index:
        return f"discussion {left.index}", f"discussion {right.index}"
    return "left", "right"


def _by_turn(transcript: Transcript) -> dict[int, list[Message]]:
    found: dict[int, list[Message]] = {}
    for message in transcript.messages:
        found.setdefault(message.turn, []).append(message)
    return found


def _shown(messages: Sequence[Message], colour: Mapping[str, int], limits: Limits) -> tuple[Entry, ...]:
    return tuple(make_entry(message, colour.get(message.name, MODERATOR), limits, "") for message in messages)


def _words(messages: Sequence[Message]) -> list[tuple[str, str, bool]]:
    return [(message.name, message.text, message.silent) for message in messages]


def _differences(left: Transcript, right: Transcript) -> tuple[tuple[str, str, str], ...]:
    rows = []
    a, b = _made(left), _made(right)
    for name in dict.fromkeys([*a, *b]):
        both = name in a and name in b
        if a.get(name) != b.get(name) and (both or not name.startswith(_TOLD)):
            rows.append((name, shortened(a.get(name, ""), _CELL), shortened(b.get(name, ""), _CELL)))
    return tuple(rows)


def _made(transcript: Transcript) -> Mapping[str, str]:
    models = dict.fromkeys(message.model for message in transcript.messages if message.model != HARDCODED)
    moderator = transcript.moderator
    return {
        "topic": transcript.topic,
        "seed": str(transcript.seed),
        **{str(name).replace("_", " "): _setting(value) for name, value in transcript.settings.items()},
        "models": ", ".join(models),
        "participants": ", ".join(user.name for user in transcript.users),
        "moderator": moderator.name if moderator else "none",
        **{f"{_TOLD}{user.name}": _told(user) for user in (*transcript.users, *([moderator] if moderator else []))},
    }


def _setting(value: Any) -> str:
    return manager_text(value) if isinstance(value, Mapping) and "type" in value else value_text(value)


def _told(user: Any) -> str:
    return " ".join([*user.attributes, user.context, user.instructions])
