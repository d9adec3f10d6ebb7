import matplotlib
import pytest
from matplotlib.figure import Figure
from support.hand_made_studies import labelled, labels_of, of_conditions, talk, talks

import syndisco_nb as snb
from syndisco_nb.analysis.plotting import axis_name, plot
from syndisco_nb.errors import InvalidInputError


@pytest.fixture
def labels():
    return labelled({"none": [[2, 3, 4], [4, 3, 2]], "host": [[1, 1, 2], [1, 1, 1], [1, 2, 3]]})


def test_a_scale_is_drawn_by_turn_with_a_band_over_discussions(labels):
    ax = labels.plot("toxicity")
    none, host = ax.lines
    assert list(none.get_xdata()) == [1, 2, 3]
    assert list(none.get_ydata()) == [3, 3, 3]
    assert list(host.get_ydata()) == pytest.approx([1, 4 / 3, 2])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "none (n = 2 discussions)",
        "host (n = 3 discussions)",
    ]
    assert ax.get_ylabel() == "toxicity (label, 1 to 5)"
    middle = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert middle.min() < 3 < middle.max()


def test_each_discussion_can_be_a_dot(labels):
    ax = labels.plot("toxicity", kind="discussions")
    assert [text.get_text() for text in ax.get_yticklabels()] == ["none (2 discussions)", "host (3 discussions)"]
    assert sorted(ax.collections[1].get_offsets()[:, 0]) == pytest.approx([1, 4 / 3, 2])


def test_the_share_of_a_label_is_drawn(labels):
    ax = labels.plot("toxicity", label=1)
    assert list(ax.lines[1].get_ydata()) == pytest.approx([1, 2 / 3, 1 / 3])
    assert ax.get_ylabel() == "toxicity: 1 (share, 0 to 1)"


def test_a_measure_of_a_discussion_is_drawn_as_dots():
    study = talks({"none": 3, "host": 2})
    assert study.plot("diversity").heading == "diversity (0 to 1) of each discussion"
    assert study.plot("length", kind="turns").get_ylabel() == "length (words)"
    with pytest.raises(InvalidInputError, match=r'entropy has one value for each discussion.*kind="discussions"'):
        study.plot("entropy", kind="turns")


def test_without_a_measure_the_speakers_are_drawn():
    ax = talks({"none": 2, "host": 2}).plot()
    assert ax.heading == "Shares of the comments"
    assert ax.alt.endswith("equal share, 50%. Ben: none 67%, host 67%. Ana: none 33%, host 33%.")


def test_records_outside_a_study_are_one_group():
    assert "All discussions (n = 1 discussion)" in plot([labels_of(0, [1, 2])], "toxicity").alt
    assert plot([talk(0)]).get_legend() is None


def test_settings_are_drawn_one_by_one_or_together():
    levels = {f"{a}+{b}": {"moderator": a, "window": b} for a in ("none", "host") for b in ("short", "long")}
    labels = labelled({name: [[1, 2], [3, 4]] for name in levels}, levels)
    assert len(labels.plot("toxicity").lines) == 4
    assert len(labels.plot("toxicity", by="window").lines) == 2
    assert "short (n = 4 discussions)" in labels.plot("toxicity", by="window").alt
    with pytest.raises(InvalidInputError, match=r"by is 'windw'.*Did you mean 'window'"):
        labels.plot("toxicity", by="windw")


def test_given_axes_are_drawn_on_and_pyplot_is_left_alone(labels):
    backend = matplotlib.get_backend()
    ax = Figure().add_subplot()
    assert labels.plot("toxicity", ax=ax) is ax
    assert matplotlib.get_backend() == backend


def test_equal_labels_give_equal_bytes(labels):
    assert labels.plot("toxicity").png() == labels.plot("toxicity").png()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (("toxicity", "turn"), r"kind is 'turn'.*Did you mean 'turns'.*There are: turns, discussions, speakers"),
        ((None, "turns"), r"measure is missing"),
        (("toxicty",), r"no scale and no measure 'toxicty'.*Did you mean 'toxicity'"),
    ],
)
def test_a_wrong_argument_is_named_with_those_there_are(labels, given, error):
    with pytest.raises(InvalidInputError, match=error):
        labels.plot(*given)


def test_speakers_of_labels_alone_are_not_known(labels):
    with pytest.raises(InvalidInputError, match="no discussions here whose speakers"):
        labels.plot()


def test_a_run_has_the_same_figures(tmp_path, users):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=3, num_discussions=2, seed=1).begin(tmp_path)
    assert run.plot("length").alt.startswith("Dot plot. length (words)")


def test_the_axis_says_quantity_and_range():
    from syndisco_nb.analysis.contrasts.measuring import measured_values
    from syndisco_nb.runs.sources import gather

    flags = of_conditions({"none": [labels_of(0, [True, False], scale=snb.Flag("sarcasm"))]})
    assert axis_name(measured_values(gather(flags), "sarcasm")) == "sarcasm (share of yes, 0 to 1)"
