"""Mean values."""

from support.labelled import labelled, talk

from syndisco_nb.analysis.counted import check_roles
from syndisco_nb.analysis.frames.mean_values import CommentValue, comment_values, mean_values
from syndisco_nb.runs.sources import gather


def test_annotators_are_averaged_before_comments():
    transcript = talk(texts=["Well.", "No."])
    judged = [labelled(transcript, [1, 1, 5]), labelled(transcript, [1, 3, None], "other", 1)]
    means = mean_values(gather(transcript, *judged), check_roles(None))
    assert (means.scales, means.of_discussion["t0"]) == (("toxicity",), {"toxicity": 3.5})
    assert means.of_speaker == {("t0", "Ana"): {"toxicity": 2.0}, ("t0", "Ben"): {"toxicity": 5.0}}


def test_the_value_of_a_comment_has_its_speaker_and_turn():
    transcript = talk(texts=["Well.", "No."])
    values = comment_values(
        gather(transcript, labelled(transcript, [1, 1, 5]), labelled(transcript, [1, 3, 2], "b", 1)), ["participant"]
    )
    assert values == [
        CommentValue("t0", "toxicity", 1, "Ana", 1, 2.0),
        CommentValue("t0", "toxicity", 2, "Ben", 2, 3.5),
    ]
