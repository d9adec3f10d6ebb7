"""Checks of seeds: whether everything was drawn with its own, and whether they make a difference."""

from collections import defaultdict

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.finding import Finding, by_limits, exact
from syndisco_nb.records import Generation, Transcript
from syndisco_nb.seeds import annotation_seed, discussion_seed, label_seed, message_seed
from syndisco_nb.wording import count, listed

_LONG = 20  # characters from which on equal answers are no coincidence
_LEAST = 5


def seeds(records: ConditionRecords) -> Finding | None:
    """Check whether discussions and replies have the seeds that follow from the run's seed, each its own."""
    wrong: list[str] = []
    n = 0
    for talk in records.transcripts:
        if talk.seed is None:
            continue
        own = discussion_seed(records.run.seed, talk.index) if records.run else talk.seed
        wrong += [f"discussion {talk.index}"] if talk.seed != own else []
        inherited = talk.parent.messages if talk.parent else 0
        made = [message for message in talk.messages[inherited:] if message.generation]
        n += 1 + len(made)
        wrong += [
            f"turn {message.turn} of discussion {talk.index}"
            for message in made
            if message.generation and message.generation.seed != message_seed(talk.seed, message.role, message.turn)
        ]
    wrong += [f"discussion {talk.index}, with that of another" for talk in _repeated(records.own)]
    return exact(len(wrong), n, _explanation(wrong, n)) if n else None


def seeds_of_labels(records: ConditionRecords) -> Finding | None:
    """Check whether annotations and labels have the seeds that follow from the seed of their run."""
    if not records.labels:
        return None
    wrong: list[str] = []
    n = 0
    for labels, run in zip(records.labels, records.label_runs, strict=True):
        if labels.seed is None:
            continue
        own = annotation_seed(run.seed, labels.discussion, labels.index) if run else labels.seed
        others = sum(one.generation.seed != label_seed(labels.seed, *one.key) for one in labels.labels)
        n += 1 + len(labels.labels)
        wrong += [f"{labels.annotator_name} on {labels.discussion}"] * (others + (labels.seed != own))
    return exact(len(wrong), n, _explanation(wrong, n)) if n else None


def _explanation(wrong: list[str], n: int) -> str:
    named = listed(list(dict.fromkeys(wrong)), 3)
    return (
        f"{count(len(wrong), 'seed')} of {n:,} do not follow from the seed of the run: {named}. Their draws cannot "
        "be made again."
    )


def seed_effect(records: ConditionRecords) -> Finding | None:
    """Check whether answers to one prompt differ between seeds.

    More than .2 equal answers are a warning, more than .5 a failure. Answers of some length are compared, unless the
    temperature is 0; without two discussions that share a prompt, there is no check.
    """
    answers: dict[object, dict[int, str]] = defaultdict(dict)
    for talk in records.own:
        for comment in talk.comments:
            made = comment.generation
            if made and _may_differ(made) and len(comment.text) >= _LONG:
                answers[comment.model, made.prompt].setdefault(made.seed, comment.text)
    n = sum(len(texts) - 1 for texts in answers.values())
    if not n:
        return None
    equal = sum(len(texts) - len(set(texts.values())) for texts in answers.values())
    explanation = (
        f"{equal} of {n} answers are equal, word for word, to another answer to the same prompt with another seed: the "
        "model ignores its seed, or its temperature is near 0. The discussions are not independent."
    )
    return by_limits(equal, n, 0.2, 0.5, explanation, _LEAST)


def _may_differ(made: Generation) -> bool:
    """Return whether another seed may have given another answer: not if only the likeliest token was ever taken."""
    return made.sampling is None or (made.sampling.temperature != 0 and made.sampling.top_k != 1)


def _repeated(transcripts: list[Transcript]) -> list[Transcript]:
    """Return the discussions whose seed another one before has, too."""
    first: dict[int, int] = {}
    return [
        talk
        for place, talk in enumerate(transcripts)
        if talk.seed is not None and first.setdefault(talk.seed, place) < place
    ]
