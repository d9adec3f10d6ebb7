"""Pages of a run's cost, of its verification, and of a replay."""

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.running.verification import Replay, Verification
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.prices import price_notes
from syndisco_nb.wording import count, dollars, duration


@make_page.register
def cost_page(cost: Cost, limits: Limits) -> Page:
    """Return the page of a cost."""
    facts = {
        "calls": f"{cost.calls:,}",
        "prompt tokens": f"{cost.prompt_tokens:,}",
        "completion tokens": f"{cost.completion_tokens:,}",
        "time": duration(cost.seconds),
        "memory": f"{cost.memory_mb:,} MB",
        "GPU memory": f"{cost.gpu_memory_mb:,} MB" if cost.gpu_memory_mb else "",
        "price": "" if cost.price_usd is None else dollars(cost.price_usd),
    }
    title = f"{count(cost.calls, 'call')}, {duration(cost.seconds)}"
    shown = Facts("", tuple((name, value) for name, value in facts.items() if value))
    notes = price_notes(cost.unpriced, cost.price_source, priced=cost.price_usd is not None)
    return Page("Cost", title, (), (shown, *map(Note, notes)))


@make_page.register
def verification_page(verification: Verification, limits: Limits) -> Page:
    """Return the page of a verification, with a row for each problem."""
    problems = verification.problems
    head = ("problem",)
    table = limited_table("Problems", head, problems, lambda problem: (problem,), limits, ".problems")
    return Page(
        "Verification",
        count(len(problems), "problem") if problems else "No problems found",
        (("folder", str(verification.folder)), ("files checked", f"{verification.checked:,}")),
        (table,) if problems else (),
    )


@make_page.register
def replay_page(replay: Replay, limits: Limits) -> Page:
    """Return the page of a replay: the first difference to the record, if there is one."""
    difference = (Note(replay.difference, warning=True),) if replay.difference else ()
    return Page(
        "Replay",
        "Not reproduced" if difference else "Reproduced exactly",
        (("about", unit_text(replay.unit)),),
        difference,
    )
