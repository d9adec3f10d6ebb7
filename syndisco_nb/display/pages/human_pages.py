"""Pages of work that waits for a person: a seat in a discussion, and labelling by hand."""

from dataclasses import replace

from syndisco_nb.backend.model.human import HumanModel, OpenSeat
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Prompt, Share, Table
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.experiments.adjudication import Adjudication
from syndisco_nb.experiments.labelling import Labelling
from syndisco_nb.experiments.open_label import OpenLabel
from syndisco_nb.wording import count, duration, label_text, listed, shortened

_CELL = 160


@make_page.register
def human_page(model: HumanModel, limits: Limits) -> Page:
    """Return the page of a person with a seat, with the requests that wait for them."""
    limit = "none" if model.timeout_s is None else f"{duration(model.timeout_s)} per turn"
    waiting = model.waiting
    table = limited_table("Waiting", ("request", "role", "last comment"), waiting, _seat_row, limits, ".waiting")
    return Page(
        "HumanModel",
        model.name,
        (("time limit", limit),),
        (table if waiting else Note("Nothing is waiting for an answer."),),
    )


@make_page.register
def open_seat_page(seat: OpenSeat, limits: Limits) -> Page:
    """Return the page of a request that waits for a person."""
    facts = (("role", _actor_name(seat)), ("labels", ", ".join(seat.request.labels)))
    return Page(
        "Waiting",
        _turn(seat),
        tuple((name, value) for name, value in facts if value),
        (Prompt("Prompt that a model would get", seat.request.messages, folded=False),),
    )


@make_page.register
def labelling_page(labelling: Labelling, limits: Limits) -> Page:
    """Return the page of labelling by hand: its progress, and the next comment."""
    done, total = labelling.progress
    current = labelling.current
    scales = Facts("Scales", tuple((scale.name, scale.asks) for scale in labelling.scales))
    skipped = (("skipped", f"{len(labelling.skipped):,}"),) if labelling.skipped else ()
    following = (open_label_page(current, limits).blocks[0],) if current else ()
    return Page(
        "Labelling",
        f"by {labelling.annotator}",
        (("folder", str(labelling.folder)), ("labels", f"{done:,} of {total:,}"), *skipped),
        (scales, *following),
        Share(done / max(1, total), f"{done:,} of {count(total, 'label')}") if done < total else None,
    )


@make_page.register
def adjudication_page(adjudication: Adjudication, limits: Limits) -> Page:
    """Return the page of an adjudication: that of its labelling, with the numbers agreed and decided."""
    page = labelling_page(adjudication, limits)
    between = ("between", listed(adjudication.compared.annotators))
    return replace(page, kind="Adjudication", facts=(between, *page.facts, ("gold labels", adjudication.note)))


@make_page.register
def open_label_page(open_label: OpenLabel, limits: Limits) -> Page:
    """Return the page of the comment, participant or discussion that is to be labelled next."""
    title = "The discussion" if open_label.unit.comment is None else "Next comment"
    rows = tuple((comment.name, shortened(comment.text, limits.max_text)) for comment in open_label.comments)
    given = tuple((name, "skipped" if value is None else label_text(value)) for name, value in open_label.given.items())
    return Page(
        "Next label",
        open_label.title,
        given,
        (Table(title, ("", ""), rows), Note(open_label.scale.asks)),
    )


def _seat_row(seat: OpenSeat) -> tuple[str, ...]:
    return (_turn(seat), _actor_name(seat), shortened(_last_words(seat), _CELL))


def _turn(seat: OpenSeat) -> str:
    situation = seat.request.situation
    return f"discussion {situation.discussion}, turn {situation.turn}" if situation else f"request {seat.number}"


def _actor_name(seat: OpenSeat) -> str:
    return seat.request.situation.actor.name if seat.request.situation else ""


def _last_words(seat: OpenSeat) -> str:
    situation = seat.request.situation
    if situation:
        spoken = (str(message) for message in reversed(situation.history) if not message.silent)
        return next(spoken, "no comments yet")
    return seat.request.messages[-1].content if seat.request.messages else ""
