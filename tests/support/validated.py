"""A study by hand: labels of a judge and of people whose error is known, and a sample that is on record as random."""

import random
from dataclasses import replace

from support.labelled import LIKERT, labelled, talk

TALKS = [
    talk(("One.", "Two.", "Three.", "Four.", "Five.", "Six."), index=index, talk_id=f"t{index}") for index in range(12)
]


def judged(name="judge", error=0.3, bias=0, seed=1, talks=TALKS, scale=LIKERT, index=0, only=None):
    """Return labels of every comment: the true one, or near it with a probability of `error`, plus a bias."""
    true, wrong = random.Random(0), random.Random(seed)
    sets = []
    for one in talks:
        values = []
        for _ in one.comments:
            value = true.choice([1, 1, 2, 3, 4, 5])
            value += wrong.choice([-1, 1]) if wrong.random() < error else 0
            values.append(min(5, max(1, value + bias)))
        labels = labelled(one, values, name, index, scale)
        roles = {comment.index: comment.role for comment in one.comments}
        kept = tuple(
            replace(label, role=roles[label.comment])
            for label in labels.labels
            if only is None or only(one, label.comment)
        )
        sets.append(replace(labels, labels=kept))
    return sets
