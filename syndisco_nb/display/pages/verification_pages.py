"""Pages of what a run cost, and of whether it is what it says it is."""

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Table
from syndisco_nb.display.registry import make_page
from syndisco_nb.running.verification import Replay, Verification
from syndisco_nb.runs.cost import Cost
from syndisco_nb.wording import count, duration


@make_page.register
def cost_page(cost: Cost, limits: Limits) -> Page:
    """Return the page of a cost."""
    facts = {
        "calls": f"{cost.calls:,}",
        "prompt tokens": f"{cost.prompt_tokens:,}",
        "completion tokens": f"{cost.completion_tokens:,}",
        "time": duration(cost.seconds),
        "memory": f"{cost.memory_mb:,} MB",
        "memory of the GPU": f"{cost.gpu_memory_mb:,} MB" if cost.gpu_memory_mb else "",
    }
    title = f"{count(cost.calls, 'call')}, {duration(cost.seconds)}"
    return Page("Cost", title, (), (Facts("", tuple((name, value) for name, value in facts.items() if value)),))


@make_page.register
def verification_page(found: Verification, limits: Limits) -> Page:
    """Return the page of a check."""
    shown = found.problems[: limits.max_items]
    left = len(found.problems) - len(shown)
    rows = tuple((problem,) for problem in shown)
    more = f"{left:,} more in .problems" if left else ""
    return Page(
        "Verification",
        count(len(found.problems), "problem") if found.problems else "nothing is wrong",
        (("folder", str(found.folder)), ("checked", f"{found.checked:,}")),
        (Table("Problems", ("what is wrong",), rows, more),) if rows else (),
    )


@make_page.register
def replay_page(replay: Replay, limits: Limits) -> Page:
    """Return the page of a comparison with a record made anew."""
    differs = (Note(replay.difference, warning=True),) if replay.difference else ()
    return Page("Replay", "it differs" if differs else "equal", (("of", replay.unit),), differs)
