"""Actors, turn managers and stop conditions that repeat a record, so that a job can be done again from it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.backend.prompts import prompt_format_of
from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.turn_manager import History, TurnManager
from syndisco_nb.records import ChatMessage, Generation, Label, Message, Participant, Transcript
from syndisco_nb.wording import as_answered


class EndOfTapeError(Exception):
    """A job asked for an answer that is not on record."""


class Tape:
    """The messages or labels of a record, and the position of the one that is being repeated.

    Parameters
    ----------
    spec : mapping
        `Run.spec`, which names the models that were people.
    items : sequence of Message or of Label
        In the order of the record.

    Attributes
    ----------
    place : int
        Position of the item that is being repeated.
    old : bool
        Whether the record has version 1.
    people : set of str
        Names of the models that were people.
    """

    def __init__(self, spec: Mapping[str, Any], items: Sequence[Message | Label] = ()) -> None:
        self.items = items
        self.place = 0
        self.old = "window_counts" not in spec
        models = spec.get("models")
        listed = [model for model in models if isinstance(model, Mapping)] if isinstance(models, list) else []
        self.people = {model.get("name") for model in listed if model.get("type") == HumanModel.__name__}

    @property
    def current(self) -> Message | Label | None:
        """The item that is being repeated, or None at the end."""
        return self.items[self.place] if self.place < len(self.items) else None

    @property
    def generation(self) -> Generation | None:
        """Prompt and cost of the current item."""
        return self.current.generation if self.current else None

    def answer(self) -> Completion:
        """Return the model's answer behind the current item.

        Raises
        ------
        EndOfTapeError
            If no model was asked for it.
        """
        if self.current is None or self.generation is None:
            raise EndOfTapeError
        return recorded_answer(self.current)

    def prompt(self) -> Sequence[ChatMessage]:
        """Return the prompt behind the current item, or raise `EndOfTapeError`."""
        if self.generation is None:
            raise EndOfTapeError
        return self.generation.prompt


class RecordedActor(LLMActor):
    """An actor whose answers come from a record."""

    def __init__(self, participant: Participant, tape: Tape) -> None:
        is_person = tape.old or participant.model in tape.people  # version 1 kept replies as they were, as people's
        super().__init__(
            model=(RecordedPerson if is_person else RecordedModel)(participant.model, tape),
            name=participant.name,
            attributes=participant.attributes,
            context=participant.context,
            instructions=participant.instructions,
            actor_type=ActorType(participant.type),
            prompt_format=prompt_format_of(participant.prompt_format) or (lambda *_: tape.prompt()),
        )
        self._participant = participant

    def describe(self) -> Participant:
        """Return the description on record."""
        return self._participant


class RecordedModel(Model):
    """A model whose answers come from a record."""

    def __init__(self, name: str, tape: Tape) -> None:
        super().__init__(name)
        self._tape = tape

    async def complete(self, request: Request) -> Completion:
        """Return the current answer on record."""
        return self._tape.answer()


class RecordedPerson(HumanModel):
    """A person whose answers come from a record; they are not cleaned."""

    def __init__(self, name: str, tape: Tape) -> None:
        super().__init__(name or "?")
        self.name = name
        self._tape = tape

    async def complete(self, request: Request) -> Completion:
        """Return the current answer on record."""
        return self._tape.answer()


class RecordedTurns(TurnManager):
    """A turn manager of the user's own, which cannot be made again: it chooses the speakers on record."""

    def __init__(self, settings: Mapping[str, Any], tape: Tape) -> None:
        super().__init__()
        self._settings, self._tape = dict(settings), tape

    def choose(self, names: Sequence[str], history: History, rng: Any) -> str:
        """Return the current speaker on record; arguments as in `TurnManager.choose`, of which none is read."""
        if not isinstance(self._tape.current, Message):
            raise EndOfTapeError
        return self._tape.current.name

    def moderates(self, history: History) -> bool:
        """Return whether the current message on record is the moderator's."""
        return isinstance(self._tape.current, Message) and self._tape.current.role == "moderator"

    def settings(self) -> dict[str, Any]:
        """Return the settings on record."""
        return self._settings


class RecordedEnd(StopCondition):
    """A stop condition of the user's own, which cannot be made again: it holds where the record says so."""

    def __init__(self, settings: Mapping[str, Any], words: str | None, tape: Tape) -> None:
        self._settings, self._words, self._tape = dict(settings), words, tape

    def holds(self, history: History) -> bool:
        """Return whether the record ends here by a stop condition."""
        return self._words is not None and self._tape.place == len(self._tape.items)

    def settings(self) -> dict[str, Any]:
        """Return the settings on record."""
        return self._settings

    def __str__(self) -> str:
        return self._words or ""


def recorded_stop(stop: Sequence[Any], transcript: Transcript | None, tape: Tape) -> list[StopCondition]:
    """Return the stop conditions of a run.

    Parameters
    ----------
    stop : sequence of dict
        Their settings.
    transcript : Transcript, optional
        The record, if the discussion is finished.
    tape : Tape
    """
    words = transcript.ended if transcript else None
    return [StopCondition.remake(settings) or RecordedEnd(settings, words, tape) for settings in stop]


def recorded_answer(item: Message | Label) -> Completion:
    """Return the model's answer behind a message or a label."""
    generation = item.generation
    assert generation is not None  # noqa: S101
    kept = item.text if isinstance(item, Message) else as_answered(item.value)
    copied = {field.name: getattr(generation, field.name) for field in fields(Generation)}
    for own in ("prompt", "seed", "raw"):
        del copied[own]
    if isinstance(item, Label):
        copied |= {"probabilities": dict(item.probabilities) if item.probabilities else None, "mass": item.mass}
    return Completion(text=kept if generation.raw is None else generation.raw, **copied)
