"""Files that are broken, cut, foreign, huge or hostile, before every reader: none of them stops what is good."""

import codecs
import contextlib
import json
import os
import random
import shutil
import warnings
from pathlib import Path

import pydantic_core
import pytest
from support.recording_model import RecordingModel
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, PersonaError, RecordError, SyndiscoError
from syndisco_nb.runs import files
from syndisco_nb.runs.failures import read_failures

MUTANTS = size(1000, 200)
DEEP = b"[" * 200_000
PEOPLE = b'[{"username": "Ana", "age": 41, "hobby": "chess"}, {"username": "Ben", "age": "25-34"}]'
VALUES = [
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"9" * 30,
    b"9" * 6000,
    b"-1",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b'""',
    b'"\\ud800"',
    b'"../../etc/passwd"',
    b'"/etc/passwd\\u0000"',
    b'"' + b"x" * 5000 + b'"',
    b'{"a": 1, "a": 2}',
    DEEP[:5000],
    b'"\xff\xfe"',
]


def mutant(data, rng):
    """Return the file, damaged in one of the ways in which files are."""
    spot = rng.randrange(len(data) + 1)
    ways = [
        lambda: data[:spot],
        lambda: data[:spot] + rng.randbytes(rng.randrange(1, 9)) + data[spot + rng.randrange(9) :],
        lambda: data[:spot] + data[max(0, spot - 40) :],
        lambda: data[:spot] + bytes([data[min(spot, len(data) - 1)] ^ (1 << rng.randrange(8))]) + data[spot + 1 :],
        lambda: rng.choice(VALUES),
        lambda: b"\xef\xbb\xbf" + data,
        lambda: data.decode(errors="replace").encode("utf-16"),
        lambda: DEEP,
    ]
    if rng.random() < 0.4:
        return other_value(data, rng)
    return rng.choice(ways)()


def other_value(data, rng):
    """Put another value in the place of one: the file stays JSON, mostly, but says what it must not."""
    starts = [place + 2 for place in range(len(data) - 1) if data[place : place + 2] == b": "]
    starts = starts or [place + 1 for place in range(len(data)) if data[place : place + 1] == b":"] or [0]
    start = rng.choice(starts)
    end = min((place for place in (data.find(stop, start) for stop in (b",", b"\n", b"}")) if place > 0), default=start)
    return data[:start] + rng.choice(VALUES) + data[end:]


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A run with a journal and failures, its annotations, and a store of answers."""
    folder = tmp_path_factory.mktemp("good")
    model = RecordingModel(["Yes.", "", "Größe\n“x”"])
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
    experiment = snb.DiscussionExperiment(["Tax"], users, num_turns=3, num_discussions=4, seed=7)
    whole = experiment.begin(folder / "whole")
    model.failing = {whole[3].messages[-1].generation.seed}
    experiment.begin(folder / "run")
    judge = snb.LLMActor(snb.ScriptedModel(["1", "2"], name="j"), "", actor_type=snb.ActorType.ANNOTATOR)
    labelling = snb.AnnotationExperiment([judge], snb.Likert("tone"), seed=7)
    labelling.begin(folder / "whole", folder / "labels")
    (folder / "people.json").write_bytes(PEOPLE)
    return folder, experiment, labelling


# What is read, what of it is damaged, and what is good all the same


def changed(folder, kind, file, good):
    """Return whether a file that a run has finished, or its run.json, says something else than was written."""
    name = f"{kind}/{file}"
    if not (good[0] / name).exists() or file == "failures.jsonl":
        return False
    now, then = ((where / name).read_bytes().removeprefix(codecs.BOM_UTF8) for where in (folder, good[0]))
    return pydantic_core.from_json(now) != pydantic_core.from_json(then) if file == "run.json" else now != then


def read_run(folder, file, good):
    whole = list(snb.Run(good[0] / "whole"))
    run = snb.Run(folder / "run")
    found = list(run)
    repr(run), run.failures, run.to_dataframe()
    assert not (run.verify() and changed(folder, "run", file, good))
    others = [one for one in whole[:3] if f"discussion-{one.index:05d}.json" != file]
    assert [one for one in found if one in others] == others


def read_labels(folder, file, good):
    run = snb.Run(folder / "labels")
    whole = list(snb.Run(good[0] / "labels"))
    assert not (run.verify() and changed(folder, "labels", file, good))
    found = list(run)
    assert [one for one in whole if f"{one.discussion}.annotator-00.json" != file] == [
        one for one in found if one in whole and f"{one.discussion}.annotator-00.json" != file
    ]


def read_discussions(folder, file, good):
    run = good[2].begin(folder / "run", folder / "anew")
    assert {one.discussion for one in run} >= {f"discussion-0000{n}" for n in range(3)} - {file.removesuffix(".json")}
    shutil.rmtree(folder / "anew")


def resume(folder, file, good):
    run = good[1].begin(folder / "run")
    names = {f"discussion-0000{index}.json": index for index in range(3)}
    others = [one for one in snb.Run(good[0] / "whole") if one.index in names.values() and one.index != names.get(file)]
    assert [one for one in run if one in others] == others


def read_people(folder, file, good):
    snb.load_personas(folder / "people.json")


def read_answers(folder, file, good):
    model = snb.CachedModel(snb.ScriptedModel("Yes."), folder / "answers.jsonl")
    discussion = snb.Discussion([snb.LLMActor(model, name) for name in ("Ana", "Ben")], seed=7, num_turns=2)
    assert len(discussion.run().messages) == 2


READERS = [
    (read_run, "run/discussion-00001.json"),
    (read_run, "run/run.json"),
    (read_run, "run/failures.jsonl"),
    (read_run, "run/journal/discussion-00003.jsonl"),
    (read_labels, "labels/discussion-00001.annotator-00.json"),
    (read_discussions, "run/discussion-00001.json"),
    (resume, "run/journal/discussion-00003.jsonl"),
    (resume, "run/discussion-00002.json"),
    (resume, "run/run.json"),
    (resume, "run/failures.jsonl"),
    (read_people, "people.json"),
    (read_answers, "answers.jsonl"),
]


def test_damaged_files_by_the_hundred_stop_no_reader(good, tmp_path):
    folder = tmp_path / "it"
    shutil.copytree(good[0], folder)
    read_answers(folder, "", good)
    whole = {name: (folder / name).read_bytes() for _, name in READERS}
    rng = random.Random(7)
    refused = 0
    for number in range(MUTANTS):
        reader, name = READERS[number % len(READERS)]
        data = mutant(whole[name], rng)
        (folder / name).write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                reader(folder, Path(name).name, good)
            except SyndiscoError:
                refused += 1
            except BaseException as error:
                raise AssertionError(f"{reader.__name__} of {name}: {data[:2000]!r}") from error
        shutil.rmtree(folder / "run")
        shutil.copytree(good[0] / "run", folder / "run")
        (folder / name).write_bytes(whole[name])
    assert 0 < refused < MUTANTS / 2


# By hand


@pytest.fixture
def run(good, tmp_path):
    shutil.copytree(good[0] / "whole", tmp_path / "run")
    return snb.Run(tmp_path / "run")


def test_a_huge_file_is_stepped_around_without_being_read(run, monkeypatch):
    monkeypatch.setattr(files, "SIZE_LIMIT", 10**6)
    with Path(run, "discussion-00001.json").open("ab") as file:
        file.truncate(5 * 2**20)
    with pytest.warns(UserWarning, match="it has 5 MiB, but files of up to 0 MiB are read"):
        assert [one.index for one in run] == [0, 2, 3]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(run, good, tmp_path):
    Path(run, "discussion-00001.json").unlink()
    os.mkfifo(Path(run, "discussion-00001.json"))
    with pytest.warns(UserWarning, match="it is not an ordinary file"):
        assert len(list(run)) == 3
    with pytest.warns(UserWarning, match="it is not an ordinary file"):
        assert len(good[2].begin(run, tmp_path / "labels")) == 3


def test_numbers_that_are_none_are_refused(run):
    file = Path(run, "discussion-00001.json")
    file.write_bytes(file.read_bytes().replace(b'"seconds": 0.0', b'"seconds": NaN', 1))
    with pytest.raises(RecordError, match=r"discussion-00001\.json cannot be read: invalid JSON"):
        run[1]


def test_names_in_data_lead_nowhere(run):
    line = {"unit": "../../outside.annotator-00", "error": "E", "message": "m", "done": 0, "attempt": 1}
    Path(run, "failures.jsonl").write_text(json.dumps(line) + "\n" + json.dumps(line | {"unit": "discussion-00009"}))
    assert [failure.unit for failure in read_failures(run.folder)] == ["discussion-00009"]


def test_file_names_that_are_no_text_or_too_long_are_stepped_around(run, good, tmp_path):
    data = Path(run, "discussion-00001.json").read_bytes()
    try:
        Path(os.fsdecode(os.fsencode(run.folder) + b"/\xff.json")).write_bytes(data)
    except OSError:
        pytest.skip("names must be UTF-8 here")
    Path(run, f"{'x' * 240}.json").write_bytes(data)
    with pytest.warns(UserWarning, match="its name is not UTF-8.*its name has more than 200 bytes"):
        labels = good[2].begin(run, tmp_path / "labels")
    assert (len(labels), labels.status) == (4, "finished")
    assert {one.file for one in labels.skipped} == {"\\xff.json".replace("\\xff", "\\udcff"), f"{'x' * 240}.json"}


def test_a_broken_line_of_a_journal_costs_what_follows_and_nothing_else(good, tmp_path):
    shutil.copytree(good[0] / "run", tmp_path / "run")
    journal = tmp_path / "run" / "journal" / "discussion-00003.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + b"{}\n" + b"".join(lines[2:]))
    with pytest.warns(UserWarning, match=r"line 2 cannot be read: .* Copied to discussion-00003\.jsonl\.broken"):
        good[1].begin(tmp_path / "run")
    assert journal.read_bytes() == b"".join(lines)
    assert journal.with_name(f"{journal.name}.broken").read_bytes() == lines[0] + b"{}\n" + b"".join(lines[2:])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'[{"username": "\\ud800"}]', "entry 1: username .* not valid text"),
        (b'[{"username": "A", "hobby": "\\udfff"}]', "entry 1: hobby .* not valid text"),
        (b'[{"username": "A", "age": "' + b"9" * 5000 + b'"}]', "entry 1: age"),
        (b'[{"username": "A", "hobby": Infinity}]', "entry 1: hobby is inf"),
        (DEEP, "cannot be read"),
    ],
)
def test_hostile_personas_are_refused_by_field(data, message, tmp_path):
    (tmp_path / "people.json").write_bytes(data)
    with pytest.raises(PersonaError, match=message):
        snb.load_personas(tmp_path / "people.json")


def test_a_folder_that_cannot_be_listed_is_an_error_of_ours(good, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises((InvalidInputError, RecordError)):
        good[2].begin(tmp_path / "file", tmp_path / "labels")
    with contextlib.suppress(SyndiscoError):
        snb.Run(tmp_path / "file")
