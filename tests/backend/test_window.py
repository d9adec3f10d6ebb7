"""Windows: whose comments count, and what else is seen."""

from hypothesis import given
from hypothesis import strategies as st

import syndisco_nb as snb
from syndisco_nb.backend.window import window_of_label, windowed
from syndisco_nb.records import Message

ROLES = ["opening", "participant", "moderator", "guest"]
TALKS = st.lists(st.sampled_from(ROLES), max_size=12).map(
    lambda roles: tuple(Message(place, place, "Ana", "Hm.", "m", role) for place, role in enumerate(roles))
)


@given(TALKS, st.integers(0, 9))
def test_so_many_participants_and_whoever_stands_among_them(talk, window):
    seen = windowed(talk, window)
    assert list(seen) == list(talk[len(talk) - len(seen) :])
    people = [message for message in talk if message.role in ("opening", "participant")]
    assert [message for message in seen if message in people] == people[len(people) - min(window, len(people)) :]
    assert len(people) < window or not seen or seen[0] in people
    assert list(windowed(talk, window, "all")) == list(talk[max(0, len(talk) - window) :])


@given(TALKS.filter(bool), st.integers(1, 9))
def test_the_comment_to_label_counts_whoever_wrote_it(talk, window):
    for counts in ("participants", "all"):
        seen = window_of_label(talk, window, counts)
        assert seen[-1] == talk[-1]
        assert seen[:-1] == list(windowed(talk[:-1], window - 1, counts))
    assert window_of_label(talk, 1) == [talk[-1]]


STUDY = (
    snb.ExperimentBuilder(seed=1)
    .model(snb.ScriptedModel(["Yes.", "No."], name="m"))
    .participants([snb.LLMPersona(username=name) for name in ("Ana", "Ben")])
    .topics(["Tax?"])
    .turns(3)
    .discussions(1)
    .moderator("Keep it civil.")
)


def test_a_design_says_whose_comments_count(tmp_path):
    assert STUDY.window(5).design.window_counts == "participants"
    study = STUDY.window(counts="all").annotators([{"name": "J"}], snb.Flag("calm"))
    assert ".window(counts='all')" in study.to_code()
    assert ".window(5, counts='all')" in study.window(5).to_code()
    for text in (study.to_yaml(), study.to_json()):
        assert "window_counts" in text
    study.save(tmp_path / "study.yaml")
    assert snb.ExperimentBuilder.load(tmp_path / "study.yaml").design == study.design
    held = study.vary(window_counts={"people": "participants", "everybody": "all"}).run(tmp_path / "study")
    counted = {condition: held[condition][0].settings["window_counts"] for condition in held}
    assert counted == {"people": "participants", "everybody": "all"}
    assert all(held[condition].verify() for condition in held)
    labels = held.annotate()
    assert labels["people"].spec["window_counts"] == labels["people"][0].settings["window_counts"] == "all"
    assert all(labels[condition].verify() for condition in labels)
