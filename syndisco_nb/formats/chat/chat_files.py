"""Chat files: JSON Lines of OpenAI's API, ShareGPT, and ChatML as text."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.chat.chat_conversation import ChatConversation
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, ReadOptions, register
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.runs.serialization import validated

START, END = "<|im_start|>", "<|im_end|>"
"""The marks around a message in ChatML."""

_LISTS = ("messages", "conversations")
_CONVERSATION = TypeAdapter(ChatConversation)
_CHATML = re.compile(r"\s*<\|im_start\|>(\S*)(?: name=([^\n]*))?[ \t]*\r?\n(.*?)<\|im_end\|>", re.DOTALL)
_ASKING = re.compile(r"\s*<\|im_start\|>\w*\s*")  # the end of a prompt, where a model goes on
_OF_DISCUSSIONS = re.compile(r"discussion|conv|thread|dialog|debate|chat", re.IGNORECASE)  # columns of a table
_BETWEEN = re.compile(r"\r?\n[ \t]*\r?\n\s*")


def is_chat(source: SourceFile) -> bool:
    """Return whether a JSON file holds chats."""
    return _holds(source, "role") or _holds(source, "from")


def _objects(source: SourceFile) -> Sequence[Any]:
    """Return the conversations of a JSON file that may be a chat file."""
    document = source.document
    if isinstance(document, list):
        return [{"messages": document}] if document and _is_message(document[0]) else document
    return [document] if isinstance(document, Mapping) else source.lines


def _is_message(item: Any) -> bool:
    """Return whether an item of a list is a message of one chat, rather than a row of a table with a column role."""
    return _is_turn(item, "role") and "content" in item and not any(map(_OF_DISCUSSIONS.match, item))


def _is_turn(turn: Any, role: str) -> bool:
    return isinstance(turn, Mapping) and isinstance(turn.get(role), str)


def _holds(source: SourceFile, role: str) -> bool:
    """Return whether the first conversation of a JSON file has messages with this key for the role."""
    first = next(iter(_objects(source)), None)
    turns = next((first[name] for name in _LISTS if name in first), None) if isinstance(first, Mapping) else None
    return isinstance(turns, list) and bool(turns) and _is_turn(turns[0], role)


def _read_objects(source: SourceFile, options: ReadOptions) -> FileContents:
    transcripts = []
    for number, given in enumerate(_objects(source), start=1):
        where = f"{source.name}, conversation {number}"
        if not isinstance(given, dict):
            raise RecordError(f'{where} cannot be read: it is no object with "messages" or "conversations".')
        transcripts.append(validated(_CONVERSATION, given, where).transcript())
    return FileContents(transcripts)


def _is_chatml(source: SourceFile) -> bool:
    return source.text.lstrip().startswith(START)


def _read_chatml(source: SourceFile, options: ReadOptions) -> FileContents:
    """Return the conversations of a ChatML file, which empty lines part."""
    conversations: list[list[dict[str, Any]]] = [[]]
    text, end = source.text, 0
    while found := _CHATML.match(text, end):
        role, name, content = found.groups()
        if end and _BETWEEN.match(text, end):
            conversations.append([])
        conversations[-1].append({"role": role, "name": name, "content": content})
        end = found.end()
    if text[end:].strip() and not _ASKING.fullmatch(text, end):
        line = text.count("\n", 0, end) + 1
        raise RecordError(
            f"{source.name} cannot be read: after line {line} comes no whole message. A message begins with {START}, "
            f"the role and a line break, and ends with {END}."
        )
    given = [{"messages": messages} for messages in conversations if messages]
    return FileContents([validated(_CONVERSATION, one, source.name).transcript() for one in given])


register(ForeignFormat("an OpenAI chat file", lambda source: _holds(source, "role"), _read_objects))
register(ForeignFormat("a ShareGPT file", lambda source: _holds(source, "from"), _read_objects))
register(ForeignFormat("a ChatML file", _is_chatml, _read_chatml))
