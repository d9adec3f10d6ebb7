"""docs/formats.md, held against the code: every format, every export, and what each keeps of every field."""

import re
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.exchanged import Exchanged
from syndisco_nb.formats.foreign_format import all_formats
from syndisco_nb.records import (
    AnnotationSet,
    ChatMessage,
    Generation,
    Label,
    Message,
    Parent,
    Participant,
    Sampling,
    Transcript,
)

DOCS = (Path(__file__).parents[1] / "docs" / "formats.md").read_text("utf-8")
KINDS = (Transcript, Participant, Message, Generation, AnnotationSet, Label)
COPIES = {"Label.name", "Label.text", "Label.role", "Label.turn", "AnnotationSet.discussion"}
"""Facts about what is labelled, which stand in the discussion, too."""

SCALE = {"type": "Likert", "name": "heat", "labels": ["1", "2", "3"], "instruction": "How hot?"}
MADE = Generation((ChatMessage("system", "Be kind."),), 7, Sampling(), prompt_tokens=9, completion_tokens=3)
TALK = Transcript(
    id="t1",
    index=0,
    seed=5,
    topic="Tax?",
    users=(Participant("Ana", "user", "m"), Participant("Ben", "user", "m", ("age: 3",), "A forum.", "Be brief.")),
    moderator=Participant("Mo", "user", "m"),
    settings={"num_turns": 3, "window": 3},
    comments=(
        Message(0, 0, "Ana", "Tax?", "hardcoded", "opening"),
        Message(1, 1, "Ben", "No, no.", "m", generation=MADE),
        Message(3, 2, "Mo", "Be civil.", "m", "moderator", generation=MADE),
        Message(4, 3, "Ben", "Because.", "m", generation=MADE),
    ),
    silences=(Message(2, 2, "Ana", "", "m", silent=True, generation=MADE),),
    known_as="thread 1",
)
LABELS = AnnotationSet(
    "t1",
    "thread 1",
    0,
    8,
    Participant("Judge", "annotator", "j"),
    {"window": 3, "scales": [SCALE]},
    (Label(1, "Ben", "No, no.", role="participant", turn=1, annotator=0, model="j", generation=MADE, value=2,
           scale="heat", options=("1", "2", "3")),),
)  # fmt: skip


def of_talk(**changes):
    talk = replace(TALK, **changes)
    return talk, replace(LABELS, discussion_id=talk.id, discussion=talk.name)


def of_message(**changes):
    return of_talk(comments=(*TALK.comments[:-1], replace(TALK.comments[-1], **changes)))


def of_user(**changes):
    return of_talk(users=(TALK.users[0], replace(TALK.users[1], **changes)))


def of_generation(**changes):
    return of_message(generation=replace(MADE, **changes))


def of_labels(**changes):
    return TALK, replace(LABELS, **changes)


def of_label(**changes):
    return of_labels(labels=(replace(LABELS.labels[0], **changes),))


CHANGES = {
    "Transcript.id": lambda: of_talk(id="t2"),
    "Transcript.index": lambda: of_talk(index=3),
    "Transcript.seed": lambda: of_talk(seed=6),
    "Transcript.topic": lambda: of_talk(topic="Toll?"),
    "Transcript.users": lambda: of_talk(users=(*TALK.users, Participant("Cem", "user", "m"))),
    "Transcript.moderator": lambda: of_talk(moderator=None),
    "Transcript.settings": lambda: of_talk(settings={"num_turns": 3, "window": 4}),
    "Transcript.comments": lambda: of_talk(comments=TALK.comments[:-1]),
    "Transcript.silences": lambda: of_talk(silences=()),
    "Transcript.parent": lambda: of_talk(parent=Parent("t0", 1, 2)),
    "Transcript.ended": lambda: of_talk(ended="3 silences in a row"),
    "Transcript.known_as": lambda: of_talk(known_as="thread 2"),
    "Transcript.meta": lambda: of_talk(meta={"forum": "x"}),
    "Participant.name": lambda: of_user(name="Bo"),
    "Participant.type": lambda: of_user(type="annotator"),
    "Participant.model": lambda: of_user(model="other"),
    "Participant.attributes": lambda: of_user(attributes=("age: 4",)),
    "Participant.context": lambda: of_user(context="A town hall."),
    "Participant.instructions": lambda: of_user(instructions="Be long."),
    "Participant.prompt_format": lambda: of_user(prompt_format="plain"),
    "Participant.model_digest": lambda: of_user(model_digest="00ab"),
    "Participant.meta": lambda: of_user(meta={"id": 4}),
    "Message.index": lambda: of_message(index=6),
    "Message.turn": lambda: of_message(turn=4),
    "Message.name": lambda: of_message(name="Ana"),
    "Message.text": lambda: of_message(text="Why?"),
    "Message.model": lambda: of_message(model="other"),
    "Message.role": lambda: of_message(role="guest"),
    "Message.silent": lambda: of_talk(
        comments=TALK.comments[:-1], silences=(*TALK.silences, replace(TALK.comments[-1], text="", silent=True))
    ),
    "Message.generation": lambda: of_message(generation=None),
    "Message.speaks_for": lambda: of_message(speaks_for=("Ana",)),
    "Message.reply_to": lambda: of_message(reply_to=1),
    "Message.meta": lambda: of_message(meta={"votes": 3}),
    "Generation.prompt": lambda: of_generation(prompt=(ChatMessage("system", "Be rude."),)),
    "Generation.seed": lambda: of_generation(seed=8),
    "Generation.sampling": lambda: of_generation(sampling=Sampling(temperature=0.1)),
    "Generation.finish_reason": lambda: of_generation(finish_reason="length"),
    "Generation.prompt_tokens": lambda: of_generation(prompt_tokens=10),
    "Generation.completion_tokens": lambda: of_generation(completion_tokens=4),
    "Generation.seconds": lambda: of_generation(seconds=1.5),
    "Generation.batch_size": lambda: of_generation(batch_size=2),
    "Generation.raw": lambda: of_generation(raw="Ben: Because."),
    "Generation.reasoning": lambda: of_generation(reasoning="Hm."),
    "Generation.reasoning_tokens": lambda: of_generation(reasoning_tokens=1),
    "Generation.notes": lambda: of_generation(notes=("seed not sent",)),
    "AnnotationSet.discussion_id": lambda: of_labels(discussion_id="t9", discussion="gone"),
    "AnnotationSet.index": lambda: of_labels(index=3, labels=(replace(LABELS.labels[0], annotator=3),)),
    "AnnotationSet.seed": lambda: of_labels(seed=9),
    "AnnotationSet.annotator": lambda: of_labels(annotator=Participant("Jury", "annotator", "j")),
    "AnnotationSet.settings": lambda: of_labels(settings={"window": 3, "scales": [SCALE | {"instruction": "Hot?"}]}),
    "AnnotationSet.labels": lambda: of_labels(labels=(LABELS.labels[0], replace(LABELS.labels[0], comment=4, name="Ben",
                                                                                text="Because."))),
    "AnnotationSet.meta": lambda: of_labels(meta={"batch": 3}),
    "Label.comment": lambda: of_label(comment=4, text="Because.", turn=3),
    "Label.unit": lambda: of_label(comment=None, name="", unit="discussion", role="", turn=None),
    "Label.annotator": lambda: of_labels(index=3, labels=(replace(LABELS.labels[0], annotator=3),)),
    "Label.model": lambda: of_label(model="other"),
    "Label.generation": lambda: of_label(generation=replace(MADE, seed=9, raw="2 or so", prompt_tokens=1)),
    "Label.value": lambda: of_label(value=3),
    "Label.scale": lambda: of_labels(
        settings={"window": 3, "scales": [SCALE | {"name": "anger"}]},
        labels=(replace(LABELS.labels[0], scale="anger"),),
    ),
    "Label.probabilities": lambda: of_label(probabilities={"1": 0.1, "2": 0.8, "3": 0.1}, mass=1.0),
    "Label.mass": lambda: of_label(mass=0.7),
    "Label.options": lambda: of_label(options=("2", "1", "3")),
}  # fmt: skip
"""For each field, the records with a change of this field alone."""


def _tables(corpus, folder):
    folder.mkdir(parents=True)
    for what in ("messages", "labels", "discussions", "participants"):
        corpus.to_dataframe(what, roles="all").to_csv(folder / what, index=False)


WRITERS = {
    "save": lambda corpus, path: corpus.save(path),
    "to_dataframe": _tables,
    "to_convokit": lambda corpus, path: corpus.to_convokit(path),
    "to_inspect": lambda corpus, path: corpus.to_inspect(path / "log.eval"),
    "to_chat": lambda corpus, path: corpus.to_chat(path / "chat"),
    "to_syndisco": lambda corpus, path: corpus.to_syndisco(path),
    "to_qdpx": lambda corpus, path: corpus.to_qdpx(path / "project.qdpx"),
    "to_label_studio": lambda corpus, path: corpus.to_label_studio(path),
    "to_r": lambda corpus, path: corpus.to_r(path),
}


SLOW = ("to_dataframe", "to_r")
"""Exports of which make test tries a sample of the fields."""
_DIGEST = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def written(name, records, folder):
    """Return all that an export writes, by file; the members of zip files apart, and ids that are digests numbered."""
    talk, labels = records
    WRITERS[name](snb.Corpus([talk], [labels]), folder)
    found = {}
    for path in sorted(folder.rglob("*")):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found |= {member: archive.read(member) for member in archive.namelist()}
        elif path.is_file():
            found[str(path.relative_to(folder))] = path.read_bytes()
    numbers = {}
    number = lambda digest: b"%d" % numbers.setdefault(digest[0], len(numbers))  # noqa: E731
    return [(_DIGEST.sub(number, file.encode()), _DIGEST.sub(number, found[file])) for file in sorted(found)]


def keeps(name, field, plain, folder):
    """Return whether an export shows a change of a field, or refuses it."""
    try:
        return written(name, CHANGES[field](), folder) != plain
    except snb.errors.SyndiscoError:
        return True


def table(title):
    """Return the rows of the table below a heading, by their first cell."""
    section = DOCS.split(f"# {title}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {row[0].strip("`"): row[1:] for row in rows if set(row[0]) - set("- ")}


def test_every_format_and_every_export_has_a_section():
    rows = table("Formats of other tools")
    headings = re.findall("^## (.+)$", DOCS, re.MULTILINE)
    assert [*rows] == ["section", *(one for one in headings if one != "What each export keeps")]
    read = [name.strip() for _, cells in list(rows.items())[1:] for name in cells[0].split(";")]
    assert {name for name in read if name and not name.startswith("by `")} == {one.name for one in all_formats()}
    written_by = {name for cells in rows.values() for name in re.findall("`(to_[a-z_]+|save)`", cells[1])}
    assert written_by == set(WRITERS)


def test_every_field_and_every_export_is_in_the_table():
    rows = table("What each export keeps")
    known = {f"{kind.__name__}.{field.name}" for kind in KINDS for field in fields(kind) if field.compare}
    assert known - COPIES == set(CHANGES) == set(rows) - {"field"}
    methods = {name for name in vars(Exchanged) if name.startswith("to_")}
    assert [name.strip("`") for name in rows["field"]] == list(WRITERS)
    assert methods == set(WRITERS) - {"save", "to_dataframe"}


@pytest.mark.parametrize("name", WRITERS)
def test_the_table_says_what_an_export_keeps(name, tmp_path):
    check(name, list(CHANGES)[:: 6 if name in SLOW else 1], tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", SLOW)
def test_the_table_says_what_a_slow_export_keeps(name, tmp_path):
    check(name, CHANGES, tmp_path)


def check(name, some, folder):
    plain = written(name, (TALK, LABELS), folder / "plain")
    rows, place = table("What each export keeps"), list(WRITERS).index(name)
    kept = {field: "yes" if keeps(name, field, plain, folder / field) else "–" for field in some}
    assert {field: rows[field][place] for field in some} == kept
