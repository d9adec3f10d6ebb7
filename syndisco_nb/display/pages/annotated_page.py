"""A transcript under the labels of all its annotators: `annotated`, and its page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Fold, Note, Page, Speakers
from syndisco_nb.display.pages.html_size import trajectory_size
from syndisco_nb.display.pages.label_blocks import low_mass_warning, make_ratings, scale_settings, whole_labels
from syndisco_nb.display.pages.trajectory_block import make_trajectory
from syndisco_nb.display.pages.transcript_page import transcript_page
from syndisco_nb.display.registry import make_page
from syndisco_nb.errors import InvalidInputError, require, short_repr
from syndisco_nb.jobs.labelled_units import all_units
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.runs.sources import Material, gather
from syndisco_nb.shown import Exported
from syndisco_nb.wording import count, more, shortened

_LEAST_BYTES = 45_000  # of an annotated discussion: its strips and courses, and a few labelled comments


@dataclass(frozen=True, slots=True, repr=False)
class Annotated(Exported):
    """A transcript with its labels; see `annotated`.

    Attributes
    ----------
    transcript : Transcript
    annotations : tuple of AnnotationSet
    left_out : int
        Number of labels left out because they are about other texts.
    """

    transcript: Transcript
    annotations: tuple[AnnotationSet, ...]
    left_out: int = 0

    def __repr__(self) -> str:
        return f"<Annotated {self.transcript!r}: {count(len(self.annotations), 'annotator')}>"


@dataclass(frozen=True, slots=True, repr=False)
class AnnotatedDiscussions(Exported):
    """Several transcripts with their labels; see `annotated`.

    Attributes
    ----------
    discussions : tuple of Annotated
        Those with labels.
    names : tuple of str
        Name of each, with its condition.
    without_labels : int
        Number of discussions that have none.
    """

    discussions: tuple[Annotated, ...]
    names: tuple[str, ...]
    without_labels: int = 0

    def __repr__(self) -> str:
        return f"<AnnotatedDiscussions: {len(self.discussions)}>"


def annotated(transcript: Any, annotations: Any = ()) -> Annotated | AnnotatedDiscussions:
    """Return a transcript, or several, with the labels of all annotators on each comment, to look at.

    Parameters
    ----------
    transcript : Transcript, Run, Study, iterable of these, str or path-like
        Whatever holds discussions; a path is that of the folder of a run or study.
    annotations : Run, Study, labels of a study, AnnotationSet, iterable of these, str or path-like, optional
        Whatever holds the labels; by default, the labels of the study. Labels of other discussions are left out, and
        so are labels of comments that have another text here, with a note.

    Returns
    -------
    Annotated
        Of one transcript; of several, an `AnnotatedDiscussions` that holds one for each.

    Raises
    ------
    InvalidInputError
        If none of the labels is about these discussions.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> ana, ben = (snb.LLMActor(snb.ScriptedModel("Well."), name) for name in ("Ana", "Ben"))
    >>> talk = snb.Discussion([ana, ben], topic="Bikes?", num_turns=2, seed=1).run()
    >>> judges = [
    ...     snb.LLMActor(snb.ScriptedModel(answers), name, actor_type=snb.ActorType.ANNOTATOR)
    ...     for name, answers in {"strict": ["1", "4"], "mild": ["1", "2"]}.items()
    ... ]
    >>> labels = [snb.Annotation(judge, talk, snb.Likert("toxicity"), seed=1).run() for judge in judges]
    >>> snb.annotated(talk, labels)
    <Annotated <Transcript 0: 3 comments by Ana, Ben on 'Bikes?'>: 2 annotators>
    """
    material, labels = _gathered(transcript, "transcript"), _gathered(annotations, "annotations")
    require(
        material.transcripts,
        f"transcript is {short_repr(transcript)}, which holds no discussion. Give a transcript, or a run or study.",
        "transcript",
    )
    given = [held.record for held in labels.labels or material.labels]
    talks = [
        (held.unit_name, Annotated(held.record, *about_texts(held.record, given))) for held in material.transcripts
    ]
    labelled = [(name, talk) for name, talk in talks if talk.annotations]
    require(
        labelled,
        f"None of the {count(len(given), 'annotation set')} is about {short_repr(transcript)}. Give the labels of "
        "these discussions, or the run that holds them.",
        "annotations",
    )
    if isinstance(transcript, Transcript):
        return labelled[0][1]
    names, discussions = zip(*labelled, strict=True)
    return AnnotatedDiscussions(discussions, names, len(talks) - len(labelled))


def _gathered(source: Any, field: str) -> Material:
    try:
        return gather(source)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), field=field) from None


def about_texts(transcript: Transcript, sets: Iterable[AnnotationSet]) -> tuple[tuple[AnnotationSet, ...], int]:
    """Return the sets about a transcript without labels of other texts, and the number of those labels.

    Parameters
    ----------
    transcript : Transcript
    sets : iterable of AnnotationSet
    """
    texts = {(unit.key()[:2], unit.text) for unit in all_units(transcript)}
    given = [labels for labels in sets if labels.discussion_id == transcript.id]
    fitting = [tuple(label for label in one.labels if (label.key[:2], label.text) in texts) for one in given]
    left_out = sum(len(labels.labels) for labels in given) - sum(map(len, fitting))
    return tuple(replace(one, labels=labels) for one, labels in zip(given, fitting, strict=True)), left_out


def other_texts(left_out: int) -> str:
    """Return the note about labels left out because they are about other texts."""
    verb = "is" if left_out == 1 else "are"
    return (
        f"{count(left_out, 'label')} {verb} left out: the discussion has changed since, and they are about other texts."
    )


@make_page.register
def annotated_discussions_page(thing: AnnotatedDiscussions, limits: Limits) -> Page:
    """Return the page of several transcripts with their labels, each in a fold."""
    number = len(thing.discussions)
    room = max(1, int(min(limits.max_items, limits.max_bytes / _LEAST_BYTES)))
    shown = list(zip(thing.names, thing.discussions, strict=True))[:room]
    each = replace(limits, max_bytes=limits.max_bytes // max(1, len(shown)))
    folds: list[Block] = [
        Fold(f"{unit_text(name)}: {shortened(one.transcript.topic) or 'no topic'}", annotated_page(one, each))
        for name, one in shown
    ]
    if number > len(shown):
        folds.append(Note(f"{more(number - len(shown), '.discussions')}."))
    if thing.without_labels:
        folds.insert(0, Note(f"{count(thing.without_labels, 'discussion')} without labels left out."))
    return Page("Annotated", count(number, "discussion"), (), tuple(folds))


@make_page.register
def annotated_page(thing: Annotated, limits: Limits) -> Page:
    """Return the page of a transcript with its labels."""
    ratings = make_ratings(thing.annotations, explain=True)
    scales = {str(scale["name"]): scale for labels in thing.annotations for scale in scale_settings(labels)}
    title = f"Discussion {thing.transcript.index}, annotated"
    room = replace(limits, max_bytes=limits.max_bytes - len(scales) * trajectory_size(thing.transcript, limits))
    page = transcript_page(thing.transcript, room, title, ratings)
    several = len(thing.annotations) > 1
    rated = [rating for of_comment in ratings.values() for rating in of_comment]
    split, comparable = sum(one.disagreement for one in rated), sum(not one.is_free for one in rated)
    unread = sum(answer.value is None for rating in rated for answer in rating.answers)
    facts = {
        "annotators": ", ".join(labels.annotator_name for labels in thing.annotations),
        "disagreement": f"{split:,} of {count(comparable, 'rating')}" if several and comparable else "",
        "unparsed": f"{unread:,}" if unread else "",
    }
    place, columns = 0, 0
    for number, block in enumerate(page.blocks, start=1):
        if isinstance(block, Speakers):
            place, columns = number, max(len(person.lane) for person in block.people)
    made = [
        make_trajectory(scale, thing.transcript, thing.annotations, columns, limits.max_messages)
        for scale in scales.values()
    ]
    notes = [Note(other_texts(thing.left_out), warning=True)] if thing.left_out else []
    return Page(
        page.kind,
        page.title,
        (*page.facts, *((name, value) for name, value in facts.items() if value)),
        (
            *low_mass_warning(thing.annotations),
            *notes,
            *page.blocks[:place],
            *(trajectory for trajectory in made if trajectory is not None),
            *page.blocks[place:],
            *whole_labels(thing.annotations),
        ),
        origin=page.origin,
    )
