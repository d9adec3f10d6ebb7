"""Pages of what waits for a person: the requests to someone with a seat, and labelling by hand."""

from syndisco_nb.backend.model.human import HumanModel, OpenSeat
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Prompt, Share, Table
from syndisco_nb.display.registry import make_page
from syndisco_nb.experiments.labelling import Labelling, OpenLabel
from syndisco_nb.wording import count, label_text, shortened

_CELL = 160


@make_page.register
def human_page(model: HumanModel, limits: Limits) -> Page:
    """Return the page of a person with a seat: what waits for them."""
    limit = "as long as it takes" if model.timeout_s is None else f"up to {model.timeout_s:g} s for each"
    waiting = model.waiting
    rows = tuple((_where(seat), _actor(seat), shortened(_last(seat), _CELL)) for seat in waiting[: limits.max_items])
    left = len(waiting) - len(rows)
    table = Table("Waiting", ("", "as", "after"), rows, f"{left:,} more in .waiting" if left > 0 else "")
    return Page(
        "HumanModel",
        model.name,
        (("is waited for", limit),),
        (table if rows else Note("Nothing waits."),),
    )


@make_page.register
def open_seat_page(seat: OpenSeat, limits: Limits) -> Page:
    """Return the page of a request that waits for a person."""
    facts = (("as", _actor(seat)), ("labels", ", ".join(seat.request.labels)))
    return Page(
        "Waiting",
        _where(seat),
        tuple((name, value) for name, value in facts if value),
        (Prompt("What a model would be sent", seat.request.messages, folded=False),),
    )


@make_page.register
def labelling_page(labelling: Labelling, limits: Limits) -> Page:
    """Return the page of labelling by hand: how far it is, and what is next."""
    done, total = labelling.progress
    asked = labelling.current
    scales = Facts("Scales", tuple((scale.name, scale.asks) for scale in labelling.scales))
    following = (open_label_page(asked, limits).blocks[0],) if asked else ()
    return Page(
        "Labelling",
        f"by {labelling.annotator}",
        (("folder", str(labelling.folder)), ("labels", f"{done:,} of {total:,}")),
        (scales, *following),
        Share(done / max(1, total), f"{done:,} of {count(total, 'label')}") if asked else None,
    )


@make_page.register
def open_label_page(asked: OpenLabel, limits: Limits) -> Page:
    """Return the page of what is to be labelled next."""
    rows = tuple((one.name, shortened(one.text, limits.max_text)) for one in asked.comments)
    given = tuple((name, "skipped" if value is None else label_text(value)) for name, value in asked.given.items())
    return Page(
        "To label",
        f"{asked.scale.name} of comment {asked.comment.index} of {asked.discussion}",
        given,
        (Table("Next, the last of these", ("", ""), rows), Note(asked.scale.asks)),
    )


def _where(seat: OpenSeat) -> str:
    where = seat.request.situation
    return f"discussion {where.discussion}, turn {where.turn}" if where else f"request {seat.number}"


def _actor(seat: OpenSeat) -> str:
    return seat.request.situation.actor.name if seat.request.situation else ""


def _last(seat: OpenSeat) -> str:
    where = seat.request.situation
    if where:
        return next((str(one) for one in reversed(where.talk) if not one.silent), "nothing was said yet")
    return seat.request.messages[-1].content if seat.request.messages else ""
