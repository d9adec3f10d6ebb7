"""Read projects of QDA programs (QualCoder, MAXQDA, ATLAS.ti, NVivo …) in the exchange format REFI-QDA."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.coded_labels import CodedAnswer, coded_set
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, LooseLabels, ReadOptions, register
from syndisco_nb.formats.foreign_records import foreign_message, foreign_transcript
from syndisco_nb.formats.found_discussions import FoundDiscussions, warn_of_absent
from syndisco_nb.formats.qdpx.qdpx_layout import (
    DISCUSSION_ID,
    MODEL,
    MODERATOR,
    ROLE,
    TOPIC,
    Block,
    SourceText,
    block_of,
    comment_of_part,
    guid_of,
    paragraphs,
    source_text,
)
from syndisco_nb.formats.qdpx.qdpx_project import (
    QdaCase,
    QdaCoding,
    QdaProject,
    QdaSource,
    project_member,
    read_project,
)
from syndisco_nb.formats.qdpx.qdpx_scales import CodeMeaning, meanings_of_codes
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.log import warn
from syndisco_nb.records import (
    HARDCODED,
    HUMAN,
    AnnotationSet,
    LabelKey,
    Message,
    Participant,
    Transcript,
    Unit,
)
from syndisco_nb.wording import listed

_UNKNOWN = "unknown"  # speaker whom a text does not name
_MODELS: Mapping[str, str] = {"opening": HARDCODED, "guest": HUMAN}


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source, the discussion in it, and the places of its comments.

    Attributes
    ----------
    source : QdaSource
    text : SourceText
    talk : Transcript
    blocks : sequence of Block
    """

    source: QdaSource
    text: SourceText
    talk: Transcript
    blocks: Sequence[Block]

    def blocks_in(self, talk: Transcript) -> Sequence[Block] | None:
        """Return the places of the comments of the same discussion as it is elsewhere; None if its text differs."""
        text, blocks = source_text(talk)
        if text.rstrip() == self.text.plain.rstrip():
            return blocks
        pairs = [[(one.index, one.text) for one in each.comments] for each in (talk, self.talk)]
        return self.blocks if pairs[0] == pairs[1] else None


def _read(file: SourceFile, options: ReadOptions) -> FileContents:
    project = read_project(file)
    if project.left_out:
        warn(f"{file.name}: {listed(project.left_out)} left out, which has no plain text within the project.")
    sources = [_read_source(source, project.cases) for source in project.sources]
    if not sources:
        raise RecordError(f"{file.name} is a QDA project without a text. Export it with its sources.")
    coded = any(part.codings for one in sources for part in one.source.selections)
    coded = coded or any(one.source.codings for one in sources)
    meanings = meanings_of_codes(project.codes, project.sources, options.scales)

    def join(found: FoundDiscussions) -> list[AnnotationSet]:
        return list(_sets(file.name, project, sources, meanings, found))

    return FileContents([one.talk for one in sources], labels=[LooseLabels(join)] if coded else [])


def _read_source(source: QdaSource, cases: Sequence[QdaCase]) -> ReadSource:
    text = SourceText(source.raw, [position for part in source.selections for position in (part.start, part.end)])
    messages, blocks = _named_parts(source, text) or _paragraph_messages(text.plain)
    names = {message.name for message in messages}
    members = {source.guid, *(part.guid for part in source.selections)}
    own = [case for case in cases if case.members & members and (case.name in names or MODEL in case.variables)]
    people = {case.name: _participant(case) for case in own}
    moderators = [
        people.pop(case.name) for case in own if case.variables.get(ROLE) == MODERATOR and case.name in people
    ]
    models = {case.name: case.variables.get(MODEL, HUMAN) for case in own}
    given: dict[str, Any] = {"id": source.variables.get(DISCUSSION_ID) or source.guid} if source.guid else {}
    given |= {"topic": source.variables[TOPIC]} if TOPIC in source.variables else {}
    given |= {"moderator": moderators[0]} if moderators else {}
    variables = {name: value for name, value in source.variables.items() if name not in (DISCUSSION_ID, TOPIC)}
    talk = foreign_transcript(
        [replace(one, model=_MODELS.get(one.role) or models.get(one.name, HUMAN)) for one in messages],
        people.values(),
        known_as=source.name or None,
        meta=variables or None,
        **given,
    )
    return ReadSource(source, text, talk, blocks)


def _named_parts(source: QdaSource, text: SourceText) -> tuple[list[Message], list[Block]] | None:
    """Return the comments by the selections that we named when the project was written; None if some are gone."""
    messages: list[Message] = []
    blocks: list[Block] = []
    plain, end = text.plain, 0
    parts = {part.start: (part, found) for part in source.selections if (found := comment_of_part(part.name))}
    for _, (part, found) in sorted(parts.items()):
        start, begin, behind = end + 2 if end else 0, text.place(part.start), text.place(part.end)
        if plain[end:start].strip() or plain[begin - 2 : begin] != ": " or begin < start + 2:
            return None
        index, turn, role = found
        block = Block(index, plain[start : begin - 2], start, begin, behind)
        messages.append(Message(index, turn, block.name, plain[begin:behind], HUMAN, role))
        blocks.append(block)
        end = behind
    return (messages, blocks) if messages and not plain[end:].strip() else None


def _paragraph_messages(text: str) -> tuple[list[Message], list[Block]]:
    blocks = paragraphs(text)
    messages = [foreign_message(one.index, one.name or _UNKNOWN, text[one.begin : one.end]) for one in blocks]
    return messages, blocks


def _participant(case: QdaCase) -> Participant:
    named = {name: value for name, value in case.variables.items() if name not in (MODEL, ROLE)}
    attributes = (*(f"{name}: {value}" for name, value in named.items()), *filter(None, case.description.split("\n")))
    return Participant(case.name, "user", case.variables.get(MODEL, HUMAN), attributes)


def _sets(
    file: str,
    project: QdaProject,
    sources: Sequence[ReadSource],
    meanings: Mapping[str, CodeMeaning],
    found: FoundDiscussions,
) -> Iterator[AnnotationSet]:
    """Yield the labels of each user and discussion."""
    scales = {meaning.scale.name: meaning.scale for meaning in meanings.values()}
    users = list(project.users)
    missing: list[ReadSource] = []
    for one in sources:
        talks = found.with_id(one.talk.id) or found.named(one.talk.name)
        if not talks:
            missing.append(one)
            continue
        blocks = one.blocks_in(talks[0])
        if blocks is None:
            raise RecordError(
                f"{file}: the text of {one.talk.name!r} is not that of the discussion, so its codes have no place. "
                "Code it again without changing the text."
            )
        answers: dict[str, list[CodedAnswer]] = {}
        for coding, key in _coded_places(one, blocks):
            meaning = meanings.get(coding.code)
            if meaning:
                place = LabelKey(*key, meaning.scale.name)
                answers.setdefault(coding.user, []).append(CodedAnswer(place, meaning.answer(coding)))
        for user in sorted(answers, key=lambda guid: users.index(guid) if guid in users else len(users)):
            index = users.index(user) if user in users else len(users)
            yield coded_set(talks[0], _annotator(user, project.users), index, answers[user], scales)
    names = [one.talk.name for one in missing]
    if len(missing) == len(sources):
        raise RecordError(
            f"{file} holds codes, but none of its sources is one of these discussions: {listed(names)}. Give the run "
            "or study from which the project was written."
        )
    warn_of_absent(file, [one.talk.name for one in missing if _is_coded(one.source)])


def _is_coded(source: QdaSource) -> bool:
    return bool(source.codings) or any(part.codings for part in source.selections)


def _coded_places(one: ReadSource, blocks: Sequence[Block]) -> Iterable[tuple[QdaCoding, tuple[Unit, int | str]]]:
    """Yield each coding with the unit that it is about, and its place."""
    for part in one.source.selections:
        block = block_of(blocks, one.text.place(part.start), one.text.place(part.end))
        if block:
            yield from ((coding, ("comment", block.index)) for coding in part.codings)
    yield from ((coding, ("discussion", "")) for coding in one.source.codings)


def _annotator(guid: str, users: Mapping[str, tuple[str, str]]) -> Participant:
    """Return a user; if we have written the user, with the model, which is the user's id."""
    name, ident = users.get(guid, ("", ""))
    return Participant(name, "annotator", ident if guid_of("user", name, ident) == guid else HUMAN)


register(ForeignFormat("a project of a QDA program", lambda file: bool(project_member(file)), _read, ("scales",)))
