"""Files of version 1, written by its own last code, stay good: they are read, shown and verified, but not continued."""

import json
import shutil
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import RunFolderError

KEPT = Path(__file__).parent / "data" / "version1"


@pytest.fixture
def old(tmp_path):
    return Path(shutil.copytree(KEPT, tmp_path / "old"))


def content(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.json")}


def edit(file, change):
    document = json.loads(file.read_bytes())
    change(document)
    file.write_text(json.dumps(document), "utf-8")


def talk():
    model = snb.ScriptedModel("", name="scripted")
    people = [snb.LLMActor(model, name, ["age: 3"], "Here.", "Speak.") for name in ("Ana", "Ben", "Cem")]
    mo = snb.LLMActor(model, "Mo", instructions="Be calm.")
    settings = {"num_turns": 6, "num_discussions": 2, "num_active_users": 2, "window": 3, "seed": 7}
    return snb.DiscussionExperiment(["Tax?", "Toll?"], people, mo, **settings)


def rate(name="judge"):
    judge = snb.LLMActor(
        snb.ScriptedModel("1", name=name), "Eva", instructions="Rate.", actor_type=snb.ActorType.ANNOTATOR
    )
    return snb.AnnotationExperiment([judge], [snb.Likert("tone"), snb.Flag("wit")], seed=5)


def test_a_run_of_version_1_is_read_shown_and_verified(old):
    for name, pieces in (("talks", 25), ("labels", 46)):
        run = snb.Run(old / name)
        assert (run.status, len(run), len(run.to_dataframe(roles="all"))) == ("finished", 2, pieces)
        assert run._repr_mimebundle_()["text/html"]
        assert all(one._repr_mimebundle_()["text/html"] for one in run)
        assert run.verify(), str(run.verify())
    said = [message.text for one in snb.Run(old / "talks") for message in one.comments]
    assert any(text.startswith("**") for text in said)  # an own name that today's rules take off


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("talks", lambda d: d["logs"][1].update(text="Not at all.")),
        ("talks", lambda d: d["users"][0].update(context="There.")),
        ("talks", lambda d: d["moderator"].update(instructions="Be loud.")),
        ("labels", lambda d: d["annotator"].update(instructions="Rate well.")),
        ("labels", lambda d: d["logs"][1].update(text="Not at all.")),
    ],
)
def test_a_change_of_a_run_of_version_1_is_found_though_it_has_no_digests(name, change, old):
    edit(next((old / name).glob("discussion-00001*")), change)
    problems = snb.Run(old / name).verify().problems
    assert problems
    assert all(problem.startswith("discussion-00001") for problem in problems)


def test_a_run_of_version_1_is_not_continued_and_stays_as_it_is(old):
    for name, begin in (
        ("talks", lambda: talk().begin(old / "talks")),
        ("labels", lambda: rate().begin(old / "talks", old / "labels")),
    ):
        before = content(old / name)
        with pytest.raises(
            RunFolderError, match=r"written by an earlier version: it can be read, not continued\. Use an"
        ):
            begin()
        assert content(old / name) == before


def test_discussions_of_version_1_can_be_labelled_anew(old):
    run = rate().begin(old / "talks", old / "anew")
    assert (run.status, bool(run.verify())) == ("finished", True)
