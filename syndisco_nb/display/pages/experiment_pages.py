"""Pages of jobs and experiments: their settings, prompts and progress."""

from collections.abc import Sequence
from dataclasses import replace

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.topics import Topic
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Prompt, Share, Table
from syndisco_nb.display.pages.annotation_pages import annotation_set_page
from syndisco_nb.display.pages.design_pages import moderators_turns
from syndisco_nb.display.pages.engine_pages import actor_prompt
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.pages.phrases import Pairs, window_text
from syndisco_nb.display.pages.transcript_page import transcript_page
from syndisco_nb.display.registry import make_page
from syndisco_nb.experiments import AnnotationExperiment, DiscussionExperiment
from syndisco_nb.field_labels import attribute_lines
from syndisco_nb.jobs import Annotation, Discussion
from syndisco_nb.wording import count, shortened

_CELL, _TOPIC = 160, 400


@make_page.register
def discussion_page(discussion: Discussion, limits: Limits) -> Page:
    """Return the page of a discussion in progress."""
    page = transcript_page(discussion.transcript, limits)
    return replace(page, progress=_progress(discussion.turn, discussion.num_turns, "turn"))


@make_page.register
def annotation_page(annotation: Annotation, limits: Limits) -> Page:
    """Return the page of an annotation in progress."""
    total = len(annotation.transcript.comments) * max(1, len(annotation.scales))
    page = annotation_set_page(annotation.annotation_set, limits)
    return replace(page, progress=_progress(len(annotation.labels), total, "label"))


@make_page.register
def discussion_experiment_page(experiment: DiscussionExperiment, limits: Limits) -> Page:
    """Return the page of an experiment of discussions."""
    requests = experiment.num_discussions * experiment.num_turns
    facts = {
        "turns": str(experiment.num_turns),
        "participants": f"{experiment.num_active_users} of {len(experiment.users):,} in each discussion",
        "moderator": experiment.moderator.name if experiment.moderator else "none",
        "turn-taking": str(experiment.turn_manager),
        "remembered": window_text(experiment.window, experiment.window_counts),
        **({"ends after": "; ".join(map(str, experiment.stop))} if experiment.stop else {}),
        "seed": "drawn at the start" if experiment.seed is None else str(experiment.seed),
        "comments": f"{requests:,}" + moderators_turns([experiment.moderator is not None]),
    }
    moderator = [experiment.moderator] if experiment.moderator else []
    return Page(
        "Experiment",
        count(experiment.num_discussions, "discussion"),
        tuple(facts.items()),
        (
            limited_table("Topics", ("",), experiment.topics, _topic_row, limits),
            _actors_table("Participants", experiment.users, limits),
            *([_actors_table("Moderator", moderator, limits)] if moderator else []),
            _folded_prompt(f"Prompt to {experiment.users[0].name}", experiment.users[0]),
        ),
    )


@make_page.register
def annotation_experiment_page(experiment: AnnotationExperiment, limits: Limits) -> Page:
    """Return the page of an experiment of annotations."""
    facts = (
        ("context", window_text(experiment.window, experiment.window_counts)),
        ("seed", "drawn at the start" if experiment.seed is None else str(experiment.seed)),
        ("labels per comment", f"{len(experiment.annotators) * max(1, len(experiment.scales)):,}"),
    )
    scales: Pairs = tuple((scale.name, scale.instruction()) for scale in experiment.scales)
    return Page(
        "Annotation experiment",
        count(len(experiment.annotators), "annotator"),
        facts,
        (
            Facts("Scales", scales) if scales else Note("No scale: the annotators' instructions ask for free text."),
            _actors_table("Annotators", experiment.annotators, limits),
            _folded_prompt("Prompt to the first annotator", experiment.annotators[0]),
        ),
    )


def _actors_table(title: str, actors: Sequence[LLMActor], limits: Limits) -> Table:
    return limited_table(title, ("name", "model", "persona", "instructions"), actors, _actor_row, limits)


def _actor_row(actor: LLMActor) -> tuple[str, ...]:
    persona, instructions = (
        shortened(" · ".join(attribute_lines(actor.attributes)), _CELL),
        shortened(actor.instructions, _CELL),
    )
    return (actor.name or "no name", actor.model.name, persona, instructions)


def _topic_row(topic: Topic) -> tuple[str, ...]:
    return (shortened(topic if isinstance(topic, str) else " · ".join(map(str, topic)), _TOPIC),)


def _folded_prompt(title: str, actor: LLMActor) -> Prompt | Note:
    prompt = actor_prompt(actor)
    return Prompt(title, prompt.messages) if isinstance(prompt, Prompt) else prompt


def _progress(done: int, total: int, noun: str) -> Share | None:
    return Share(done / max(1, total), f"{done:,} of {count(total, noun)}") if done < total else None
