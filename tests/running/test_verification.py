"""Every change of a run that alters its meaning is found: field by field, with digests and without."""

import copy
import json
import shutil

import pytest
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.running.verification import verify
from syndisco_nb.runs.head import HEAD, head_file, read_head
from syndisco_nb.runs.serialization import from_json

TALK, LABELS = "discussion-00001.json", "discussion-00001.annotator-00.json"

FREE = {
    # What a model answered, and at what cost: nothing else in a run says what that was.
    "finish_reason", "prompt_tokens", "completion_tokens", "seconds", "batch_size", "temperature", "top_p", "top_k",
    "sampling", "repetition_penalty", "max_tokens", "trim", "reasoning", "reasoning_tokens", "notes", "mass",
    "probabilities",
    # What run.json alone says: of the machine, and of the time.
    "software", "started", "updated", "memory_mb", "gpu_memory_mb", "skipped", "estimate", "digest", "status", "reason",
}  # fmt: skip
"""Fields that only a digest guards."""


class Chatty(snb.ScriptedModel):
    """A model that says all that there is to say about an answer."""

    async def complete(self, request):
        said = [" Yes, “so”.", "", "Ana: No.", "Ben: Why?\nBen: Well."][request.seed % 4]
        if request.labels:
            chances = dict.fromkeys(request.labels, 0.0) | {request.labels[request.seed % 2]: 1.0}
            return snb.Completion(request.labels[request.seed % 2], probabilities=chances, mass=0.5)
        return snb.Completion(
            said, "length", snb.Sampling(), 9, 7, 1.5, 2, reasoning="Hm.", reasoning_tokens=3, notes=("n",)
        )


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A moderated run with all that a record can hold, and labels of two annotators."""
    folder = tmp_path_factory.mktemp("sound")
    model = Chatty("", name="chatty")
    people = [snb.LLMActor(model, name, ["age: 3"], "Here.", "Speak.") for name in ("Ana", "Ben", "Cem", "Dan")]
    mo = snb.LLMActor(model, "Mo", instructions="Be calm.", prompt_format=snb.PromptTemplate("{name}", "{comments}"))
    talks = snb.DiscussionExperiment(
        ["Tax?", [{"name": "Ana", "text": "Toll?"}, "Or “tax”?"]],
        people,
        mo,
        num_turns=4,
        num_discussions=2,
        num_active_users=3,
        turn_manager=snb.Hosted(2, then=snb.RespondWithProbability(0.5)),
        stop=[snb.AfterSilences(4)],
        seed=7,
    ).begin(folder / "talks")
    judges = [
        snb.LLMActor(model, name, instructions="Rate.", actor_type=snb.ActorType.ANNOTATOR) for name in ("Eva", "Fay")
    ]
    scales = [
        snb.Likert("tone"),
        snb.Flag("wit", shuffle=True, unit="participant"),
        snb.Choice("kind", ["a", "b"], unit="discussion"),
        snb.FreeText("gist"),
    ]
    snb.AnnotationExperiment(judges, scales, seed=5).begin(talks, folder / "labels")
    return folder


@pytest.fixture
def folder(sound, tmp_path):
    shutil.copytree(sound, tmp_path / "it")
    return tmp_path / "it"


def leaves(value, path=()):
    """Return where all values of a document stand, and whole lists and mappings, too."""
    if isinstance(value, dict):
        yield path, value
        for name, one in value.items():
            yield from leaves(one, (*path, name))
    elif isinstance(value, list):
        yield path, value
        for place, one in enumerate(value):
            yield from leaves(one, (*path, place))
    else:
        yield path, value


def changes(value):
    """Return other values of the same kind."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, float):
        return [value + 0.25]
    if isinstance(value, str):
        return [f"{value}x", value[:-1]] if value else ["x"]
    if isinstance(value, list):
        return [value[:-1], [*value, value[-1]], value[::-1]] if value else [["x"]]
    return []


def changed(document, path, value):
    other = copy.deepcopy(document)
    inner = other
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return other


def mutants(document):
    """Return documents of which one field is another, and where."""
    for path, value in leaves(document):
        if path and path != ("format",):
            for other in changes(value):
                if other != value:
                    yield path, changed(document, path, other)


def removals(document):
    """Return documents of which one entry is missing."""
    for path, value in leaves(document):
        if isinstance(value, dict):
            for name in value:
                yield (
                    (*path, name),
                    changed({"it": document}, ("it", *path), {k: v for k, v in value.items() if k != name})["it"],
                )


def swaps(document):
    """Return documents of which two entries of a list stand in each other's place."""
    for path, value in leaves(document):
        if isinstance(value, list) and path:
            for place in range(len(value) - 1):
                if value[place] != value[place + 1]:
                    other = [*value[:place], value[place + 1], value[place], *value[place + 2 :]]
                    yield path, changed(document, path, other)


def without_digests(run):
    """Leave out what shows any change, so that only the content is left to show it."""
    head = read_head(run)
    head.digests.clear()
    (run / "run.json").write_bytes(head_file(head))
    assert verify(run), str(verify(run))


def resealed(document):
    """Return a run.json with a digest that is right again."""
    document.pop("digest", None)
    document.pop("version", None), document.pop("format", None)
    try:
        return head_file(HEAD.validate_python(document))
    except ValueError:
        return json.dumps(document).encode()


def missed(run, name, documents, seal=lambda document: json.dumps(document, ensure_ascii=False).encode()):
    """Return the paths of what was changed and not found."""
    file = run / name
    before, found = file.read_bytes(), []
    for path, document in documents:
        file.write_bytes(seal(document))
        if verify(run):
            found.append(path)
    file.write_bytes(before)
    return found


def every(document):
    return [*mutants(document), *removals(document), *swaps(document)]


FILES = pytest.mark.parametrize(
    ("kind", "name"), [("talks", TALK), ("labels", LABELS), ("talks", "run.json"), ("labels", "run.json")]
)


@FILES
def test_any_change_of_a_file_is_found(folder, kind, name):
    run = folder / kind
    documents = every(json.loads((run / name).read_bytes()))[:: size(1, 23)]
    assert len(documents) > 5
    assert missed(run, name, documents) == []
    assert verify(run)


@pytest.mark.parametrize(("kind", "name"), [("talks", TALK), ("labels", LABELS)])
def test_without_its_digest_a_record_shows_all_changes_that_something_else_in_the_run_tells(folder, kind, name):
    run = folder / kind
    without_digests(run)
    data = (run / name).read_bytes()
    record = {TALK: Transcript, LABELS: AnnotationSet}[name]
    same = from_json(record, data, name)
    documents = [
        (path, document)
        for path, document in every(json.loads(data))[:: size(1, 7)]
        if not set(path) & FREE and not equal(same, document)
    ]
    assert len(documents) > 50
    found = missed(run, name, documents)
    labels = json.loads(data)["logs"]
    free = [
        path
        for path in found
        if "raw" in path or (name == LABELS and "value" in path and labels[path[1]]["scale"] == "gist")
    ]
    assert found == free  # what was answered, and left no other trace
    assert len(free) < len(documents) / 20


def equal(record, document):
    try:
        return from_json(type(record), json.dumps(document).encode(), "") == record
    except SyndiscoError:
        return False


@pytest.mark.parametrize("kind", ["talks", "labels"])
def test_without_its_digest_run_json_is_held_against_the_records(folder, kind):
    run = folder / kind
    without_digests(run)
    document = json.loads((run / "run.json").read_bytes())
    documents = [
        (path, one)
        for path, one in every(document)
        if not set(path) & FREE and path[0] not in ("version", "format", "digests")
    ]
    found = set(missed(run, "run.json", documents, resealed))
    # A topic, or a model, that is there twice, and a seed that was drawn: nothing follows from those.
    assert found <= {("spec", "topics"), ("spec", "models"), ("spec", "seed")}


def edit(file, change):
    document = json.loads(file.read_bytes())
    change(document)
    file.write_text(json.dumps(document), "utf-8")


def reworded(document):
    document["logs"][1]["text"] += " Or so."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda talks: edit(talks / TALK, reworded),
            "the label of comment 1 (tone) does not follow from its prompt: its",
        ),
        (lambda talks: edit(talks / TALK, lambda d: d.update(id="00")), "its discussion_id is"),
        (lambda talks: (talks / TALK).unlink(), "its discussion, discussion-00001, is gone, or broken"),
        (lambda talks: (talks / TALK).write_text("{"), "its discussion, discussion-00001, is gone, or broken"),
        (
            lambda talks: shutil.copy(talks / TALK, talks / "discussion-00009.json"),
            "discussion-00009 has been added since",
        ),
        (shutil.rmtree, "its discussions are not there any more"),
    ],
)
def test_annotations_are_held_against_their_discussions(folder, change, said):
    change(folder / "talks")
    found = verify(folder / "labels")
    assert not found
    assert said in str(found)


def test_a_file_that_is_gone_or_was_never_written_is_named(folder):
    run = folder / "talks"
    shutil.copy(run / TALK, run / "discussion-00002.json")
    (run / TALK).unlink()
    said = str(verify(run))
    assert "discussion-00002.json: the run has not written it." in said
    assert f"{TALK} is gone, though it was finished." in said


@pytest.mark.parametrize("status", ["finished", "partial"])
def test_an_absurd_total_takes_no_time_and_no_space(folder, status):
    run = folder / "talks"
    (run / "failures.jsonl").write_text(
        '{"unit": "discussion-00003", "error": "E", "message": "m", "done": 0, "attempt": 1}\n'
    )
    edit(run / "run.json", lambda d: d.update(total=10**8, status=status))
    missing = [one for one in verify(run).problems if "missing" in one]
    excused = status == "partial"
    assert len(missing) == 21
    assert missing[0] == f"discussion-00002.json is missing, though the run is {status}."
    assert any("discussion-00003.json" in one for one in missing) != excused
    assert missing[-1] == f"run.json: {10**8 - 22 - excused:,} more of its 100,000,000 discussions are missing."
    edit(run / "run.json", lambda d: d.update(total=10**8 + 1))
    assert "run.json cannot be read: total: Input should be less than or equal to 100000000" in str(verify(run))


@pytest.mark.parametrize(
    "name", [f"talks/{TALK}", f"labels/{LABELS}", "talks/run.json", "talks/failures.jsonl", "talks/order.jsonl"]
)
def test_a_link_in_the_place_of_a_file_is_named(name, folder, tmp_path):
    file = folder / name
    file.touch()
    assert verify(file.parent)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert str(verify(file.parent)) == f"{file.name}: it is a link, not a file of the run's own."


def test_an_order_of_work_that_cannot_be_read_is_named_and_a_missing_one_is_not(folder):
    (folder / "talks" / "order.jsonl").unlink()
    assert verify(folder / "talks")
    (folder / "talks" / "order.jsonl").mkdir()
    assert "order.jsonl cannot be read" in str(verify(folder / "talks"))


def test_a_custom_turn_manager_prompt_format_and_stop_condition_cost_no_false_alarm(tmp_path):
    class Last(snb.TurnManager):
        def choose(self, names, history, rng):
            return names[-1 if len(history) % 3 else 0]

    class Tired(snb.StopCondition):
        def holds(self, history):
            return len(history) > 4

    def terse(actor, comments):
        return [snb.ChatMessage("user", f"{actor.name}, {len(comments)}")]

    model = Chatty("", name="chatty")
    people = [snb.LLMActor(model, name, prompt_format=terse) for name in ("Ana", "Ben")]
    run = snb.DiscussionExperiment(
        ["Tax?"], people, turn_manager=Last(), stop=[Tired()], num_turns=9, num_discussions=2, seed=1
    ).begin(tmp_path)
    assert run[0].ended
    assert run.verify(), str(run.verify())
    edit(tmp_path / TALK, lambda d: d["logs"][1].update(turn=2))
    assert not run.verify()
