"""The whole design as data: what it takes, what it refuses, and that it is the same written down in any form."""

import asyncio
import inspect

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.completer import IPCompleter, provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from support.designs import small_builder

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder, LLMPersona, ScriptedModel
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.study_file import StudyRecord, write_study
from syndisco_nb.errors import (
    InvalidInputError,
    PersonaError,
    RecordError,
    RunFolderError,
    TrustError,
    UnknownArgumentError,
    UnknownNameError,
)

PEOPLE = [LLMPersona(username=name, age=30 + place) for place, name in enumerate(["Ana", "Ben", "Cem"])]
JUDGE = snb.LLMActor(
    ScriptedModel(["1", "2", "3"], name="judge"), "judge", instructions="Rate.", actor_type=snb.ActorType.ANNOTATOR
)


def builder(**seed):
    return (
        ExperimentBuilder(**{"seed": 7, **seed})
        .model(ScriptedModel(["I agree.", "I doubt it.", "Why?", ""], name="talker"))
        .participants(PEOPLE)
        .topics(["Tax", "Toll", "Bread"])
        .turns(4)
        .discussions(3)
    )


def two_by_two():
    return builder().vary(moderator={"none": None, "facilitator": "Keep it civil."}, window={"short": 1, "long": 5})


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("discussion-*.json"))}


def from_code(code):
    namespace = {}
    exec(code, namespace)  # noqa: S102
    return namespace["study"]


# Written down

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FILLED = TEXTS.filter(str.strip)
LEVELS = st.text("abcdefgh XYZé0", min_size=1, max_size=4).filter(lambda text: text.strip(" .") == text)
VALUES = TEXTS | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
NAMES = ["Ana", "Ben", "Cem", "O'Hara\\ “x”", "null"]
PERSONAS = st.lists(
    st.builds(
        lambda name, more, traits: LLMPersona(**{**more, "username": name, "personality_characteristics": traits}),
        st.sampled_from(NAMES),
        st.dictionaries(st.text("abc _", min_size=1, max_size=4) | st.sampled_from(["class", "self"]), VALUES),
        st.lists(FILLED, max_size=2),
    ),
    min_size=2,
    max_size=4,
    unique_by=lambda person: person.username,
)
SAMPLINGS = st.builds(snb.Sampling, temperature=st.floats(0, 2), top_k=st.integers(0, 9))
MODELS = st.one_of(
    st.builds(ScriptedModel, st.lists(TEXTS, min_size=1, max_size=3), name=st.just("a") | st.just("b: c")),
    st.builds(
        snb.TransformersModel,
        st.just("org/name"),
        sampling=SAMPLINGS,
        generation_kwargs=st.just({"bad_words_ids": [[1]]}),
        thinking=st.none() | st.booleans() | st.just(512),
        date=st.dates().map(str),
        chat_template_kwargs=st.none() | st.just({"mood": ["calm"]}),
    ),
    st.builds(
        snb.OpenAIModel,
        st.just("gpt"),
        base_url=st.just("http://localhost:1/v1"),
        max_retries=st.integers(0, 9),
        max_out_tokens=st.none() | st.integers(100, 999),
        thinking=st.none() | st.booleans() | st.integers(1, 99),
        sampling=st.none() | st.just(snb.Sampling(temperature=None, top_p=0.9, top_k=None)),
        extra_body=st.none() | st.just({"min_p": 0.1}),
    ),
    st.builds(lambda model: snb.CachedModel(model, "answers.jsonl"), st.builds(ScriptedModel, TEXTS)),
    st.builds(snb.HumanModel, st.just("Dana"), st.none() | st.just(60.5)),
)
MANAGERS = st.recursive(
    st.one_of(
        st.builds(snb.RandomOther),
        st.builds(snb.RespondWithProbability, st.floats(0, 1)),
        st.builds(snb.Weighted, st.dictionaries(st.just("Ana"), st.floats(0, 9))),
    ),
    lambda inner: st.builds(lambda then, rule: snb.Hosted(rule, then=then), inner, st.integers(1, 9)),
    max_leaves=2,
)
COMMENTS = FILLED | st.builds(lambda text, name: {"text": text, "name": name}, FILLED, st.just("A x: é") | TEXTS)
TOPICS = FILLED | st.lists(COMMENTS, min_size=1, max_size=3)
STOPS = st.one_of(
    st.builds(snb.AfterSilences, st.integers(1, 9)),
    st.builds(snb.AfterPhrase, FILLED, st.sampled_from(["anyone", "moderator", "participant"])),
)
SCALES = st.lists(
    st.one_of(
        st.builds(snb.Likert, FILLED, low=st.integers(0, 3), high=st.integers(4, 9), question=TEXTS),
        st.builds(snb.Choice, FILLED, st.just(["a", "b"])),
        st.builds(snb.Flag, FILLED, TEXTS),
        st.builds(snb.FreeText, FILLED),
    ),
    max_size=2,
    unique_by=lambda scale: scale.name,
)


@st.composite
def builders(draw):
    study = ExperimentBuilder(seed=draw(st.none() | st.integers(0, 2**60)))
    people = draw(PERSONAS)
    persona = [people[0]] + [person for person in people[1:] if person.username != "Ana"]
    if persona[0].username != "Ana":
        persona = [LLMPersona(username="Ana"), *persona]
    study = study.participants(persona, per_discussion=draw(st.integers(1, len(persona))))
    steps = {
        "model": MODELS,
        "topics": st.lists(TOPICS, min_size=1, max_size=3),
        "context": TEXTS,
        "instructions": TEXTS,
        "moderator": TEXTS,
        "turn_taking": MANAGERS,
        "window": st.integers(1, 99),
        "turns": st.integers(1, 99),
        "stop": st.lists(STOPS, max_size=2),
        "discussions": st.integers(1, 99),
    }
    for name in draw(st.lists(st.sampled_from(list(steps)), unique=True)):
        study = getattr(study, name)(draw(steps[name]))
    if draw(st.booleans()):
        window = draw(st.none() | st.integers(1, 9))
        study = study.annotators([JUDGE, {"instructions": draw(TEXTS)}], draw(SCALES), window)
    levels = {
        "moderator": st.none() | TEXTS,
        "window": st.integers(1, 9),
        "turn_taking": MANAGERS,
        "topics": st.lists(TOPICS, min_size=1, max_size=2),
        "stop": st.lists(STOPS, max_size=2),
    }
    for name in draw(st.lists(st.sampled_from(list(levels)), unique=True, max_size=2)):
        names = draw(st.lists(LEVELS, min_size=2, max_size=3, unique_by=str.casefold))
        study = study.vary(**{name: {level: draw(levels[name]) for level in names}})
    return study


@settings(max_examples=30, deadline=None)
@given(builders())
def test_yaml_json_and_code_give_the_same_builder_back(study):
    assert ExperimentBuilder.from_yaml(study.to_yaml()) == study
    assert ExperimentBuilder.from_json(study.to_json()) == study
    assert from_code(study.to_code()) == study


def test_what_became_of_quotas_stays_with_the_people_drawn():
    survey = pd.DataFrame({"sex": ["f", "m", "m", "m"], "age": [30, 40, 50, 60]})
    drawn = snb.sample_people(survey, 2, quotas={"sex": {"f": 0.5, "m": 0.5}}, seed=1)
    study = builder().participants(drawn)
    for other in (
        study,
        study.turns(3),
        ExperimentBuilder.from_yaml(study.to_yaml()),
        ExperimentBuilder.from_json(study.to_json()),
        from_code(study.to_code()),
    ):
        assert other.design.participants.shares.equals(drawn.shares)
    assert "in the data" in study._repr_mimebundle_()["text/html"]
    assert list(drawn.shares.target) == list(drawn.shares.drawn) == [0.5, 0.5]
    assert list(drawn.shares.data) == [0.25, 0.75]


def test_builders_that_differ_are_not_equal():
    assert builder() == builder()
    assert builder() != builder().turns(5)
    assert two_by_two() != builder()


@pytest.mark.parametrize("name", ["study.yaml", "study.json"])
def test_a_design_is_saved_and_loaded(tmp_path, name):
    file = two_by_two().annotators(JUDGE, snb.Likert("toxicity", 1, 5)).save(tmp_path / name)
    assert ExperimentBuilder.load(file).to_yaml() == ExperimentBuilder.from_yaml(file.read_text()).to_yaml()
    assert ExperimentBuilder.load(file) == two_by_two().annotators(JUDGE, snb.Likert("toxicity", 1, 5))


def test_a_file_written_by_hand_needs_little():
    study = ExperimentBuilder.from_yaml("""
model: {type: ScriptedModel, script: Yes!}
participants: [{username: Ana}, {username: Ben}]
topics: [Tax]
vary: {moderator: {none: null, firm: Be strict.}}
""")
    assert list(study.build()) == ["none", "firm"]


def test_a_server_key_is_never_written():
    study = builder().model(snb.OpenAIModel("gpt", base_url="http://localhost:1/v1", api_key="sk-secret"))
    for text in (study.to_yaml(), study.to_json(), study.to_code(), repr(study)):
        assert "sk-secret" not in text


# Steps


def test_every_method_returns_a_new_builder():
    first = builder()
    second = first.turns(9)
    assert (first.design.turns, second.design.turns) == (4, 9)


def test_the_loaded_model_is_used_and_not_made_again():
    model = ScriptedModel("Yes.")
    experiment = builder().model(model).turns(2).build()["all"]
    assert all(user.model is model for user in experiment.users)


def test_some_may_have_a_model_of_their_own():
    other = ScriptedModel("No.", name="other")
    study = builder().moderator("Be kind.").model(other, of=["Ben", "Moderator"])
    (experiment,) = study.build().values()
    assert [user.model.name for user in experiment.users] == ["talker", "other", "talker"]
    assert experiment.moderator.model is other
    assert from_code(study.to_code()) == study


def test_files_of_people_and_topics_are_read(tmp_path):
    (tmp_path / "people.csv").write_text("username,age\nAna,3\nBen,4\n")
    (tmp_path / "topics.txt").write_text("Tax\n\n Toll \n")
    study = ExperimentBuilder().participants(tmp_path / "people.csv").topics(str(tmp_path / "topics.txt"))
    assert [person.username for person in study.design.participants] == ["Ana", "Ben"]
    assert study.design.topics == ("Tax", "Toll")


def test_conditions_are_all_combinations():
    built = two_by_two().build()
    found = {name: (built[name].moderator is not None, built[name].window) for name in built}
    assert found == {
        "none+short": (False, 1),
        "none+long": (False, 5),
        "facilitator+short": (True, 1),
        "facilitator+long": (True, 5),
    }


@pytest.mark.parametrize("seed", [7, None])
def test_discussions_of_one_number_have_the_same_people_topic_and_seed_in_every_condition(tmp_path, seed):
    study = two_by_two().seed(seed).discussions(6).run(tmp_path)
    drawn = [
        [(talk.seed, talk.topic, [user.name for user in talk.users], talk.comments[0].name) for talk in run]
        for run in study.values()
    ]
    assert len(drawn) == 4
    assert all(one == drawn[0] for one in drawn)
    assert len({str(pair) for pair in drawn[0]}) > 1


def test_the_preview_shows_what_is_really_sent(tmp_path):
    study = two_by_two().instructions("Be brief.").annotators(JUDGE, snb.Likert("toxicity", 1, 5))
    shown = study.preview("facilitator+short")
    done = study.run(tmp_path)
    first = next(message for message in done["facilitator+short"][0].messages if message.generation)
    assert (shown.speaker, shown.prompt) == (first.name, first.generation.prompt)
    labels = done.annotate()["facilitator+short"][0].labels
    assert shown.annotation == labels[0].generation.prompt


def test_the_estimate_counts_all_conditions():
    study = builder().model(ScriptedModel("Yes."))
    assert study.estimate().calls == 12
    assert study.vary(window={"short": 1, "long": 5}).estimate().calls == 24


# Errors


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda b: b.stop("silence"), "stop is 'silence', but must be one, or a list of them"),
        (lambda b: b.stop(snb.RandomOther()), "which no file could hold. A design takes: AfterPhrase, AfterSilences"),
        (lambda b: b.topics([["a", 3]]), "A comment of a topic is 3"),
        (lambda b: b.topics([[{"name": name, "text": "x"} for name in ("Ana", "Ben", "Cem")]]), "in any case"),
        (lambda b: b.annotators(window=0), "annotation_window is 0"),
        (lambda b: b.window(counts="people"), "window_counts is 'people', but must be 'participants'"),
        (lambda b: b.turns(0), "turns is 0, but must be a whole number of 1 or more"),
        (lambda b: b.participants(per_discussion=4), "per_discussion is 4, but only 3 participants were given"),
        (lambda b: b.topics("none.txt"), r"topics is 'none\.txt', which cannot be read"),
        (lambda b: b.topics([" "]), "A topic is ' ', but must be text that is not empty"),
        (lambda b: b.moderator("Be kind.", name="Ana"), "The moderator and a user are both called 'Ana'"),
        (lambda b: b.moderator(3), "instructions is 3, but must be text"),
        (lambda b: b.context("\ud800"), "half a character"),
        (lambda b: b.model("gpt"), "model is 'gpt', which no file could hold"),
        (
            lambda b: b.model(ScriptedModel(lambda request: "Yes.")),
            "ScriptedModel has script=<function ",
        ),
        (lambda b: b.model(ScriptedModel("No."), of=["Dan"]), "A model is given for Dan, but there are only: Ana, Ben"),
        (lambda b: b.model(ScriptedModel("No.", name="talker"), of=["Ana"]), "Two different models are both called"),
        (lambda b: b.turn_taking(snb.Weighted({"Dan": 2})), "speaks of Dan, but the participants are: Ana, Ben, Cem"),
        (
            lambda b: b.turn_taking(snb.Hosted(lambda history: True)),
            "Hosted has rule=<function ",
        ),
        (lambda b: b.annotators([{"name": "J"}, {"name": " J"}]), "2 annotators are called 'J', so their labels could"),
        (lambda b: b.annotators(snb.LLMActor(ScriptedModel("1"), "judge")), "is a participant, so it cannot annotate"),
        (lambda b: b.annotators(scales=[snb.Flag("a"), snb.FreeText("a")]), "Give every scale a name of its own"),
        (
            lambda b: b.annotators(
                [{"name": name, "model": ScriptedModel(name, name="x")} for name in ("A", "B")], snb.Flag("a")
            ),
            "Two different models are both called 'x'",
        ),
        (
            lambda b: b.vary(
                context=dict.fromkeys(["é" * 60, "b"], "x"), window=dict.fromkeys(["ü" * 60, "b"], 2)
            ).vary(turns=dict.fromkeys(["ö" * 60, "b"], 2)),
            "has 362 bytes, but the name of its folder may have up to 255",
        ),
        (lambda b: b.vary(modrator={"a": None, "b": "x"}), "'modrator' cannot be varied. Did you mean 'moderator'"),
        (lambda b: b.vary(window=[1, 2]), r"window is varied over \[1, 2\], but must map"),
        (lambda b: b.vary(window={"short": 1}), "a comparison needs two"),
        (lambda b: b.vary(window={"a/b": 1, "c": 2}), "A level of window is called 'a/b'"),
        (lambda b: b.vary(window={"a": 1, "A": 2}), "Two levels of window are called"),
        (lambda b: b.vary(window={"annotations": 1, "c": 2}), "not be annotations"),
        (lambda b: b.vary(window={"a": 1, "b": 0}), "In the level 'b' of window: window is 0"),
        (lambda b: b.vary(per_discussion={"few": 2, "many": 9}), "In the condition 'many': per_discussion is 9"),
        (lambda b: b.vary(window={"a": 1, "b": 2}).preview("c"), "There is no condition 'c'"),
        (lambda b: ExperimentBuilder().build(), "no model and no participants and no topics yet"),
        (lambda b: b.annotators([{"nme": "x"}]), "nme"),
    ],
)
def test_a_mistake_is_an_error_at_once_in_words(mistake, said):
    with pytest.raises(InvalidInputError, match=said):
        mistake(builder())


def test_other_mistakes_have_their_own_errors():
    with pytest.raises(UnknownArgumentError, match="Did you mean 'per_discussion'"):
        builder().participants(PEOPLE, per_discusion=2)
    with pytest.raises(PersonaError, match="the name 'Ana' is used by entry 1 and again by entry 2"):
        builder().participants([PEOPLE[0], PEOPLE[0]])
    with pytest.raises(PersonaError, match="Entry 1 has no username, but whoever takes part"):
        builder().participants([LLMPersona(username="")])


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("a: [", RecordError, "The text cannot be read"),
        ("- a", RecordError, "holds no settings"),
        ("format: syndisco_nb/run", RecordError, "is not a syndisco_nb/design file"),
        ("version: 2", RecordError, "Upgrade syndisco_nb"),
        ("!!python/object:os.system {}", RecordError, "cannot be read"),
        ("tunrs: 3", InvalidInputError, "There is no setting 'tunrs'. Did you mean 'turns'"),
        ("turns: three", InvalidInputError, "turns is 'three'"),
        ("model: {type: Gpt}", InvalidInputError, "model has type 'Gpt', but must have one of: bundled_model"),
        ("model: {type: ScriptedModel, script: a, nme: b}", UnknownArgumentError, "Did you mean 'name'"),
        ("vary: {window: 3}", InvalidInputError, "vary.window is 3"),
    ],
)
def test_a_text_that_is_no_design_is_refused(text, error, said):
    with pytest.raises(error, match=said):
        ExperimentBuilder.from_yaml(text)


# Running


def test_a_study_interrupted_in_the_middle_equals_one_that_was_not(tmp_path, monkeypatch):
    whole = two_by_two().run(tmp_path / "whole")
    assert whole.finished
    calls = 0
    complete = ScriptedModel.complete

    async def until_stopped(self, request):
        nonlocal calls
        calls += 1
        if calls == 40:  # of 48
            for task in asyncio.all_tasks():
                if "run_study" in str(task.get_coro()):
                    task.cancel()
            await asyncio.sleep(1)
        return await complete(self, request)

    monkeypatch.setattr(ScriptedModel, "complete", until_stopped)
    cut = two_by_two().run(tmp_path / "cut")
    assert [run.status for run in cut.values()] == ["interrupted"] * 4
    assert "facilitator+short 0 of 3, interrupted" in repr(cut)
    before = content(tmp_path / "cut")
    monkeypatch.setattr(ScriptedModel, "complete", complete)
    again = two_by_two().run(tmp_path / "cut")
    assert again.finished
    assert 0 < len(before) < 12
    assert content(tmp_path / "cut") == content(tmp_path / "whole")
    assert len(content(tmp_path / "whole")) == 12


def test_a_drawn_seed_is_kept_so_that_the_cell_goes_on(tmp_path):
    study = builder().seed(None)
    first = study.run(tmp_path)
    assert study.run(tmp_path).seed == first.seed == snb.Study(tmp_path).seed == first["all"].seed


def test_another_design_on_the_folder_is_refused_with_the_difference(tmp_path):
    two_by_two().run(tmp_path)
    with pytest.raises(RunFolderError, match=r"another design \(turns: 4 → 5\)"):
        two_by_two().turns(5).run(tmp_path)
    with pytest.raises(RunFolderError, match=r"vary\.window\.short: 1 → 2"):
        two_by_two().vary(window={"short": 2, "long": 5}).run(tmp_path)


def test_a_study_that_never_got_going_binds_nobody(tmp_path):
    builder().run(tmp_path)
    for file in (tmp_path / "all").glob("discussion-*.json"):
        file.unlink()
    assert builder().turns(2).run(tmp_path).finished


def test_the_folder_of_a_single_run_is_no_place_for_a_study(tmp_path):
    builder().build()["all"].begin(tmp_path)
    with pytest.raises(RunFolderError, match="holds a run of its own"):
        builder().run(tmp_path)


def test_a_study_is_opened_from_its_folder_and_annotated(tmp_path):
    two_by_two().annotators(JUDGE, snb.Likert("toxicity", 1, 3)).run(tmp_path)
    study = snb.Study(tmp_path)
    assert (study.finished, len(study), [len(run) for run in study.values()]) == (True, 4, [3] * 4)
    labels = study.annotate()
    table = labels.to_dataframe(roles="all")
    comments = study.to_dataframe().query("not silent")
    assert len(table) == len(comments)
    assert set(table.condition_moderator) == {"none", "facilitator"}
    assert set(zip(comments.condition, comments.condition_window, strict=True)) == {
        (name, name.split("+")[1]) for name in study
    }
    assert study.annotate().to_dataframe(roles="all").equals(table)
    other = [snb.LLMActor(ScriptedModel("x"), "other", actor_type=snb.ActorType.ANNOTATOR)]
    with pytest.raises(RunFolderError, match="different experiment"):
        study.annotate(other, snb.FreeText("tone"))
    assert study.annotate(other, snb.FreeText("tone"), folder=tmp_path / "other").finished


def test_openings_stop_conditions_and_the_window_of_annotators_reach_the_study(tmp_path):
    study = (
        builder()
        .topics([["Tax", {"name": "Herald", "text": "It is decided."}]])
        .vary(stop={"never": [], "silent": snb.AfterSilences(1)})
        .annotators(JUDGE, snb.Likert("toxicity", 1, 3), window=1)
        .turns(20)
    )
    shown = study.preview("silent")
    assert "It is decided." in shown.prompt[-1].content
    assert study.estimate().calls == 120
    done = study.run(tmp_path)
    assert [message.name for message in done["never"][0].messages][1] == "Herald"
    assert {transcript.ended for transcript in done["never"]} == {None}
    assert {transcript.ended for transcript in done["silent"]} == {"1 silence"}
    assert all(run.verify() for run in done.values())
    labels = snb.Study(tmp_path).annotate()["silent"]
    assert labels.spec["window"] == 1
    assert "It is decided." not in labels[0].labels[-1].generation.prompt[-1].content


def test_without_annotators_there_is_nothing_to_annotate_with(tmp_path):
    with pytest.raises(InvalidInputError, match="The design has no annotators"):
        builder().run(tmp_path).annotate()


def test_what_is_no_study_is_refused(tmp_path):
    with pytest.raises(RecordError, match="is not the folder of a study"):
        snb.Study(tmp_path)


@pytest.mark.model
def test_a_study_on_the_real_model(tmp_path):
    people = snb.sample_people(pd.DataFrame({"age": [20, 40, 60], "job": ["cook", "nurse", "clerk"]}), 3, seed=1)
    study = (
        ExperimentBuilder(seed=1)
        .model(snb.bundled_model(max_out_tokens=12))
        .participants(people)
        .topics(["Should buses be free?"])
        .vary(moderator={"none": None, "facilitator": "Thank the last speaker."})
        .turns(2)
        .discussions(1)
    )
    run = from_code(study.to_code()).run(tmp_path)
    assert run.finished
    assert [message.role for message in run["facilitator"][0].messages].count("moderator") >= 1
    assert ExperimentBuilder.from_yaml(study.to_yaml()).run(tmp_path)["none"][0] == run["none"][0]


def test_shuffled_options_survive_files_and_code(tmp_path):
    scales = [snb.Choice("tone", ["rude", "civil"], shuffle=True), snb.Flag("irony", shuffle=True)]
    study = ExperimentBuilder(seed=1).annotators([{"name": "J"}], scales)
    study.save(tmp_path / "study.yaml")
    named = {"snb": snb}
    exec(study.to_code(), named)  # noqa: S102
    for again in (ExperimentBuilder.load(tmp_path / "study.yaml"), named["study"]):
        assert [scale.make() for scale in again.design.scales] == scales


def test_a_participant_without_a_name_is_refused_and_an_annotator_is_not():
    with pytest.raises(PersonaError, match="Entry 1 has no username, but whoever takes part in a discussion needs one"):
        ExperimentBuilder().participants([snb.LLMPersona(username="")])
    assert len(ExperimentBuilder().annotators([{"name": ""}, {"name": ""}]).design.annotators) == 2


# Methods

THREE = [snb.LLMPersona(username=name) for name in ("Ana", "Ben", "Cem")]
APPROVER = snb.LLMActor(ScriptedModel("yes"), "judge", actor_type=snb.ActorType.ANNOTATOR)
GIVEN = {
    "model": ScriptedModel("Yes."),
    "participants": THREE,
    "context": "A forum.",
    "instructions": "Be brief.",
    "topics": ["Tax"],
    "moderator": "Be kind.",
    "turn_taking": snb.RandomOther(),
    "window": 7,
    "turns": 8,
    "stop": snb.AfterSilences(2),
    "discussions": 9,
    "seed": 11,
    "annotators": [APPROVER],
}


@pytest.mark.parametrize("step", GIVEN)
def test_none_sets_the_default_again(step):
    changed = getattr(ExperimentBuilder(), step)(GIVEN[step])
    assert changed != ExperimentBuilder()
    assert getattr(changed, step)(None) == ExperimentBuilder()


def test_none_of_several_settings_unsets_that_one_alone():
    study = ExperimentBuilder().participants(THREE, per_discussion=3)
    assert study.participants(per_discussion=None).design.per_discussion == 2
    assert study.participants(per_discussion=None).design.participants == tuple(THREE)
    study = study.annotators([APPROVER], [snb.Flag("sarcasm")], window=5)
    without = study.annotators(scales=None)
    assert (without.design.scales, len(without.design.annotators), without.design.annotation_window) == ((), 1, 5)
    study = study.model(ScriptedModel("a")).model(ScriptedModel("b", name="b"), of=["Ana", "Ben"])
    assert list(study.model(None, of=["Ana"]).design.models) == ["Ben"]
    study = study.vary(window={"short": 1, "long": 5}, turns={"few": 1, "many": 5})
    assert list(study.vary(window=None).design.vary) == ["turns"]


def test_a_context_and_instructions_are_told_by_default():
    study = ExperimentBuilder(seed=1).model(ScriptedModel("Yes.")).participants(THREE).topics(["Tax"])
    prompt = str(study.preview())
    assert "You are taking part in an online discussion." in prompt
    assert "Say what you think" in prompt
    none = str(study.context("").instructions("").preview())
    assert "online discussion" not in none
    assert "Say what you think" not in none


@pytest.mark.parametrize(
    ("name", "meant"),
    [("participant", "participants"), ("topic", "topics"), ("moderater", "moderator"), ("annotator", "annotators")],
)
def test_a_misspelt_method_is_answered_with_the_right_one(name, meant):
    with pytest.raises(UnknownNameError, match=f"ExperimentBuilder has no '{name}'. Did you mean '{meant}'"):
        getattr(ExperimentBuilder(), name)
    assert not hasattr(ExperimentBuilder(), "_repr_latex_")


@pytest.mark.parametrize(("name", "meant"), [("Likret", "Likert"), ("LLMPersonas", "LLMPersona"), ("Strudy", "Study")])
def test_a_misspelt_name_of_the_package_too(name, meant):
    with pytest.raises(UnknownNameError, match=f"syndisco_nb has no '{name}'. Did you mean '{meant}'"):
        getattr(snb, name)


def test_vary_lists_what_can_be_varied():
    names = list(inspect.signature(ExperimentBuilder().vary).parameters)
    assert names == list(Design.VARIABLE)


@pytest.mark.parametrize("use_jedi", [True, False])
def test_a_notebook_completes_the_settings_and_the_conditions(tmp_path, use_jedi):
    study = ExperimentBuilder(seed=1).model(ScriptedModel("Yes.")).participants(THREE).topics(["Tax"]).turns(1)
    study = study.discussions(1).vary(moderator={"none": None, "facilitator": "Be kind."})
    done = study.run(tmp_path / "run")
    names = {"snb": snb, "model": ScriptedModel("Yes."), "builder": study, "done": done, "run": done["none"]}
    shell = InteractiveShell(user_ns=names)
    completer = IPCompleter(shell=shell, use_jedi=use_jedi, namespace=names)

    def offered(text):
        with provisionalcompleter():
            return " ".join(completion.text for completion in completer.completions(text, len(text)))

    chain = "snb.ExperimentBuilder(seed=7).model(model)"
    if use_jedi:  # which IPython uses where it is installed; without, it evaluates nothing that has a __getattr__
        assert "turn_taking=" in offered("builder.vary(turn_t")
        assert "moderator=" in offered("builder.vary(")
        for steps in (chain, f"{chain}.participants(people).turns(2)", f"{chain}.vary(window={{}})"):
            assert {"run", "start", "preview", "estimate", "save", "topics"} <= set(offered(f"{steps}.").split())
            assert {f"{name}=" for name in Design.VARIABLE} <= set(offered(f"{steps}.vary(").split())
        assert {"wait", "pause", "stop"} <= set(offered(f"{chain}.start(folder).").split())
        assert {"text", "generation"} <= set(offered("run[0].messages[0].").split())
        assert {"prompt", "raw"} <= set(offered("run[0].messages[0].generation.").split())
    assert "facilitator" in offered('done["')
    assert "participants" in offered("builder.partic")


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda b: b.annotators(scales="toxicity"), r"scales is 'toxicity', but must be .*Likert\('toxicity'\)"),
        (lambda b: b.annotators(scales=["toxicity"]), r"A scale is 'toxicity', .*Likert\('toxicity'\)"),
        (lambda b: b.annotators("judge"), "annotators is 'judge', but must be a list of LLMActor"),
        (lambda b: b.topics("Should buses be free?"), "cannot be read as a file: .*Give a list of texts"),
        (lambda b: b.participants([APPROVER]), "must hold personas: the design makes an actor of each"),
        (lambda b: b.vary(window=3), "window is varied over 3, but must map"),
        (lambda b: b.discussions(10**9), "discussions is 1000000000, but may be 1,000,000 at most"),
        (
            lambda b: b.model(ScriptedModel("a")).annotators(
                [
                    {"name": "A", "model": ScriptedModel("yes", name="judge")},
                    {"name": "B", "model": ScriptedModel("no", name="judge")},
                ]
            ),
            "Two different models are both called 'judge'",
        ),
    ],
)
def test_a_mistake_has_its_remedy(mistake, said):
    with pytest.raises(InvalidInputError, match=said):
        mistake(ExperimentBuilder())


def test_people_in_a_table_are_participants():
    table = snb.People(THREE).to_dataframe()
    assert ExperimentBuilder().participants(table).design.participants == snb.People(THREE)
    renamed = table.rename(columns={"username": "name"})
    assert ExperimentBuilder().participants(renamed.to_dict("records")).design.participants == snb.People(THREE)
    nameless = ExperimentBuilder().participants([{"age": 20}, {"age": 70}]).design.participants
    assert [person.username for person in nameless] == ["Person 1", "Person 2"]


def test_participants_are_read_as_by_load_personas(tmp_path):
    file = tmp_path / "survey.csv"
    file.write_text("ID,AGE\nAna,-9\nAna,98\n")
    builder = snb.ExperimentBuilder().participants(file, columns={"username": "ID"}, missing=[-9], rename=True)
    assert [person.attributes for person in builder.design.participants] == [
        {"username": "Ana"},
        {"username": "Ana 2", "age": 98},
    ]
    with pytest.raises(InvalidInputError, match="there are none to read"):
        builder.participants(missing=[-9])


def test_the_folder_of_a_study_is_a_design_that_goes_on_there(tmp_path):
    builder = small_builder().seed(None)
    seed = builder.run(tmp_path / "study").seed
    loaded = ExperimentBuilder.load(tmp_path / "study")
    assert loaded == builder
    assert loaded.discussions(4).run(tmp_path / "study").seed == seed
    with pytest.raises(RecordError, match="is not the folder of a study"):
        ExperimentBuilder.load(tmp_path)


def test_the_design_in_a_folder_needs_trust_like_a_file(tmp_path):
    served = small_builder(snb.OpenAIModel("m", base_url="http://host:1/v1", api_key="none"))
    write_study(tmp_path, StudyRecord(served.design, 7, ()))
    with pytest.raises(TrustError, match=r'study\.json would send requests to host:1.*trust=\["server:host:1"\]'):
        ExperimentBuilder.load(tmp_path).build()
    assert ExperimentBuilder.load(tmp_path, trust="server:host:1").build()
