"""Pages of what makes a discussion: actors, models, turn managers, scales."""

import random
from collections.abc import Sequence
from itertools import pairwise

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.scales import Scale
from syndisco_nb.backend.stopping import StopCondition
from syndisco_nb.backend.turn_manager import Hosted, TurnManager
from syndisco_nb.display.colours import looks
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Prompt, Share, Speaker, Speakers, Table
from syndisco_nb.display.pages.phrases import named, pairs, sampling_text
from syndisco_nb.display.pages.transcript_pages import lane
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import Message
from syndisco_nb.wording import listed

_NAMES = ("Ana", "Ben", "Cem", "Dia")
_SAMPLE, _TALKS, _TURNS = 24, 20, 50


@make_page.register
def actor_page(actor: LLMActor, limits: Limits) -> Page:
    """Return the page of an actor, with the prompt that it would be sent."""
    facts = (
        ("takes part as", "a participant" if actor.actor_type is ActorType.USER else "an annotator"),
        ("model", actor.model.name),
    )
    told = {"context": actor.context, "instructions": actor.instructions}
    known = (Facts("Persona", named(actor.attributes)),) if actor.attributes else ()
    return Page("Actor", actor.name or "no name", (*facts, *pairs(told)), (*known, prompt_of(actor)))


def prompt_of(actor: LLMActor) -> Prompt | Note:
    """Return what an actor is sent before anything was said; an annotator, of a comment that stands for any."""
    comment = Message(0, 0, "‹name›", "‹the comment›", "", "opening")
    try:
        if actor.actor_type is ActorType.USER:
            return Prompt("Its prompt, before anyone has spoken", actor.prompt(()), folded=False)
        return Prompt("Its prompt", actor.prompt((comment,)), folded=False)
    except Exception as error:  # a prompt format is the user's own code
        return Note(f"Its prompt format fails without comments: {type(error).__name__}: {error}", warning=True)


@make_page.register
def model_page(model: Model, limits: Limits) -> Page:
    """Return the page of a model with all its settings."""
    settings = {name: value for name, value in model.settings().items() if name not in ("name", "type", "sampling")}
    drawn = (("sampling", sampling_text(model.sampling)),) if model.sampling else ()
    return Page(
        type(model).__name__, model.name, (), (Facts("", (*drawn, *pairs(settings))),) if settings or drawn else ()
    )


@make_page.register
def stop_page(condition: StopCondition, limits: Limits) -> Page:
    """Return the page of a stop condition."""
    settings = {name: value for name, value in condition.settings().items() if name != "type"}
    return Page(f"Stop condition, {type(condition).__name__}", str(condition), pairs(settings))


@make_page.register
def scale_page(scale: Scale, limits: Limits) -> Page:
    """Return the page of a scale: what is asked, and what may be answered."""
    labels = ", ".join(scale.labels) or "any text"
    return Page(
        f"Scale, {type(scale).__name__}",
        scale.name,
        (),
        (Facts("", (("asks", scale.instruction()), ("labels", labels))),),
    )


@make_page.register
def turn_manager_page(manager: TurnManager, limits: Limits) -> Page:
    """Return the page of a turn manager: a sample order, and how often who speaks.

    Both are drawn anew, from a seed of their own: looking at a rule never changes what it does.
    """
    settings = {name: value for name, value in manager.settings().items() if name not in ("type", "then")}
    if isinstance(manager, Hosted):
        settings["then"] = repr(manager.then)
    known = [name for name in (*manager.names, *manager.names_known()) if name]
    names = tuple(dict.fromkeys(manager.names or (*known, *_NAMES)[: max(len(known), len(_NAMES))]))
    facts = pairs(settings)
    kind = f"Turn manager, {type(manager).__name__}"
    if not type(manager).__module__.startswith("syndisco_nb."):
        return Page(kind, "a rule of your own", facts)  # it may be slow, or remember what it is asked
    talks = [_talk(manager, names, random.Random(seed)) for seed in range(_TALKS)]
    order = talks[0][:_SAMPLE]
    return Page(
        kind, f"among {listed(names)}", facts, (_sample(names, order), Note(", ".join(order)), _rates(names, talks))
    )


def _talk(manager: TurnManager, names: Sequence[str], rng: random.Random) -> list[str]:
    history: list[Message] = []
    for turn in range(1, _TURNS + 1):
        history.append(Message(turn - 1, turn, manager.choose(names, history, rng), "…", ""))
    return [message.name for message in history]


def _sample(names: Sequence[str], order: Sequence[str]) -> Speakers:
    look = looks(names)
    rows = (
        Speaker(name, look[name], "participant", "", lane([one == name for one in order], _SAMPLE)) for name in names
    )
    return Speakers("A sample order", tuple(rows))


def _rates(names: Sequence[str], talks: Sequence[Sequence[str]]) -> Table:
    turns = [name for talk in talks for name in talk]
    shares = [(name, turns.count(name) / len(turns)) for name in names]
    again = [a == b for talk in talks for a, b in pairwise(talk)]
    replies = [a == b for talk in talks for a, b in zip(talk[2:], talk, strict=False)]
    rates = [
        *((f"{name} speaks", share) for name, share in shares),
        ("the same one again", sum(again) / len(again)),
        ("the last but one answers", sum(replies) / len(replies)),
    ]
    rows = tuple((text, Share(rate, f"{rate:.0%}")) for text, rate in rates)
    return Table(f"Measured over {len(turns):,} turns, in {len(talks)} talks in which nobody is silent", ("", ""), rows)
