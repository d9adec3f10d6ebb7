"""Many discussions from one seed: drawn, resumed, retried, refused."""

import asyncio
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chisquare
from support.experiments import content, discuss, judge, person
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb import AnnotationExperiment, DiscussionExperiment, LLMActor, ScriptedModel
from syndisco_nb.errors import InvalidInputError, ModelError, RunFolderError, UnknownArgumentError


def uniform(counts, kinds):
    """Return whether these counts look like draws from a uniform distribution over so many kinds."""
    return len(counts) == kinds and chisquare(list(counts.values())).pvalue > 1e-4


def guide(folder, num_discussions):
    from syndisco_nb.backend.actors import ActorType, LLMActor
    from syndisco_nb.backend.model import TransformersModel
    from syndisco_nb.backend.persona import LLMPersona
    from syndisco_nb.backend.turn_manager import RoundRobbin
    from syndisco_nb.experiments import AnnotationExperiment, DiscussionExperiment

    assert TransformersModel(model_path=str(folder), name="test_model", max_out_tokens=100).name == "test_model"
    llm = ScriptedModel(["Yes.", "No.", ""])
    personas = [
        LLMPersona(
            username=username,
            age=30,
            sex="female",
            education_level="Bachelor's degree",
            sexual_orientation="heterosexual",
            demographic_group="White",
            current_employment="teacher",
            special_instructions="",
            personality_characteristics=["friendly", "curious"],
        )
        for username in ("Emma35", "Giannis", "Rania")
    ]
    users = [
        LLMActor(
            model=llm,
            name=persona.username,
            attributes=persona.to_attribute_list(),
            context="You are taking part in an online conversation",
            instructions="Act like a human would",
            actor_type=ActorType.USER,
        )
        for persona in personas
    ]
    tm = RoundRobbin()
    tm.initialize_names([persona.username for persona in personas])
    discussions = folder / "discussions"
    DiscussionExperiment(
        topics=["Topic one", "Topic two"],
        users=users,
        moderator=None,
        num_turns=3,
        num_discussions=num_discussions,
    ).begin(discussions_output_dir=discussions)
    annotator = LLMActor(
        model=llm,
        name="",
        attributes=personas[0].to_attribute_list(),
        context="You are annotating an online discussion",
        instructions="Rate its toxicity",
        actor_type=snb.ActorType.ANNOTATOR,
    )
    AnnotationExperiment(annotators=[annotator]).begin(discussions_dir=discussions, output_dir=folder / "annotations")


@pytest.mark.parametrize("number", [2, 12])
def test_the_guide_leaves_one_file_for_each(tmp_path, number):
    guide(tmp_path, number)
    names = [f"discussion-{index:05d}" for index in range(number)]
    assert sorted(path.stem for path in (tmp_path / "discussions").glob("discussion-*.json")) == names
    annotations = sorted(path.name for path in (tmp_path / "annotations").glob("*.annotator-*.json"))
    assert annotations == [f"{name}.annotator-00.json" for name in names]


def test_the_defaults_are_the_guides(users):
    experiment = DiscussionExperiment(topics=["Tax"], users=users)
    assert (experiment.num_turns, experiment.num_discussions, experiment.num_active_users) == (10, 5, 2)
    assert (experiment.window, AnnotationExperiment(annotators=[judge()]).window) == (3, 3)


def test_the_opener_is_drawn_uniformly(users):
    experiment = discuss(users, num_active_users=3)
    discussions = [experiment.discussion(0, seed) for seed in range(1500)]
    places = Counter(
        [user.name for user in discussion.transcript.users].index(discussion.step().name) for discussion in discussions
    )
    assert uniform(places, 3)


def test_who_opens_does_not_answer_himself(users):
    for index in range(20):
        discussion = discuss(users).discussion(index, 1)
        assert discussion.step().name != discussion.step().name


def test_the_same_seed_gives_the_same_files(users, tmp_path):
    one, same, other = (discuss(users, seed=seed).begin(tmp_path / str(n)) for n, seed in enumerate((7, 7, 8)))
    assert content(one) == content(same)
    assert not set(content(one).values()) & set(content(other).values())


@pytest.mark.parametrize("settings", [{"num_discussions": 9}, {"max_concurrency": 1}, {"max_concurrency": 2}])
def test_a_discussion_depends_on_nothing_but_seed_and_index(settings, tmp_path):
    async def reply(request):
        await asyncio.sleep(request.seed % 5 / 1000)
        return f"Word {request.seed % 1000}."

    users = [person(name, reply) for name in ("Ana", "Ben", "Cem")]
    plain = content(discuss(users).begin(tmp_path / "plain"))
    other = content(discuss(users, **settings).begin(tmp_path / "other"))
    assert {name: other[name] for name in plain} == plain


def test_no_more_discussions_are_open_than_asked(tmp_path):
    under_way, most = 0, 0

    async def reply(_):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        return "Yes."

    discuss([person("Ana", reply), person("Ben", reply)], num_discussions=10, max_concurrency=4).begin(tmp_path)
    assert most == 4


def test_a_run_takes_no_more_from_the_global_generator_than_nothing(users, tmp_path):
    import random

    before = random.getstate()
    discuss(users, seed=None).begin(tmp_path)
    assert random.getstate() == before


@pytest.fixture
def flaky():
    """A model that can be made to fail."""
    return RecordingModel(lambda request: f"Word {request.seed % 1000}.")


def test_one_failing_discussion_stops_no_other_and_is_retried_alone(flaky, tmp_path):
    users = [LLMActor(flaky, name) for name in ("Ana", "Ben")]
    whole = discuss(users).begin(tmp_path / "whole")
    flaky.failing = {whole[1].comments[-1].generation.seed}
    partial = discuss(users).begin(tmp_path / "partial")
    assert [transcript.index for transcript in partial] == [0, 2]
    (failure,) = partial.failures.itertuples()
    assert (failure.unit, failure.attempt, failure.done) == ("discussion-00001", 1, 4)
    assert (failure.error, failure.message) == ("ConnectionError", "gone")
    flaky.requests.clear()
    flaky.failing.clear()
    again = discuss(users).begin(tmp_path / "partial")
    assert (len(again.failures), again.status, content(again)) == (0, "finished", content(whole))
    assert flaky.seeds == [whole[1].comments[-1].generation.seed]


def test_a_model_that_cannot_be_loaded_stops_before_any_discussion(users, tmp_path):
    unloadable = RecordingModel(name="other", load_error=ModelError("no such model"))
    with pytest.raises(ModelError, match="no such model"):
        discuss([*users, LLMActor(unloadable, "Dan")]).begin(tmp_path)
    assert content(tmp_path) == {}
    assert not (tmp_path / "failures.jsonl").exists()


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_may_be_text_or_paths(users, kind, tmp_path):
    run = discuss(users).begin(kind(tmp_path / "talks"))
    labels = AnnotationExperiment(annotators=[judge()]).begin(kind(tmp_path / "talks"), kind(tmp_path / "labels"))
    assert (len(run), len(labels)) == (3, 3)


def refused(given, users):
    with pytest.raises(InvalidInputError) as caught:
        discuss(**{"users": users, **given})
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"users": []}, "users is empty. Give at least one LLMActor."),
        ({"users": None}, "users is None, but must be a list of LLMActor."),
        ({"users": [judge(name="Jo")]}, "'Jo' is an annotator, so it cannot take part in a discussion. Make it with"),
        ({"users": [person("Ana"), person("Ana ")]}, "2 users are called 'Ana'. Give every user a name of their own."),
        ({"num_active_users": 5}, "num_active_users is 5, but only 3 users were given. Give more users, or lower"),
        ({"num_active_users": 0}, "num_active_users is 0, but must be a whole number of 1 or more."),
        ({"num_turns": 0}, "num_turns is 0, but must be a whole number of 1 or more."),
        ({"num_turns": 2.5}, "num_turns is 2.5, but must be a whole number of 1 or more."),
        ({"num_turns": True}, "num_turns is True, but must be a whole number of 1 or more."),
        ({"num_discussions": "2"}, "num_discussions is '2', but must be a whole number of 1 or more."),
        ({"max_concurrency": 0}, "max_concurrency is 0, but must be a whole number of 1 or more."),
        ({"seed": "x"}, "seed is 'x', but must be a whole number of 0 or more."),
        ({"topics": []}, "topics is empty. Give at least one text that opens a discussion."),
        ({"topics": "Tax"}, "topics is 'Tax', which cannot be read as a file: No such file or directory. Give a list"),
        ({"topics": ["Tax", " "]}, "A topic is ' ', but must be text that is not empty, or a list"),
        ({"topics": ["Tax", 3]}, "A topic is 3, but must be text that is not empty, or a list"),
        ({"moderator": person("Ben")}, "The moderator and a user are both called 'Ben'. Rename one of them."),
        ({"moderator": judge(name="Jo")}, "'Jo' is an annotator, so it cannot take part in a discussion."),
        ({"turn_manager": "RoundRobin"}, "turn_manager is 'RoundRobin', but must be a turn manager, such as"),
    ],
)
def test_bad_input_is_refused_with_the_remedy(users, given, message):
    assert message in refused(given, users)


def test_a_misspelt_keyword_is_named(users):
    with pytest.raises(UnknownArgumentError, match=r"no argument 'num_turn'. Did you mean 'num_turns'\? It takes: top"):
        DiscussionExperiment(topics=["Tax"], users=users, num_turn=3)
    with pytest.raises(UnknownArgumentError, match="Did you mean 'discussions_output_dir'"):
        discuss(users).begin(discussion_output_dir="x")


def test_the_awaited_forms_name_a_misspelt_keyword_too(users):
    with pytest.raises(UnknownArgumentError, match="Did you mean 'discussions_output_dir'"):
        discuss(users).abegin(discussion_output_dir="x")


def test_topics_users_and_annotators_may_come_from_any_iterable(users, tmp_path):
    plain = discuss(users, topics=["Tax", "Toll"]).begin(tmp_path / "plain")
    given = discuss(iter(users), topics=(topic for topic in ("Tax", "Toll"))).begin(tmp_path / "given")
    assert content(given) == content(plain)


def test_it_can_be_awaited_under_a_running_loop(users, tmp_path):
    async def cell():
        run = await discuss(users).abegin(tmp_path / "talks")
        return await AnnotationExperiment(annotators=[judge()]).abegin(run, tmp_path / "labels")

    assert len(asyncio.run(cell())) == 3
    assert content(tmp_path / "talks") == content(discuss(users).begin(tmp_path / "plain"))


def test_a_blocking_call_works_under_a_running_loop(users, tmp_path):
    async def cell():
        return discuss(users).begin(tmp_path)

    assert len(asyncio.run(cell())) == 3


def test_a_cancelled_run_hands_back_what_it_has_and_goes_on(tmp_path):
    asked = []
    held = threading.Event()

    async def reply(request):
        asked.append(request.seed)
        while held.is_set() and len(asked) > 25:
            await asyncio.sleep(0.002)
        return f"Word {request.seed % 1000}."

    experiment = discuss([person("Ana", reply), person("Ben", reply)], num_turns=20)
    whole = content(experiment.begin(tmp_path / "whole"))
    asked.clear()
    held.set()

    async def cell():
        task = asyncio.create_task(experiment.abegin(tmp_path / "cut"))
        await until(lambda: len(asked) > 25)
        task.cancel()
        return await task

    assert asyncio.run(cell()).status == "interrupted"
    held.clear()
    assert content(experiment.begin(tmp_path / "cut")) == whole


def test_progress_goes_to_stderr_with_its_totals(users, tmp_path, capsys):
    run = discuss(users).begin(tmp_path / "talks")
    AnnotationExperiment(annotators=[judge()]).begin(run, tmp_path / "labels")
    out, err = capsys.readouterr()
    assert out == ""
    assert "talks" in err
    assert "12/12" in err  # 3 discussions of 4 turns
    comments = sum(len(transcript.comments) for transcript in run)
    assert f"{comments}/{comments}" in err


def test_progress_starts_where_the_run_was(users, tmp_path, capsys):
    discuss(users).begin(tmp_path)
    capsys.readouterr()
    discuss(users).begin(tmp_path)
    err = capsys.readouterr().err
    assert "12/12" in err
    assert "0/12" not in err


def test_progress_shows_failures(flaky, tmp_path, capsys):
    users = [LLMActor(flaky, name) for name in ("Ana", "Ben")]
    flaky.failing = {discuss(users).discussion(1, 7).run().comments[2].generation.seed}
    discuss(users).begin(tmp_path / "run")  # a short name: a narrow terminal cuts the line
    assert "failed=1" in capsys.readouterr().err


def test_experiments_have_a_one_line_repr(users):
    assert repr(discuss(users, num_discussions=1)).count("\n") == 0
    assert "3 discussions of 4 turns, by 2 of 3 users on 3 topics" in repr(discuss(users))
    assert repr(AnnotationExperiment(annotators=[judge()])) == "<AnnotationExperiment: 1 annotator>"


def test_numbers_of_numpy_are_numbers(users, tmp_path):
    run = discuss(users, num_turns=np.int64(2), num_discussions=np.int32(2), seed=np.int64(5)).begin(tmp_path)
    assert (len(run), run.seed) == (2, 5)


def test_files_that_are_no_discussions_do_not_count_and_broken_ones_are_stepped_around(users, tmp_path):
    run = discuss(users, num_discussions=3, seed=5).begin(tmp_path)
    (tmp_path / "notes.json").write_text("{}")
    (tmp_path / "discussion-00001.json").write_bytes(b"")
    run = type(run)(tmp_path)
    assert len(run) == 3
    with pytest.warns(UserWarning, match=r"discussion-00001\.json cannot be read: it is empty"):
        assert [transcript.index for transcript in run] == [0, 2]


def test_a_journal_left_over_beside_a_finished_file_is_dropped(users, tmp_path):
    discuss(users, num_discussions=2, seed=5).begin(tmp_path)
    left = tmp_path / "journal" / "discussion-00001.jsonl"
    left.write_bytes(b"")
    discuss(users, num_discussions=2, seed=5).begin(tmp_path)
    assert not left.exists()


def test_the_same_discussion_under_another_condition_has_another_id(users, tmp_path):
    plain = discuss(users).begin(tmp_path / "plain")
    moderated = discuss(users, moderator=person("Mod", model="calm")).begin(tmp_path / "moderated")
    again = discuss(users).begin(tmp_path / "again")
    assert [t.id for t in plain] == [t.id for t in again]
    assert not {t.id for t in plain} & {t.id for t in moderated}


def test_files_of_a_run_without_its_run_json_are_not_adopted(users, tmp_path):
    discuss(users).begin(tmp_path)
    (tmp_path / "run.json").unlink()
    (tmp_path / "journal" / "run.json.last").unlink()
    with pytest.raises(RunFolderError, match=r"files of another run, .* discussion-00000\.json is not of this experim"):
        discuss(users, seed=99).begin(tmp_path)
    with pytest.raises(RunFolderError, match=r"run\.json is missing\. Put run\.json back .* the seed of that run"):
        discuss(users, seed=None).begin(tmp_path)


def test_a_broken_discussion_is_set_aside_and_made_anew(users, tmp_path):
    whole = list(discuss(users).begin(tmp_path))
    file = tmp_path / "discussion-00001.json"
    file.write_bytes(file.read_bytes()[:50])
    with pytest.warns(UserWarning, match=r"Moved to discussion-00001\.json\.broken, to be made anew"):
        again = discuss(users).begin(tmp_path)
    assert list(again) == whole


def test_two_runs_never_write_to_one_folder_at_once(users, tmp_path):
    async def both():
        slow = DiscussionExperiment(topics=["Tax"], users=[sleeper("Ana"), sleeper("Ben")], seed=1)
        first = asyncio.create_task(slow.abegin(tmp_path))
        await until(lambda: any(tmp_path.glob("journal/*.jsonl")))
        with pytest.raises(RunFolderError, match="being written by another run"):
            await slow.abegin(tmp_path)
        first.cancel()
        return await first

    assert asyncio.run(both()).status == "interrupted"


async def until(holds):
    """Wait until something holds."""
    while not holds():
        await asyncio.sleep(0.005)


def sleeper(name):
    async def answer(_):
        await asyncio.sleep(0.05)
        return "Yes."

    return LLMActor(ScriptedModel(answer, name=f"slow {name}"), name)


def test_changed_settings_of_an_actor_are_a_different_experiment(users, tmp_path):
    discuss(users).begin(tmp_path)
    users[0].instructions = "Shout."
    with pytest.raises(RunFolderError, match=r"users\[0\]\.instructions: 'Be brief\.' → 'Shout\.'"):
        discuss(users).begin(tmp_path)


# Growth


def talking(model, number, **settings):
    people = [LLMActor(model, name) for name in ("Ana", "Ben")]
    return discuss(people, num_discussions=number, turn_manager=snb.RandomOther(), **settings)


def test_a_run_that_gets_more_discussions_equals_one_of_that_size_and_asks_only_for_the_new(tmp_path):
    model = RecordingModel(["Yes.", "No.", "Why?"])
    pilot = talking(model, 2).begin(tmp_path / "grown")
    asked = len(model.seeds)
    grown = talking(model, 5).begin(tmp_path / "grown")
    assert len(model.seeds) - asked == 3 * 4
    whole = talking(model, 5).begin(tmp_path / "whole")
    assert content(grown) == content(whole)
    assert (grown.spec, grown.total, grown.status, bool(grown.verify())) == (whole.spec, 5, "finished", True)
    assert (pilot.total, len(grown)) == (5, 5)


def test_fewer_discussions_than_are_there_give_those_and_take_nothing_away(tmp_path):
    model = RecordingModel()
    whole = talking(model, 5).begin(tmp_path)
    model.requests.clear()
    with pytest.warns(UserWarning, match="has 5 discussions, and the experiment 2: the others stay as they are"):
        pilot = talking(model, 2).begin(tmp_path)
    assert (list(pilot), pilot.status, pilot.total) == (whole[:2], "finished", 2)
    assert (model.seeds, len(whole), whole.total, whole.spec["num_discussions"]) == ([], 5, 5, 5)
    assert whole.status == "finished"
    assert pilot.replay(1)


def test_fewer_discussions_than_were_asked_are_worked_on_alone(tmp_path):
    model = RecordingModel()
    model.failing = {"all"}
    assert talking(model, 4).begin(tmp_path).status == "partial"
    model.failing = set()
    model.requests.clear()
    with pytest.warns(UserWarning, match="has 4 discussions"):
        pilot = talking(model, 2).begin(tmp_path)
    assert (pilot.status, len(pilot), len(model.seeds)) == ("finished", 2, 2 * 4)
    assert (snb.Run(tmp_path).status, len(snb.Run(tmp_path))) == ("interrupted", 2)
    assert talking(model, 4).begin(tmp_path).status == "finished"


def test_a_run_goes_on_at_any_size_though_only_later_discussions_are_finished(tmp_path):
    model = RecordingModel()
    whole = talking(model, 3).begin(tmp_path)
    there = content(whole)
    for name in ("discussion-00000.json", "discussion-00001.json"):
        (tmp_path / name).unlink()
    with pytest.warns(UserWarning, match="has 3 discussions"):
        pilot = talking(model, 1).begin(tmp_path)
    assert (len(pilot), content(tmp_path).keys()) == (1, there.keys() - {"discussion-00001.json"})


def test_growth_changes_nothing_else(tmp_path):
    model = RecordingModel()
    talking(model, 2).begin(tmp_path)
    with pytest.raises(RunFolderError, match=r"\(num_turns: 4 → 5\)\. .* Only the number of discussions may grow\."):
        talking(model, 5, num_turns=5).begin(tmp_path)
    assert snb.Run(tmp_path).spec["num_discussions"] == 2
