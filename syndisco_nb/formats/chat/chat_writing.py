"""Write discussions as chat files, from nobody's or a speaker's point of view."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import pydantic_core

from syndisco_nb.errors import InvalidInputError, require, short_repr, suggestion
from syndisco_nb.formats.chat.chat_files import END, START
from syndisco_nb.records import Message, Transcript
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.sources import gather
from syndisco_nb.wording import listed

ChatForm = Literal["openai", "sharegpt", "chatml"]
EACH = "each"
"""The `speaker` that stands for every speaker in turn."""

Turn = dict[str, Any]
Chat = tuple[str, list[Turn]]


def write_chat(source: Any, path: PathLike, form: ChatForm = "openai", speaker: str | None = None) -> Path:
    """Write a chat file; see `Exchanged.to_chat`.

    Parameters
    ----------
    source : object
        Anything that `gather` takes.
    path, form, speaker
        As in `Exchanged.to_chat`.
    """
    require(
        form in get_args(ChatForm),
        f"form is {short_repr(form)}, but must be one of: {', '.join(get_args(ChatForm))}.",
        "form",
    )
    file = as_path("path", path)
    talks = [(held.unit_name, held.record) for held in gather(source).transcripts if held.record.comments]
    require(talks, f"{short_repr(source)} holds no discussion with comments. Give discussions, such as a run.")
    if speaker is None:
        chats = [(name, _neutral(talk)) for name, talk in talks]
    else:
        chats = [chat for name, talk in talks for chat in _of_speakers(name, talk, speaker)]
        names = list(dict.fromkeys(comment.name for _, talk in talks for comment in talk))
        require(
            chats,
            f"speaker is {short_repr(speaker)}, who says nothing in these discussions."
            f"{suggestion(str(speaker), names)} Speakers are {listed(names, 12)}.",
            "speaker",
        )
    return save_file(file, _WRITERS[form](chats))


def _neutral(talk: Transcript) -> list[Turn]:
    system = (talk.meta or {}).get("system")
    prompts = [{"role": "system", "content": str(text)} for text in system] if isinstance(system, list) else []
    return prompts + [{"role": "user", "name": comment.name, "content": comment.text} for comment in talk]


def _of_speakers(name: str, talk: Transcript, speaker: str) -> list[Chat]:
    speakers = list(dict.fromkeys(comment.name for comment in talk))
    if speaker == EACH:
        return [(f"{name}.{one}", _seen_by(one, talk)) for one in speakers]
    return [(name, _seen_by(speaker, talk))] if speaker in speakers else []


def _seen_by(speaker: str, talk: Transcript) -> list[Turn]:
    return [_turn_seen(speaker, comment) for comment in talk]


def _turn_seen(speaker: str, comment: Message) -> Turn:
    if comment.name == speaker:
        return {"role": "assistant", "content": comment.text}
    return {"role": "user", "content": f"{comment.name}: {comment.text}"}


def _openai(chats: Sequence[Chat]) -> bytes:
    return b"".join(pydantic_core.to_json({"messages": turns}) + b"\n" for _, turns in chats)


def _sharegpt(chats: Sequence[Chat]) -> bytes:
    roles = {"user": "human", "assistant": "gpt"}
    written = [
        {
            "id": name,
            "conversations": [
                {"from": roles.get(turn["role"], turn["role"]), "value": turn["content"]}
                | ({"name": turn["name"]} if "name" in turn else {})
                for turn in turns
            ],
        }
        for name, turns in chats
    ]
    return b"[\n" + b",\n".join(map(pydantic_core.to_json, written)) + b"\n]\n"


def _chatml(chats: Sequence[Chat]) -> bytes:
    return "\n".join("".join(_chatml_turn(name, turn) for turn in turns) for name, turns in chats).encode()


def _chatml_turn(discussion: str, turn: Turn) -> str:
    name = f" name={turn['name']}" if "name" in turn else ""
    for text in (name, turn["content"]):
        if any(mark in text for mark in (START, END, "\x00")) or (text is name and "\n" in text):
            raise InvalidInputError(
                f"A comment or name in {discussion} holds {START}, {END}, a null character, or a name of two lines, "
                'which ChatML cannot tell from its own marks. Give form="openai".',
                field="form",
            )
    return f"{START}{turn['role']}{name}\n{turn['content']}{END}\n"


_WRITERS: dict[ChatForm, Callable[[Sequence[Chat]], bytes]] = {
    "openai": _openai,
    "sharegpt": _sharegpt,
    "chatml": _chatml,
}
