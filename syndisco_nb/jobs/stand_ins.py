"""Stand-ins for those who made a record: they do and say what is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.model.base import Completion, Model, Request
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.backend.prompts import prompt_format_of
from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.turn_manager import History, TurnManager
from syndisco_nb.records import ChatMessage, Generation, Label, Message, Participant, Transcript
from syndisco_nb.wording import as_answered


class Tape:
    """The messages, or labels, on record, of which one is made again just now."""

    def __init__(self, spec: Mapping[str, Any], items: Sequence[Message | Label] = ()) -> None:
        self.items = items
        self.place = 0
        self.old = "window_counts" not in spec
        models = spec.get("models")
        listed = [one for one in models if isinstance(one, Mapping)] if isinstance(models, list) else []
        self.people = {one.get("name") for one in listed if one.get("type") == HumanModel.__name__}

    @property
    def current(self) -> Message | Label | None:
        """The message or label that is made again."""
        return self.items[self.place] if self.place < len(self.items) else None

    @property
    def generation(self) -> Generation | None:
        """How it was made."""
        return self.current.generation if self.current else None


class OverError(Exception):
    """Something would be asked for that is not on record."""


def actor_again(who: Participant, tape: Tape) -> LLMActor:
    """Return who took part, for whom the record answers."""
    return _Recorded(who, tape)


class _Recorded(LLMActor):
    """An actor who says what is on record."""

    def __init__(self, who: Participant, tape: Tape) -> None:
        kind = _RecordedPerson if tape.old or who.model in tape.people else _RecordedModel
        super().__init__(
            model=kind(who.model, tape),
            name=who.name,
            attributes=who.attributes,
            context=who.context,
            instructions=who.instructions,
            actor_type=ActorType(who.type),
            prompt_format=prompt_format_of(who.prompt_format) or (lambda *_: _prompt(tape)),
        )
        self._who = who

    def describe(self) -> Participant:
        return self._who


class _RecordedModel(Model):
    """Answers as the record has it."""

    def __init__(self, name: str, tape: Tape) -> None:
        super().__init__(name)
        self._tape = tape

    async def complete(self, request: Request) -> Completion:
        if self._tape.current is None or self._tape.generation is None:
            raise OverError
        return answer_of(self._tape.current)


class _RecordedPerson(HumanModel):
    """Answers as the record has it, for a person, whose words are kept as they are; so were all, in version 1."""

    def __init__(self, name: str, tape: Tape) -> None:
        super().__init__(name or "?")
        self.name = name
        self._tape = tape

    async def complete(self, request: Request) -> Completion:
        if self._tape.current is None or self._tape.generation is None:
            raise OverError
        return answer_of(self._tape.current)


class TurnsAsRecorded(TurnManager):
    """Stands for a turn manager that is not known: it did what is on record."""

    def __init__(self, settings: Mapping[str, Any], tape: Tape) -> None:
        super().__init__()
        self._settings, self._tape = dict(settings), tape

    def choose(self, names: Sequence[str], history: History, rng: Any) -> str:
        """Return who had the floor."""
        if not isinstance(self._tape.current, Message):
            raise OverError
        return self._tape.current.name

    def moderates(self, history: History) -> bool:
        """Return whether the moderator had the floor."""
        return isinstance(self._tape.current, Message) and self._tape.current.role == "moderator"

    def settings(self) -> dict[str, Any]:
        """Return what is recorded of it."""
        return self._settings


class _Ended(StopCondition):
    """Stands for a stop condition that is not known: it held, if any did, when all on record had been said."""

    def __init__(self, settings: Mapping[str, Any], words: str | None, tape: Tape) -> None:
        self._settings, self._words, self._tape = dict(settings), words, tape

    def holds(self, history: History) -> bool:
        return self._words is not None and self._tape.place == len(self._tape.items)

    def settings(self) -> dict[str, Any]:
        return self._settings

    def __str__(self) -> str:
        return self._words or ""


def stop_again(stop: Sequence[Any], transcript: Transcript | None, tape: Tape) -> list[StopCondition]:
    """Return the conditions, known ones as such."""
    words = transcript.ended if transcript else None
    return [StopCondition.remake(settings) or _Ended(settings, words, tape) for settings in stop]


def answer_of(item: Message | Label) -> Completion:
    """Return what the model must have answered."""
    how = item.generation
    assert how is not None  # noqa: S101
    kept = item.text if isinstance(item, Message) else as_answered(item.value)
    copied = {field.name: getattr(how, field.name) for field in fields(Generation)}
    for own in ("prompt", "seed", "raw"):
        del copied[own]
    if isinstance(item, Label):
        copied |= {"probabilities": dict(item.probabilities) if item.probabilities else None, "mass": item.mass}
    return Completion(text=kept if how.raw is None else how.raw, **copied)


def _prompt(tape: Tape) -> Sequence[ChatMessage]:
    if tape.generation is None:
        raise OverError
    return tape.generation.prompt
