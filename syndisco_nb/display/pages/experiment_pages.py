"""Pages of jobs and experiments: what is asked for, and how far it is."""

from collections.abc import Sequence

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.topics import Topic
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Prompt, Share, Table
from syndisco_nb.display.pages.annotation_pages import annotation_set_page
from syndisco_nb.display.pages.engine_pages import prompt_of
from syndisco_nb.display.pages.phrases import Pairs, window_text
from syndisco_nb.display.pages.transcript_pages import manager_text, transcript_page
from syndisco_nb.display.registry import make_page
from syndisco_nb.experiments import AnnotationExperiment, DiscussionExperiment
from syndisco_nb.jobs import Annotation, Discussion
from syndisco_nb.wording import count, shortened

_CELL = 160


@make_page.register
def discussion_page(discussion: Discussion, limits: Limits) -> Page:
    """Return the page of a discussion under way."""
    page = transcript_page(discussion.transcript, limits)
    return Page(
        page.kind, page.title, page.facts, page.blocks, _progress(discussion.turn, discussion.num_turns, "turn")
    )


@make_page.register
def annotation_page(annotation: Annotation, limits: Limits) -> Page:
    """Return the page of an annotation under way."""
    total = len(annotation.transcript.comments) * max(1, len(annotation.scales))
    page = annotation_set_page(annotation.annotation_set, limits)
    return Page(page.kind, page.title, page.facts, page.blocks, _progress(len(annotation.labels), total, "label"))


@make_page.register
def discussion_experiment_page(experiment: DiscussionExperiment, limits: Limits) -> Page:
    """Return the page of a design."""
    asked = experiment.num_discussions * experiment.num_turns
    facts = {
        "turns": str(experiment.num_turns),
        "each by": f"{experiment.num_active_users} of {count(len(experiment.users), 'user')}",
        "moderator": experiment.moderator.name if experiment.moderator else "none",
        "next speaker": manager_text(experiment.turn_manager.settings()),
        "window": window_text(experiment.window, experiment.window_counts),
        **({"ends after": "; ".join(map(str, experiment.stop))} if experiment.stop else {}),
        "seed": "drawn when it begins" if experiment.seed is None else str(experiment.seed),
        "comments to ask for": f"{asked:,}" + (", and the moderator's" if experiment.moderator else ""),
    }
    moderator = [experiment.moderator] if experiment.moderator else []
    return Page(
        "Experiment",
        count(experiment.num_discussions, "discussion"),
        tuple(facts.items()),
        (
            _listed("Topics", [_topic_text(topic) for topic in experiment.topics], limits),
            actors_table("Users", experiment.users, limits),
            *([actors_table("Moderator", moderator, limits)] if moderator else []),
            _folded(f"The prompt of {experiment.users[0].name}", experiment.users[0]),
        ),
    )


@make_page.register
def annotation_experiment_page(experiment: AnnotationExperiment, limits: Limits) -> Page:
    """Return the page of an annotation's design."""
    facts = (
        ("window", window_text(experiment.window, experiment.window_counts)),
        ("seed", "drawn when it begins" if experiment.seed is None else str(experiment.seed)),
        ("labels of each comment", f"{len(experiment.annotators) * max(1, len(experiment.scales)):,}"),
    )
    scales: Pairs = tuple((scale.name, scale.instruction()) for scale in experiment.scales)
    return Page(
        "Annotation experiment",
        count(len(experiment.annotators), "annotator"),
        facts,
        (
            Facts("Scales", scales) if scales else Note("No scale: the annotators' own instructions ask for any text."),
            actors_table("Annotators", experiment.annotators, limits),
            _folded("The prompt of the first annotator", experiment.annotators[0]),
        ),
    )


def actors_table(title: str, actors: Sequence[LLMActor], limits: Limits) -> Table:
    """Return a row for each actor."""
    rows = tuple(
        (
            actor.name or "no name",
            actor.model.name,
            shortened(", ".join(actor.attributes), _CELL),
            shortened(actor.instructions, _CELL),
        )
        for actor in actors[: limits.max_items]
    )
    left = len(actors) - len(rows)
    return Table(title, ("name", "model", "persona", "instructions"), rows, f"{left:,} more" if left > 0 else "")


def _topic_text(topic: Topic) -> str:
    return topic if isinstance(topic, str) else " · ".join(map(str, topic))


def _listed(title: str, texts: Sequence[str], limits: Limits) -> Table:
    rows = tuple((shortened(text, 400),) for text in texts[: limits.max_items])
    left = len(texts) - len(rows)
    return Table(title, ("",), rows, f"{left:,} more" if left > 0 else "")


def _folded(title: str, actor: LLMActor) -> Prompt | Note:
    found = prompt_of(actor)
    return Prompt(title, found.messages) if isinstance(found, Prompt) else found


def _progress(done: int, total: int, noun: str) -> Share | None:
    return Share(done / max(1, total), f"{done:,} of {count(total, noun)}") if done < total else None
