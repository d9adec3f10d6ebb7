"""A person decides where annotators differ."""

import json

import pytest
from support.designs import moderated_builder
from support.experiments import discuss

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError

TONE = snb.Likert("tone", 1, 3)


def by_hand(source, name, folder, values):
    labelling = snb.Labelling(source, TONE, name, folder / name, seed=1)
    for value in values:
        labelling.label(value) if value else labelling.skip()
    return labelling


@pytest.fixture
def study(tmp_path):
    return moderated_builder().discussions(2).run(tmp_path / "study")


@pytest.fixture
def sample(study):
    return study.sample(3, seed=1)


@pytest.fixture
def dana(sample, tmp_path):
    return by_hand(sample, "Dana", tmp_path, [1, 2, 3, 1, 2, 3])


@pytest.fixture
def eli(sample, tmp_path):
    return by_hand(sample, "Eli", tmp_path, [1, 3, 3, 2, 1])


def adjudicated(dana, eli, folder, **settings):
    return snb.adjudicate(dana, eli, annotator="Eva", folder=folder / "eva", seed=1, **settings)


def test_only_what_is_in_dispute_is_asked_and_the_rest_is_agreed(dana, eli, sample, tmp_path):
    eva = adjudicated(dana, eli, tmp_path)
    note = "2 labels agreed, 0 adjudicated, 3 open; 1 of one annotator alone left out"
    assert (eva.note, repr(eva)) == (note, f"<Adjudication by Eva: {note}>")
    asked = set()
    while eva.current:
        assert eva.current.blind
        asked.add((eva.current.discussion, eva.current.comments[-1].index))
        eva.label(2)
    assert asked == {sample.comments[place] for place in (1, 3, 4)}
    assert eva.note.startswith("2 labels agreed, 3 adjudicated, 0 open")
    assert eva.run.verify(), eva.run.verify()


def test_gold_joins_agreed_and_adjudicated_labels(dana, eli, sample, tmp_path):
    eva = adjudicated(dana, eli, tmp_path)
    assert sum(len(one.labels) for one in eva.gold) == 2
    eva.label(2)
    eva.skip()
    eva.label(1)
    gold = {(one.discussion, label.comment): label.value for one in eva.gold for label in one.labels}
    assert {gold[sample.comments[place]] for place in (0, 2)} == {1, 3}
    assert len(gold) == 4
    assert {one.annotator.name for one in eva.gold} == {"gold"}
    frame = eva.gold.to_dataframe()
    assert (len(frame), set(frame.annotator), set(frame.scale)) == (4, {"gold"}, {"tone"})
    assert snb.agreement(eva.gold, dana)["tone"].comments == 4
    assert eva.note.startswith("2 labels agreed, 2 adjudicated, 1 open")


def test_it_goes_on_and_takes_new_disputes_in(dana, eli, sample, tmp_path):
    adjudicated(dana, eli, tmp_path).label(2)
    assert adjudicated(dana, eli, tmp_path).progress == (1, 3)
    recorded = json.loads((tmp_path / "eva" / "run.json").read_text("utf-8"))["spec"]["sample"]
    assert (recorded["random"], len(recorded["comments"])) == (False, 3)
    eli.label(1)  # Dana's is 3
    eva = adjudicated(dana, eli, tmp_path)
    assert eva.progress == (1, 4)
    while eva.current:
        eva.label(1)
    assert eva.run.verify(), eva.run.verify()
    assert (len(eva.adjudicated), eva.run.status) == (4, "finished")


def test_a_dispute_that_was_settled_since_counts_as_agreed(dana, eli, sample, tmp_path):
    eva = adjudicated(dana, eli, tmp_path)
    while eva.current:
        eva.label(3)
    eli.undo()
    eli.label(2)  # as Dana
    again = adjudicated(dana, eli, tmp_path)
    assert again.note.startswith("3 labels agreed, 2 adjudicated, 0 open")
    gold = {(one.discussion, label.comment): label.value for one in again.gold for label in one.labels}
    assert gold[sample.comments[4]] == 2


def test_the_labels_in_dispute_are_shown_when_asked_for(dana, eli, tmp_path):
    widget = adjudicated(dana, eli, tmp_path).widget()
    assert widget.asked["shown"] is None
    assert sorted(name for name, _ in widget.reveal()) == ["Dana", "Eli"]


def test_where_all_agree_nothing_is_asked(dana, sample, tmp_path):
    eli = by_hand(sample, "Eli", tmp_path, [1, 2, 3, 1, 2, 3])
    eva = adjudicated(dana, eli, tmp_path)
    assert (eva.current, eva.note) == (None, "6 labels agreed, 0 adjudicated, 0 open")
    assert sum(len(one.labels) for one in eva.gold) == 6


def test_discussions_that_are_not_at_hand_are_asked_for(users, tmp_path):
    talks = discuss(users).begin(tmp_path / "talks")
    dana, eli = (by_hand(talks[:1], name, tmp_path, [value]) for name, value in {"Dana": 1, "Eli": 2}.items())
    with pytest.raises(InvalidInputError, match="was not found, which the person must see"):
        adjudicated(dana, eli, tmp_path)
    assert snb.adjudicate(dana, eli, talks, annotator="Eva", folder=tmp_path / "eva").progress == (0, 1)


def test_participants_in_dispute_are_asked_for_with_their_discussion(users, tmp_path):
    talks = discuss(users).begin(tmp_path / "talks")
    scale = snb.Likert("civility", 1, 3, unit="participant")
    people = {"Dana": [1, 2, 1, 1, 1, 1], "Eli": [1, 2, 3, 1, 1, 1]}
    sets = []
    for name, values in people.items():
        labelling = snb.Labelling(talks, scale, name, tmp_path / name)
        for value in values:
            if labelling.current:
                labelling.label(value)
        sets.append(labelling)
    eva = snb.adjudicate(*sets, annotator="Eva", folder=tmp_path / "eva")
    assert len(eva.compared.disputed) == 1
    assert {eva.current.discussion} == {"discussion-00001"}
    while eva.current:
        eva.label(2)
    assert eva.note.endswith("1 adjudicated, 0 open")
    assert eva.run.verify(), eva.run.verify()


def test_labels_of_a_model_are_validated_by_gold(study, dana, eli, tmp_path):
    judge = snb.LLMActor(snb.ScriptedModel("2"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    labels = study.annotate([judge], TONE)
    eli.label(3)  # the last one, as Dana
    eva = adjudicated(dana, eli, tmp_path)
    assert not eva.is_random
    while eva.current:
        eva.label(2)
    assert eva.is_random
    (row,) = labels.validate(eva).rows
    assert (row.people, row.comments) == (("gold",), 6)
    assert row.accuracy == pytest.approx(3 / 6)
    assert row.corrected
    assert not labels.validate(eva, random=False).rows[0].corrected
    assert not labels.validate(eva, roles="all").rows[0].corrected
