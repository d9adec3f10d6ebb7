"""Pages of the parts of a discussion: actors, models, turn managers, stop conditions and scales."""

import random
from collections.abc import Sequence
from itertools import pairwise

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.batch.batch_model import BatchModel
from syndisco_nb.backend.model.replicas.replica import Replica
from syndisco_nb.backend.model.replicas.replicas_model import Replicas
from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.display.colours import looks
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Prompt, Share, Speaker, Speakers, Table
from syndisco_nb.display.pages.generation_block import sampling_text
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.pages.phrases import setting_pairs, split_facts
from syndisco_nb.display.pages.speakers_block import lane
from syndisco_nb.display.registry import make_page
from syndisco_nb.field_labels import attribute_lines, field_label
from syndisco_nb.records import Message
from syndisco_nb.runs.batch_job import batches_in_words

_NAMES = ("Ana", "Ben", "Cem", "Dia")
"""Speakers of the sample of a turn manager that knows none."""
_SAMPLE, _DISCUSSIONS, _TURNS = 24, 20, 50
"""Turns of the order that is shown, and the number and the length of the discussions that are measured."""


@make_page.register
def actor_page(actor: LLMActor, limits: Limits) -> Page:
    """Return the page of an actor, with its first prompt."""
    facts = (
        ("role", "participant" if actor.actor_type is ActorType.USER else "annotator"),
        ("model", actor.model.name),
    )
    told = {"context": actor.context, "instructions": actor.instructions}
    known = attribute_lines(actor.attributes)
    persona = (Facts("Persona", split_facts(known)),) if known else ()
    return Page("Actor", actor.name or "no name", (*facts, *setting_pairs(told)), (*persona, actor_prompt(actor)))


def actor_prompt(actor: LLMActor) -> Prompt | Note:
    """Return an actor's prompt before anyone has spoken; an annotator's, about a placeholder for the comment."""
    comment = Message(0, 0, "‹name›", "‹the comment›", "", "opening")
    try:
        if actor.actor_type is ActorType.USER:
            return Prompt("Prompt before the first comment", actor.prompt(()), folded=False)
        return Prompt("Prompt", actor.prompt((comment,)), folded=False)
    except Exception as error:  # a prompt format is the user's own code
        return Note(f"The prompt format fails without comments: {type(error).__name__}: {error}", warning=True)


@make_page.register
def model_page(model: Model, limits: Limits) -> Page:
    """Return the page of a model with all its settings."""
    return Page(type(model).__name__, model.name, (), _settings_of(model))


@make_page.register
def replicas_page(model: Replicas, limits: Limits) -> Page:
    """Return the page of replicas: their common settings, and the state of each."""
    rows = [
        (replica.label, _state(replica), f"{replica.in_flight:,}", f"{replica.answered:,}")
        for replica in model.replicas
    ]
    table = limited_table(
        "Models", ("model", "state", "requests now", "answers"), rows, lambda row: row, limits, ".replicas"
    )
    return Page("Replicas", model.name, (), (*_settings_of(model, "base_url", "device"), table))


@make_page.register
def batch_model_page(model: BatchModel, limits: Limits) -> Page:
    """Return the page of a model that answers in batches: how long that takes, and the batches under way."""
    waiting = ((str(folder), words) for folder in model.folders if (words := batches_in_words(folder)))
    return Page(
        "BatchModel",
        model.name,
        (),
        (
            *_settings_of(model),
            Note(
                "Answers come in batches, at half the price with most providers, within 24 hours each. Labels are one "
                "batch. Each turn of all discussions is one: 14 turns take up to 14 days."
            ),
            *(Note(f"{folder}: {words}.") for folder, words in waiting),
            Note(
                "An interrupted run cancels no batch: the same cell goes on with it. To cancel one, use the page of "
                "batches on the server's own site."
            ),
        ),
    )


def _settings_of(model: Model, *apart: str) -> tuple[Facts, ...]:
    """Return the settings of a model that are not told apart from the others."""
    left_out = ("name", "type", "sampling", *apart)
    settings = {field_label(name): value for name, value in model.settings().items() if name not in left_out}
    sampling = (("Sampling", sampling_text(model.sampling)),) if model.sampling else ()
    return (Facts("", (*sampling, *setting_pairs(settings))),) if settings or sampling else ()


def _state(replica: Replica) -> str:
    if replica.resting_since is None:
        return "ready"
    return f"rests since {replica.resting_since.astimezone():%H:%M:%S}: {replica.problem}"


@make_page.register
def stop_page(condition: StopCondition, limits: Limits) -> Page:
    """Return the page of a stop condition."""
    return Page("Ends after", str(condition), ())


@make_page.register
def scale_page(scale: Scale, limits: Limits) -> Page:
    """Return the page of a scale: its question, and the labels that it allows."""
    labels = ", ".join(scale.labels) or "any text"
    return Page(
        f"Scale, {type(scale).__name__}",
        scale.name,
        (),
        (Facts("", (("question", scale.instruction()), ("labels", labels))),),
    )


@make_page.register
def turn_manager_page(manager: TurnManager, limits: Limits) -> Page:
    """Return the page of a turn manager: a sample order, and how often each speaks.

    Both are drawn from seeds of their own, so the page never changes what the manager does later.
    """
    known = [name for name in (*manager.names, *manager.names_mentioned()) if name]
    names = tuple(dict.fromkeys(manager.names or (*known, *_NAMES)[: max(len(known), len(_NAMES))]))
    if not type(manager).__module__.startswith("syndisco_nb."):
        return Page("Speaking order, custom rule", str(manager))  # it may be slow, or remember what it is asked
    orders = [_order(manager, names, random.Random(seed)) for seed in range(_DISCUSSIONS)]
    sample = orders[0][:_SAMPLE]
    blocks = (_sample_order(names, sample), Note(", ".join(sample)), _rates(names, orders))
    return Page("Speaking order", str(manager), (), blocks)


def _order(manager: TurnManager, names: Sequence[str], rng: random.Random) -> list[str]:
    """Return the speakers of a discussion in which nobody is silent."""
    history: list[Message] = []
    for turn in range(1, _TURNS + 1):
        history.append(Message(turn - 1, turn, manager.choose(names, history, rng), "…", ""))
    return [message.name for message in history]


def _sample_order(names: Sequence[str], order: Sequence[str]) -> Speakers:
    look = looks(names)
    rows = (
        Speaker(name, look[name], "participant", "", lane([speaker == name for speaker in order], _SAMPLE))
        for name in names
    )
    return Speakers("Sample order", tuple(rows))


def _rates(names: Sequence[str], orders: Sequence[Sequence[str]]) -> Table:
    turns = [name for order in orders for name in order]
    shares = [(name, turns.count(name) / len(turns)) for name in names]
    again = [left == right for order in orders for left, right in pairwise(order)]
    replies = [left == right for order in orders for left, right in zip(order[2:], order, strict=False)]
    rates = [
        *((f"{name} speaks", share) for name, share in shares),
        ("same speaker twice", sum(again) / len(again)),
        ("previous speaker replies", sum(replies) / len(replies)),
    ]
    rows = tuple((text, Share(rate, f"{rate:.0%}")) for text, rate in rates)
    return Table(f"Rates in {len(orders)} simulated discussions ({len(turns):,} turns, no silences)", ("", ""), rows)
