from support.foreign import foreign_corpus

import syndisco_nb as snb
from examples import a_builder, talk
from syndisco_nb.widgets.viewer.discussion_places import finished_places, unfinished_places


def test_each_place_has_the_code_of_its_discussion(tmp_path):
    study = a_builder().run(tmp_path / "study")
    places = list(finished_places(study))
    assert len(places) == sum(map(len, study.values()))
    for place in places:
        assert eval(place.code, {"study": study}) == place.holder[place.place]  # noqa: S307
        assert (place.name, place.unfinished) == (study[place.condition].names[place.place], False)
    (alone,) = finished_places(talk(3))
    assert (alone.code, alone.name) == ("transcript", "discussion-00003")
    corpus = foreign_corpus()
    assert [place.code for place in finished_places(corpus)] == [f"corpus[{place}]" for place in range(len(corpus))]
    assert [*unfinished_places(corpus), *unfinished_places(talk(3)), *unfinished_places(study)] == []


def test_unfinished_discussions_have_places_of_their_own(tmp_path):
    script = snb.ScriptedModel(lambda request: "Why?" if request.situation.turn < 3 else 1 / 0)
    users = [snb.LLMActor(script, name) for name in ("Ana", "Ben")]
    run = snb.DiscussionExperiment(["Tax?"], users, num_discussions=2, seed=1).begin(tmp_path / "run")
    places = list(unfinished_places(run))
    assert list(finished_places(run)) == []
    assert [(place.code, place.unfinished) for place in places] == [
        ("run.unfinished[0]", True),
        ("run.unfinished[1]", True),
    ]
    assert eval(places[1].code, {"run": run}).id == places[1].holder[1].id  # noqa: S307
