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


class EndOfRecordError(Exception):
    """A job asked for an answer that is not on record."""


class Playback:
    """The messages or labels of a record, and the position of the one that is being repeated.

    Parameters
    ----------
    spec : mapping
        `Run.spec`, which names the models that were people.
    items : sequence of Message or of Label
        In the order of the record.

    Attributes
    ----------
    position : int
        Index of the item that is being repeated.
    is_version_1 : bool
    people : set of str
        Names of the models that were people.
    """

    def __init__(self, spec: Mapping[str, Any], items: Sequence[Message | Label] = ()) -> None:
        self.items = items
        self.position = 0
        self.is_version_1 = "window_counts" not in spec
        models = spec.get("models")
        listed = [model for model in models if isinstance(model, Mapping)] if isinstance(models, list) else []
        self.people = {model.get("name") for model in listed if model.get("type") == HumanModel.__name__}

    @property
    def current(self) -> Message | Label | None:
        """The item that is being repeated, or None at the end."""
        return self.items[self.position] if self.position < len(self.items) else None

    @property
    def generation(self) -> Generation | None:
        """Prompt and cost of the current item."""
        return self.current.generation if self.current else None

    def answer(self) -> Completion:
        """Return the model's answer behind the current item.

        Raises
        ------
        EndOfRecordError
            If no model was asked for it.
        """
        if self.current is None or self.generation is None:
            raise EndOfRecordError
        return recorded_answer(self.current)

    def prompt(self) -> Sequence[ChatMessage]:
        """Return the prompt behind the current item, or raise `EndOfRecordError`."""
        if self.generation is None:
            raise EndOfRecordError
        return self.generation.prompt


class RecordedActor(LLMActor):
    """An actor whose answers come from a record."""

    def __init__(self, participant: Participant, playback: Playback) -> None:
        is_person = (
            playback.is_version_1 or participant.model in playback.people
        )  # version 1 kept replies as they were, as people's
        super().__init__(
            model=(RecordedPerson if is_person else RecordedModel)(participant.model, playback),
            name=participant.name,
            attributes=participant.attributes,
            context=participant.context,
            instructions=participant.instructions,
            actor_type=ActorType(participant.type),
            prompt_format=prompt_format_of(participant.prompt_format) or (lambda *_: playback.prompt()),
        )
        self._participant = participant

    def describe(self) -> Participant:
        """Return the description on record."""
        return self._participant


class RecordedModel(Model):
    """A model whose answers come from a record."""

    def __init__(self, name: str, playback: Playback) -> None:
        super().__init__(name)
        self._playback = playback

    async def complete(self, request: Request) -> Completion:
        """Return the current answer on record."""
        return self._playback.answer()


class RecordedPerson(HumanModel):
    """A person whose answers come from a record; they are not cleaned."""

    def __init__(self, name: str, playback: Playback) -> None:
        super().__init__(name or "?")
        self.name = name
        self._playback = playback

    async def complete(self, request: Request) -> Completion:
        """Return the current answer on record."""
        return self._playback.answer()


class RecordedTurns(TurnManager):
    """A turn manager of the user's own, which cannot be made again: it chooses the speakers on record."""

    def __init__(self, settings: Mapping[str, Any], playback: Playback) -> None:
        super().__init__()
        self._settings, self._playback = dict(settings), playback

    def choose(self, names: Sequence[str], history: History, rng: Any) -> str:
        """Return the current speaker on record; arguments as in `TurnManager.choose`, of which none is read."""
        if not isinstance(self._playback.current, Message):
            raise EndOfRecordError
        return self._playback.current.name

    def moderates(self, history: History) -> bool:
        """Return whether the current message on record is the moderator's."""
        return isinstance(self._playback.current, Message) and self._playback.current.role == "moderator"

    def settings(self) -> dict[str, Any]:
        """Return the settings on record."""
        return self._settings


class RecordedEnd(StopCondition):
    """A stop condition of the user's own, which cannot be made again: it holds where the record says so."""

    def __init__(self, settings: Mapping[str, Any], words: str | None, playback: Playback) -> None:
        self._settings, self._words, self._playback = dict(settings), words, playback

    def holds(self, history: History) -> bool:
        """Return whether the record ends here by a stop condition."""
        return self._words is not None and self._playback.position == len(self._playback.items)

    def settings(self) -> dict[str, Any]:
        """Return the settings on record."""
        return self._settings

    def __str__(self) -> str:
        return self._words or ""


def recorded_stop(stop: Sequence[Any], transcript: Transcript | None, playback: Playback) -> list[StopCondition]:
    """Return the stop conditions of a run.

    Parameters
    ----------
    stop : sequence of dict
        Their settings.
    transcript : Transcript, optional
        The record, if the discussion is finished.
    playback : Playback
    """
    words = None if transcript is None else transcript.ended
    return [StopCondition.remake(settings) or RecordedEnd(settings, words, playback) for settings in stop]


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
