"""`Seat`: a person's place in discussions, to read what is said and to speak in turn."""

import asyncio
from typing import Any

from syndisco_nb.backend.model.human import HumanModel, OpenSeat
from syndisco_nb.backend.model.request import Situation
from syndisco_nb.display.colours import looks
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.field_labels import attribute_lines
from syndisco_nb.loop import private_loop
from syndisco_nb.records import Message
from syndisco_nb.widgets.human.person_widget import FILES, STYLE, PersonAction, PersonWidget, talk_rows
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.wording import count, listed, shortened

_BEAT_S = 0.1
"""The shortest time between two updates of the page that no action asked for."""


class Seat(PersonWidget):
    """A widget that shows a person the discussion that waits for them, and takes their answer; see `HumanModel.seat`.

    If several discussions wait, the one that has waited longest comes first. The person sees the whole discussion,
    while a model sees only the last comments. Nobody sees the silences of others.

    Parameters
    ----------
    model : HumanModel
        The model that the person speaks for.
    """

    _esm = join_modules(FILES / "seat.js")
    _css = STYLE

    actions = ("say", "pass", "look")

    def __init__(self, model: HumanModel) -> None:
        self._model = model
        self._at: OpenSeat | None = None  # the request shown: the first that waits, or the last one answered
        self._told_end = True  # whether the news have said how it ended
        self._used = False  # whether a run with the model has begun
        self._flush: asyncio.TimerHandle | None = None
        self._shown_at = 0.0
        super().__init__(model)
        self._end = model.observe(self._changed)
        self.refresh()

    def say(self, text: str) -> None:
        """Answer the request, as the button does.

        Raises
        ------
        InvalidInputError
            If nothing is asked, or the text is empty, or it is none of the labels asked for.
        """
        self._model.answer(text)
        self.draft = ""
        self.refresh()

    def pass_(self) -> None:
        """Answer the request with silence, as the button does.

        Raises
        ------
        InvalidInputError
            If nothing is asked.
        """
        self._model.pass_()
        self.refresh()

    def refresh(self) -> None:
        """Show the request that waits now."""
        with self._lock:
            waiting = self._model.waiting
            if self._at and not self._told_end and self._at not in waiting:
                self._told_end = True
                text, bad = self._end_of(self._at)
                self.set_news(text, bad=bad)
            if waiting and waiting[0] is not self._at:
                self._at, self._told_end = waiting[0], False
            self._used = self._used or self._model.runs > 0
            ended = self._used and not waiting and not self._model.runs
            if ended:
                self._at = None
            self._show(_talk(self._at), {**self._asked(waiting), "ended": ended})

    def close(self) -> None:
        """Leave the seat: the page is closed; requests go on waiting."""
        self._end()
        super().close()

    def __repr__(self) -> str:
        waiting = len(self._model.waiting)
        return f"<Seat of {shortened(self._model.name)}: {f'{waiting:,} waiting' if waiting else 'nothing waits'}>"

    def _say(self, action: PersonAction) -> None:
        self._model.answer(action.text, self._seat_of(action))
        self.draft = ""

    def _pass(self, action: PersonAction) -> None:
        self._model.pass_(self._seat_of(action))

    def _look(self, action: PersonAction) -> None:
        """Do nothing but refresh, so that a page loaded anew has the seconds left."""

    def _seat_of(self, action: PersonAction) -> OpenSeat:
        """Return the request that the page showed when the person answered."""
        for seat in self._model.waiting:
            if str(seat.number) == action.at:
                return seat
        raise InvalidInputError("This turn is over. Your text is still in the box.")

    def _asked(self, waiting: list[OpenSeat]) -> dict[str, Any]:
        seat = self._at
        where = seat.request.situation if seat else None
        prompt = _prompt(seat)
        actor = where.actor if where and not prompt else None  # a prompt describes the actor itself
        told = (actor.context, actor.instructions) if actor else ()
        return {
            "person": clean(self._model.name),
            "turn": bool(waiting),
            "at": str(seat.number) if seat else "",
            "discussion": str(where.discussion) if where else "",
            "name": clean(where.actor.name) if where else "",
            "where": clean(_where(seat)) if seat else "",
            "company": clean(_company(where)) if where else "",
            "about": [clean(line) for line in attribute_lines(actor.attributes)] if actor else [],
            "told": clean("\n".join(text for text in told if text.strip())),
            "prompt": prompt,
            "labels": [[label, clean(label)] for label in seat.request.labels] if seat else [],
            "queue": _queue(waiting),
            "left": waiting[0].left_s if waiting else None,
        }

    def _end_of(self, seat: OpenSeat) -> tuple[str, bool]:
        """Return how a request ended, in words, and whether the person must notice it."""
        where, end = _where(seat), seat.answered
        kept = " Your text is still in the box." if self.draft.strip() else ""
        if end is None:
            return f"{_capital(where)} was stopped.{kept}", True
        if end.finish_reason == "timeout":
            return f"Your time was up; {where} went on without you.{kept}", True
        return f"You {'passed' if end.finish_reason == 'passed' else 'answered'} in {where}.", False

    def _changed(self) -> None:
        private_loop().call_soon_threadsafe(self._refresh_soon)

    def _refresh_soon(self) -> None:
        """Schedule a refresh on the private loop, a moment after the last one."""
        if self._flush is None:
            loop = asyncio.get_running_loop()
            self._flush = loop.call_at(self._shown_at + _BEAT_S, self._refresh_now)

    def _refresh_now(self) -> None:
        self._flush = None
        self._shown_at = asyncio.get_running_loop().time()
        self.refresh()


def _talk(seat: OpenSeat | None) -> list[dict[str, Any]]:
    """Return the discussion so far, with the person's own silences and their answer to the request."""
    where = seat.request.situation if seat else None
    if seat is None or where is None or _prompt(seat):
        return []
    talk = [message for message in where.history if not message.silent or message.name == where.actor.name]
    if seat.answered:
        text = seat.answered.text
        talk.append(Message(len(where.history), where.turn, where.actor.name, text, where.actor.model, silent=not text))
    moderators = {where.moderator, *(message.name for message in where.history if message.role == "moderator")}
    others = [*where.users, *(message.name for message in where.history)]
    look = looks([*where.cast, *(name for name in others if name not in moderators)])
    return talk_rows(talk, look, me=where.actor.name)


def _prompt(seat: OpenSeat | None) -> list[list[str]]:
    """Return the prompt of a request that is no turn in a discussion: for a label, or from elsewhere."""
    if seat is None:
        return []
    where = seat.request.situation
    if where and where.actor.type == "user":
        return []
    return [[message.role, clean(message.content)] for message in seat.request.messages]


def _where(seat: OpenSeat) -> str:
    where = seat.request.situation
    if where is None:
        return f"request {seat.number}"
    return f"discussion {where.discussion}, {'turn' if where.actor.type == 'user' else 'comment'} {where.turn}"


def _company(where: Situation) -> str:
    """Return the other participants and the moderator, in words."""
    others = [name for name in where.users if name != where.actor.name]
    moderates = "you moderate" if where.moderator == where.actor.name else f"{where.moderator} moderates"
    parts = (f"with {listed(others, 12)}" if others else "", moderates if where.moderator else "")
    return "; ".join(part for part in parts if part)


def _queue(waiting: list[OpenSeat]) -> str:
    """Return the number of further requests, in words."""
    more = len(waiting) - 1
    if more < 1:
        return ""
    where = waiting[0].request.situation
    noun = "discussion" if where and where.actor.type == "user" else "question"
    return f"{count(more, f'more {noun}')} waiting"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
