from collections import Counter

import pandas as pd

from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.counted import LeftOut
from syndisco_nb.runs.sources import Material

COLUMNS = ["condition", "condition_moderator", "discussion_index", "unit", "turn", "annotator", "value", "label"]
ROWS = [
    ("none", "none", 3, "1 Ana", 1, "judge", 1.0, 1),
    ("none", "none", 3, "1 Ana", 1, "other", 3.0, 3),
    ("none", "none", 3, "2 Ben", None, "judge", 5.0, 5),
    ("host", "host", 0, "1 Ana", 1, "judge", 4.0, 4),
]


def values():
    return MeasuredValues(
        "toxicity", "label", "comment", pd.DataFrame(ROWS, columns=COLUMNS), LeftOut(), Material((), (), {})
    )


def test_values_are_averaged_over_annotators_then_over_comments():
    assert values().units.value.tolist() == [2.0, 5.0, 4.0]
    assert values().discussions.value.tolist() == [3.5, 4.0]
    assert values().discussions.condition.tolist() == ["none", "host"]
    assert values().discussions.n.tolist() == [2, 1]


def test_one_annotator_can_be_taken_alone():
    assert values().annotators == ["judge", "other"]
    assert values().of_annotator("other").discussions.value.tolist() == [3.0]
    assert values().missing == Counter()
