"""Actors: a name, a persona and instructions, for which a model speaks."""

import copy
import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, get_args

from syndisco_nb.backend.fingerprint import settings_digest
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Request, Situation
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.prompts import annotate_discussion_prompt, annotate_prompt, format_name, speak_prompt
from syndisco_nb.backend.scale import COMMENT, Scale, with_question
from syndisco_nb.backend.window import COUNTS, Counts, check_counts, window_of_label, windowed
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int, require_text
from syndisco_nb.records import ChatMessage, ChatRole, Message, Participant, Transcript, Unit
from syndisco_nb.shown import Shown

_ROLES = get_args(ChatRole)

WINDOW = 3
"""Default number of the last comments that an actor sees."""


class ActorType(enum.Enum):
    """Role of an actor: to take part in discussions, or to annotate them.

    Examples
    --------
    >>> [role.value for role in ActorType]
    ['user', 'annotator']
    """

    USER = "user"
    ANNOTATOR = "annotator"


class PromptFormat(Protocol):
    """Function that turns an actor and the comments it sees into chat messages."""

    def __call__(self, actor: "LLMActor", comments: Sequence[Message], /) -> Sequence[ChatMessage | Mapping[str, str]]:
        """Return the messages, as `ChatMessage` or ``{"role": ..., "content": ...}``.

        Parameters
        ----------
        actor : LLMActor
            The actor that speaks, or annotates.
        comments : sequence of Message
            The comments in its window, oldest first; an annotator labels the last.
        """


class LLMActor(Shown):
    """Participant, moderator or annotator: a model speaking as a person.

    Parameters
    ----------
    model : Model
        The model that answers.
    name : str
        The name in the discussion. Only an annotator may have an empty one.
    attributes : list of str
        Facts that the actor knows about itself, as from `LLMPersona.to_attribute_list`.
    context : str
        The situation, for example "You are taking part in an online discussion."
    instructions : str
        The task.
    actor_type : ActorType
        `ActorType.USER` (participants and moderators) or `ActorType.ANNOTATOR`.
    prompt_format : callable or PromptTemplate, optional
        The wording of prompts, in place of the built-in one; see `PromptFormat`.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.

    Examples
    --------
    >>> from syndisco_nb import ScriptedModel
    >>> ana = LLMActor(ScriptedModel("Hm."), "Ana", attributes=["age: 30"], instructions="Be brief.")
    >>> print(ana.preview([])[0].content)
    Your name is Ana.
    <BLANKLINE>
    About you:
    - age: 30
    <BLANKLINE>
    Be brief.
    """

    @named_arguments
    def __init__(
        self,
        model: Model,
        name: str,
        attributes: Iterable[str] = (),
        context: str = "",
        instructions: str = "",
        actor_type: ActorType = ActorType.USER,
        prompt_format: PromptFormat | None = None,
    ) -> None:
        require(
            isinstance(model, Model),
            f"model is {model!r}, but must be a model, such as bundled_model() or TransformersModel(...).",
            "model",
        )
        require(
            isinstance(actor_type, ActorType), f"actor_type is {actor_type!r}, but must be an ActorType.", "actor_type"
        )
        require(
            not isinstance(name, LLMPersona),
            "name is a persona. Give name=persona.username, attributes=persona.to_attribute_list().",
            "name",
        )
        for argument, text in {"name": name, "context": context, "instructions": instructions}.items():
            require_text(argument, text)
        require_text("model.name", getattr(model, "name", None))
        require(
            name.strip() or actor_type is ActorType.ANNOTATOR,
            "name is empty, but a participant needs one. Only annotators may have an empty name.",
            "name",
        )
        require(
            isinstance(attributes, Iterable) and not isinstance(attributes, str | Mapping),
            f"attributes is {attributes!r}, but must be a list of texts. Use persona.to_attribute_list().",
            "attributes",
        )
        require(
            prompt_format is None or callable(prompt_format),
            f"prompt_format is {prompt_format!r}, but must be a PromptTemplate(system=..., user=...) or a function.",
            "prompt_format",
        )
        self.model = model
        self.name = name.strip()
        self.attributes = tuple(str(attribute) for attribute in attributes)
        for place, attribute in enumerate(self.attributes):
            require_text(f"attributes.{place}", attribute)
        self.context = context
        self.instructions = instructions
        self.actor_type = actor_type
        built_in: PromptFormat = speak_prompt if actor_type is ActorType.USER else annotate_prompt
        self.prompt_format = prompt_format or built_in

    def prompt(self, comments: Sequence[Message], unit: Unit = COMMENT) -> tuple[ChatMessage, ...]:
        """Return the chat messages for these comments.

        Parameters
        ----------
        comments : sequence of Message
        unit : {"comment", "participant", "discussion"}
            The subject of an annotator's label: the last comment, a participant in all of them, or all of them. The
            question says so; a prompt format of the user's own gets the comments alone.
        """
        require(
            comments or self.actor_type is ActorType.USER,
            "There is no comment to annotate yet. Give a transcript in which something was said.",
            "transcript",
        )
        whole = unit != COMMENT and self.prompt_format is annotate_prompt
        prompt_format: PromptFormat = annotate_discussion_prompt if whole else self.prompt_format
        messages = prompt_format(self, list(comments))  # a copy, in case the function changes it
        if not isinstance(messages, Sequence) or isinstance(messages, str) or not messages:
            raise InvalidInputError(
                f"The prompt format returned {messages!r}, but must return a list of messages.", field="prompt_format"
            )
        return tuple(_as_chat_message(message) for message in messages)

    def preview(
        self,
        transcript: Transcript | Sequence[Message],
        window: int = WINDOW,
        scale: Scale | None = None,
        window_counts: Counts = COUNTS,
    ) -> tuple[ChatMessage, ...]:
        """Return the exact prompt that would be sent now: as next speaker, or to annotate the last comment.

        Parameters
        ----------
        transcript : Transcript or sequence of Message
            The messages so far; silences are left out.
        window : int
            The number of the last comments that the actor sees.
        scale : Scale, optional
            The question to an annotator; shuffled options stand in the order in which they were given. About a
            participant, it is the author of the last comment.
        window_counts : {"participants", "all"}
            The comments that count in the window; those of moderators and guests come in addition, unless it is "all".
        """
        window = require_int("window", window, 1)
        messages = transcript.messages if isinstance(transcript, Transcript) else transcript
        comments = [message for message in messages if not message.silent]
        counts = check_counts(window_counts)
        if scale is not None and scale.unit != COMMENT:
            last = comments[-1].name if comments else ""
            return with_question(self.prompt(comments, scale.unit), scale.about(last))
        labels = bool(comments) and self.actor_type is ActorType.ANNOTATOR
        prompt = self.prompt((window_of_label if labels else windowed)(comments, window, counts))
        return with_question(prompt, scale) if scale else prompt

    def request(
        self,
        comments: Sequence[Message],
        seed: int,
        scale: Scale | None = None,
        situation: Situation | None = None,
        about: str = "",
    ) -> Request:
        """Return the request to the model: for the next comment or, of an annotator, for a label.

        Parameters
        ----------
        comments : sequence of Message
            The comments in the window, oldest first.
        seed : int
            The seed of the answer; also decides the order of shuffled options.
        scale : Scale, optional
            The question to an annotator.
        situation : Situation, optional
            The circumstances, for a person who answers.
        about : str
            The participant to label, where the scale is about participants.
        """
        if scale is None:
            return Request(self.prompt(comments), seed, situation=situation)
        prompt = self.prompt(comments, scale.unit)
        asked = scale.ordered(seed).about(about)
        return Request(with_question(prompt, asked), seed, labels=asked.labels, situation=situation)

    def speaking_for(self, model: Model) -> "LLMActor":
        """Return a copy of the actor for which another model answers."""
        actor = copy.copy(self)
        actor.model = model
        return actor

    def describe(self) -> Participant:
        """Return the actor as recorded in transcripts."""
        return Participant(
            self.name,
            self.actor_type.value,
            self.model.name,
            self.attributes,
            self.context,
            self.instructions,
            format_name(self.prompt_format),
            settings_digest(self.model.settings()),
        )

    def __repr__(self) -> str:
        return f"LLMActor({self.name!r}, {self.actor_type.name}, model={self.model.name!r})"


def _as_chat_message(message: ChatMessage | Mapping[str, Any]) -> ChatMessage:
    if isinstance(message, Mapping):
        message = ChatMessage(message.get("role", ""), message.get("content", ""))
    known = isinstance(message, ChatMessage) and message.role in _ROLES
    if not known or not isinstance(message.content, str) or not message.content:
        raise InvalidInputError(
            f"The prompt format returned {message!r}, but must return ChatMessage objects, or mappings with 'role' "
            f"({', '.join(_ROLES)}) and 'content' (text).",
            field="prompt_format",
        )
    require_text("content", message.content)
    return message
