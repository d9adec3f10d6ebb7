"""Published and worked examples on which several statistics are tested."""

import numpy as np

NO = None
ANNOTATORS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3],
    [NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO],
]
"""Krippendorff (2011): four annotators, twelve units; Gwet's cac.raw4raters is the same."""
TABLE = np.array(ANNOTATORS, dtype=float).T

TOXICITY = [1, 2, 2, 2, 3, 3, 1, 1, 2, 1, 1, 1, 2, 1, 2, 1, 2, 1]
"""Labels of three comments in each of six discussions, the last three of which are moderated."""
CONDITIONS = ["control"] * 9 + ["moderated"] * 9
DISCUSSIONS = [place // 3 for place in range(18)]
LEVELS = ["control", "moderated"]
