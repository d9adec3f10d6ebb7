"""Labels of several annotators, compared one by one."""

from dataclasses import replace

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.experiments.compared_labels import compared_labels
from syndisco_nb.records import LabelKey
from syndisco_nb.runs.sources import gather

TONE, WIT = snb.Likert("tone", 1, 3), snb.Flag("wit")


@pytest.fixture
def talk(users):
    return snb.Discussion(users, topic="Tax", num_turns=4, seed=1).run()


def labelled(talk, name, values, scale=TONE):
    """Return labels of the first comments by hand."""
    judge = snb.LLMActor(snb.ScriptedModel("1"), name, actor_type=snb.ActorType.ANNOTATOR)
    given = snb.Annotation(judge, talk, scale, seed=1).run()
    labels = [replace(label, value=value) for label, value in zip(given.labels, values, strict=False)]
    return replace(given, labels=tuple(labels))


def test_labels_are_agreed_disputed_or_of_one_alone(talk):
    dana, eli = labelled(talk, "Dana", [1, 2, 3, 1]), labelled(talk, "Eli", [1, 3, None])
    compared = compared_labels(gather(dana, eli))
    first, second, *_ = dana.labels
    assert dict(compared.agreed) == {(talk.id, first.key): first}
    assert compared.disputed == ((talk.id, second.key),)
    assert (compared.single, compared.annotators, compared.scale.name) == (2, ("Dana", "Eli"), "tone")


def test_of_three_all_must_agree(talk):
    sets = [labelled(talk, name, values) for name, values in {"A": [1, 2], "B": [1, 2], "C": [1, 3]}.items()]
    compared = compared_labels(gather(*sets))
    assert [key for _, key in compared.disputed] == [LabelKey("comment", sets[0].labels[1].comment, "tone")]


def test_the_scale_is_the_one_on_which_they_differ(talk):
    sets = [labelled(talk, "Dana", [1, 2]), labelled(talk, "Eli", [1, 3])]
    sets += [labelled(talk, name, [True], WIT) for name in ("Dana", "Eli")]
    assert compared_labels(gather(*sets)).scale.settings() == TONE.settings()
    assert compared_labels(gather(*sets), "wit").disputed == ()
    assert compared_labels(gather(*sets), WIT).scale is WIT
    sets[-1] = labelled(talk, "Eli", [False], WIT)
    with pytest.raises(
        InvalidInputError, match=r"differ on several scales: tone \(1\), wit \(1\). Give one, as in scale"
    ):
        compared_labels(gather(*sets))
    with pytest.raises(InvalidInputError, match=r"There is no scale 'mood'\. There are: tone, wit"):
        compared_labels(gather(*sets), "mood")


def test_one_annotator_alone_is_refused(talk):
    with pytest.raises(InvalidInputError, match="There are labels of Dana alone"):
        compared_labels(gather(labelled(talk, "Dana", [1])))


def test_other_texts_are_refused(talk):
    dana, eli = labelled(talk, "Dana", [1]), labelled(talk, "Eli", [1])
    eli = replace(eli, labels=tuple(replace(label, text="Other.") for label in eli.labels))
    with pytest.raises(InvalidInputError, match="saw different texts in comment 0"):
        compared_labels(gather(dana, eli))
