"""Read SynDisco's logs of discussions, of all its versions."""

from collections.abc import Iterator, Mapping
from typing import Any

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, ReadOptions, register
from syndisco_nb.formats.foreign_records import digest_of, foreign_message, foreign_transcript
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.syndisco.syndisco_log import DiscussionLog, LogEntry, kind_of_log, read_log
from syndisco_nb.formats.syndisco.syndisco_prompts import NOBODY, read_prompt
from syndisco_nb.records import HARDCODED, Message, MessageRole, Participant, Transcript

_PLACED = {"id", "users", "moderator", "user_prompts", "moderator_prompt", "logs"}


def _read(source: SourceFile, options: ReadOptions) -> FileContents:
    log: DiscussionLog = read_log(source, DiscussionLog)
    if not log.logs:
        raise RecordError(f"{source.name} is a SynDisco log without entries.")
    return FileContents([_transcript(log, source.document)])


def _transcript(log: DiscussionLog, document: Mapping[str, Any]) -> Transcript:
    models = {entry.name: entry.model for entry in reversed(log.logs) if entry.model not in ("", HARDCODED)}
    meta = {key: value for key, value in document.items() if key not in _PLACED}
    if log.users is None:
        users = _speakers(log.logs, models)
    else:
        prompts = log.user_prompts or []
        if len(prompts) not in (0, len(log.users)):
            meta["user_prompts"], prompts = prompts, []
        users = [
            _participant(name, models, prompts[place] if prompts else None) for place, name in enumerate(log.users)
        ]
    moderator = None if log.moderator is None else _participant(log.moderator, models, log.moderator_prompt)
    return foreign_transcript(
        list(_messages(log, users)),
        id=digest_of(document) if log.id in (None, "") else str(log.id),
        users=tuple(users),
        moderator=moderator,
        meta=meta or None,
    )


def _participant(name: str, models: Mapping[str, str], prompt: Any) -> Participant:
    return read_prompt(prompt).participant(name, models.get(name, ""), prompt)


def _speakers(entries: list[LogEntry], models: Mapping[str, str]) -> list[Participant]:
    """Return those who speak, since 2.1: two personas of one name are two."""
    prompts: dict[tuple[str, str], Any] = {}
    for entry in entries:
        if entry.model != HARDCODED:
            prompt = entry.more.get("prompt")
            prompts.setdefault((entry.name, str(prompt)), prompt)
    found: dict[tuple[str, str], Participant] = {}
    for (name, _), prompt in prompts.items():
        found.setdefault((name, str(read_prompt(prompt).persona)), _participant(name, models, prompt))
    names = {name for name, _ in found}
    others = dict.fromkeys(entry.name for entry in entries if entry.name not in names)
    return [*found.values(), *(_participant(name, models, None) for name in others)]


def _messages(log: DiscussionLog, users: list[Participant]) -> Iterator[Message]:
    prompts = {user.name: (user.meta or {}).get("prompt") for user in reversed(users)}
    names = {user.name for user in users}
    turn = 0
    for index, entry in enumerate(log.logs):
        name, model = entry.name, entry.model
        moderates = name == log.moderator and not (log.users and name in names)
        role: MessageRole = "opening" if model == HARDCODED else "moderator" if moderates else "participant"
        turn += role == "participant"
        meta = dict(entry.more)
        if "prompt" in meta and (
            read_prompt(meta["prompt"]) == NOBODY if role == "opening" else meta["prompt"] == prompts.get(name)
        ):
            del meta["prompt"]  # it tells no more than the speaker's does
        yield foreign_message(index, name, entry.text, turn=turn, model=model, role=role, meta=meta or None)


register(ForeignFormat("a SynDisco discussion log", lambda source: kind_of_log(source) is DiscussionLog, _read))
