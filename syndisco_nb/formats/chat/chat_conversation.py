"""`ChatConversation`: one chat of a chat file, as OpenAI's API, ShareGPT and ChatML write it, and its transcript."""

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from syndisco_nb.formats.foreign_records import foreign_message, foreign_participant, foreign_transcript
from syndisco_nb.records import HUMAN, Transcript

SYSTEM = ("system", "developer")
"""Roles of instructions, which are no comments."""
_PEOPLE = ("user", "human")
_ASSISTANTS = ("assistant", "gpt", "chatgpt", "bot", "model")


class ChatTurn(BaseModel):
    """A message of a chat; other keys, such as ``tool_calls``, become the meta of the comment."""

    model_config = ConfigDict(extra="allow")

    role: str = Field(validation_alias=AliasChoices("role", "from"))
    content: str | list[Any] | None = Field(default=None, validation_alias=AliasChoices("content", "value"))
    name: str | None = None

    @property
    def speaker(self) -> str:
        """The name, or the role where there is none."""
        return self.name or self.role or "user"

    @property
    def text(self) -> str:
        """The text; of a list of parts, the parts that are text, on lines of their own."""
        if isinstance(self.content, list):
            return "\n".join(filter(None, map(_part_text, self.content)))
        return self.content or ""

    @property
    def meta(self) -> dict[str, Any]:
        """The other keys, and the parts of a content that is more than one text."""
        several = isinstance(self.content, list) and [{"type": "text", "text": self.text}] != self.content
        return (self.model_extra or {}) | ({"content": self.content} if several else {})


class ChatConversation(BaseModel):
    """A chat; other keys become the meta of the transcript."""

    model_config = ConfigDict(extra="allow")

    messages: list[ChatTurn] = Field(validation_alias=AliasChoices("messages", "conversations"))
    id: str | int | None = None
    model: str | None = None

    def transcript(self) -> Transcript:
        """Return the transcript.

        Speakers are named by `name`, or else by their role. Users are people; an assistant's model is that of the
        conversation, or its role. Instructions are the meta ``system``, and the context of each assistant.
        """
        system = [turn.text for turn in self.messages if turn.role in SYSTEM]
        said = [turn for turn in self.messages if turn.role not in SYSTEM]
        assistants = {turn.speaker: self._model(turn.role) for turn in said if turn.role in _ASSISTANTS}
        context = "\n\n".join(system)
        return foreign_transcript(
            [
                foreign_message(place, turn.speaker, turn.text, model=self._model(turn.role), meta=turn.meta or None)
                for place, turn in enumerate(said)
            ],
            [foreign_participant(name, model, context=context) for name, model in assistants.items()],
            known_as=None if self.id is None else str(self.id),
            meta=((self.model_extra or {}) | ({"system": system} if system else {})) or None,
        )

    def _model(self, role: str) -> str:
        if role in _PEOPLE:
            return HUMAN
        return self.model or role if role in _ASSISTANTS else role or HUMAN


def _part_text(part: Any) -> str:
    text = part.get("text") if isinstance(part, Mapping) else part
    return text if isinstance(text, str) else ""
