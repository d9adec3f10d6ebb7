"""Hand-made labels and discussions, by condition, without a model."""

from pathlib import Path

import syndisco_nb as snb
from syndisco_nb.records import AnnotationSet, Generation, Label, Message, Participant, Transcript
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.wording import label_text

ASKED = Generation((), 1)
TOXICITY = snb.Likert("toxicity", 1, 5)


class InMemory(list):
    """Records of a condition as a run holds them."""

    @property
    def holds(self):
        return type(self[0])


def of_conditions(records, levels=None):
    """Return records by condition as a study holds them; the condition is the level of "moderator" by default."""
    runs = {name: InMemory(given) for name, given in records.items()}
    return ConditionRuns(Path("study"), levels or {name: {"moderator": name} for name in records}, runs)


def talk(index, condition="none", turns=3, people=("Ana", "Ben"), topic="Tax?", silences=0, text="Well, {turn}."):
    """Return a discussion with an opening, then a comment a turn, some of the last ones silent."""
    messages = [Message(0, 0, people[0], topic, "hardcoded", "opening")]
    for turn in range(1, turns + 1):
        silent = turn > turns - silences
        said = "" if silent else text.format(turn=turn)
        messages.append(Message(turn, turn, people[turn % len(people)], said, "m", silent=silent, generation=ASKED))
    return Transcript(
        id=f"{condition}-{index}",
        index=index,
        seed=index,
        topic=topic,
        users=tuple(Participant(name, "user", "m") for name in people),
        comments=tuple(message for message in messages if not message.silent),
        silences=tuple(message for message in messages if message.silent),
    )


def talks(counts, **settings):
    """Return discussions by condition, as many as `counts` says."""
    return of_conditions({name: [talk(i, name, **settings) for i in range(n)] for name, n in counts.items()})


def labels_of(index, values, condition="none", annotator=0, name="judge", scale=TOXICITY, role="participant", mass=0.9):
    """Return one annotator's labels of a discussion; a value is a label, a mapping of probabilities, or None."""
    labels = []
    for turn, value in enumerate(values, start=1):
        scored = isinstance(value, dict)
        best = scale.value(max(value, key=value.get)) if scored else value
        labels.append(
            Label(
                turn,
                ("Ana", "Ben")[turn % 2],
                f"Well, {turn}.",
                annotator,
                name,
                ASKED,
                role=role,
                turn=turn,
                value=best,
                scale=scale.name,
                probabilities=value if scored else None,
                mass=mass if scored else None,
                options=tuple(map(label_text, scale.labels)),
            )
        )
    settings = {"scales": [scale.settings()]}
    who = Participant(name, "annotator", name)
    return AnnotationSet(f"{condition}-{index}", discussion_name(index), annotator, index, who, settings, tuple(labels))


def labelled(values, levels=None, **settings):
    """Return labels by condition: for each discussion, the values of its comments."""
    records = {
        name: [labels_of(index, row, name, **settings) for index, row in enumerate(rows)]
        for name, rows in values.items()
    }
    return of_conditions(records, levels)
