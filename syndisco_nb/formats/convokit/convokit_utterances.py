"""Utterances as ConvoKit writes them, and their order in a conversation."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field


class ConvokitUtterance(BaseModel):
    """A line of ``utterances.jsonl``, also of the older versions of ConvoKit."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str
    speaker: str = Field(validation_alias=AliasChoices("speaker", "user"))
    conversation_id: str | None = Field(None, validation_alias=AliasChoices("conversation_id", "root"))
    reply_to: str | None = Field(None, validation_alias=AliasChoices("reply_to", "reply-to"))
    timestamp: int | float | str | None = None
    text: str | None = None
    meta: dict[str, Any] | None = None


def in_order(utterances: Sequence[ConvokitUtterance]) -> list[ConvokitUtterance]:
    """Return the utterances of a conversation so that each comes after the one that it answers, if it is there.

    The order of the file is kept where it is such an order; else they are ordered by time, if all have one, and then
    each is moved behind the one that it answers.

    Parameters
    ----------
    utterances : sequence of ConvokitUtterance
        In the order of the file.
    """
    there = {one.id: one for one in utterances}
    seen: set[str] = set()
    for one in utterances:
        if one.reply_to in there and one.reply_to not in seen:
            return _after_parents(_by_time(utterances), there)
        seen.add(one.id)
    return list(utterances)


def _by_time(utterances: Sequence[ConvokitUtterance]) -> list[ConvokitUtterance]:
    times = [one.timestamp for one in utterances]
    if all(isinstance(time, int | float) for time in times) or all(isinstance(time, str) for time in times):
        return sorted(utterances, key=lambda one: one.timestamp)  # type: ignore[arg-type,return-value]  # all alike
    return list(utterances)


def _after_parents(
    utterances: Sequence[ConvokitUtterance], there: Mapping[str, ConvokitUtterance]
) -> list[ConvokitUtterance]:
    placed: dict[str, ConvokitUtterance] = {}
    for one in utterances:
        chain: dict[str, ConvokitUtterance] = {}
        above: ConvokitUtterance | None = one
        while above is not None and above.id not in placed and above.id not in chain:  # a circle ends it
            chain[above.id] = above
            above = there.get(above.reply_to or "")
        placed |= dict(reversed(chain.items()))
    return list(placed.values())
