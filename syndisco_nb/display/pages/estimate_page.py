"""The page of an estimate, also while it is being measured."""

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Share
from syndisco_nb.display.registry import make_page
from syndisco_nb.running.estimation import CHARACTERS, REPLY_TOKENS, Estimate
from syndisco_nb.runs.batch_job import batches_take
from syndisco_nb.runs.prices import price_notes
from syndisco_nb.wording import count, dollars, duration

_DIGITS = 2  # of an approximation
_ASSUMED = f"{CHARACTERS} characters are taken for a token, and replies have {REPLY_TOKENS} tokens."


@make_page.register
def estimate_page(estimate: Estimate, limits: Limits) -> Page:
    """Return the page of an estimate: first the part that is known at once, then the part that was measured."""
    measured = bool(estimate.over and estimate.answers)
    known = {
        "conditions": f"{estimate.conditions:,}" if estimate.conditions > 1 else "",
        "comments": f"{estimate.comments:,}",
        "calls": f"{estimate.calls:,}",
        "prompt tokens": _tokens(estimate.prompt_tokens, measured),
        "completion tokens": _tokens(estimate.completion_tokens, measured),
        "price": "" if estimate.price_usd is None else dollars(estimate.price_usd, about=True),
    }
    found = {
        "time": duration(estimate.seconds),
        "loading the model": duration(estimate.loading_s) if estimate.loading_s >= 0.1 else "",
        "memory": f"{estimate.memory_mb:,} MB",
        "GPU memory": f"{estimate.gpu_memory_mb:,} MB" if estimate.gpu_memory_mb else "",
    }
    facts = known | found if measured else known
    title = count(estimate.calls, "call") + (f", {duration(estimate.seconds)}" if measured else "")
    priced = estimate.price_usd is not None
    notes = [_basis(estimate), *price_notes(estimate.unpriced, estimate.price_source, priced=priced)]
    shown = Facts("", tuple((name, value) for name, value in facts.items() if value))
    if estimate.batches:
        title = f"{count(estimate.calls, 'call')}, up to {count(estimate.batches, 'day')}"
    return Page("Estimate", title, (), (shown, *map(Note, notes)), None if estimate.over else _progress(estimate))


def _tokens(number: int, measured: bool) -> str:
    if measured:
        return f"{number:,}" if number else "not counted by the model"
    digits = max(0, len(str(number)) - _DIGITS)
    return f"about {round(number, -digits):,}"


def _basis(estimate: Estimate) -> str:
    if estimate.batches:
        return f"{batches_take(estimate.batches)} {_ASSUMED}"
    if not estimate.over:
        return f"Until measured, {_ASSUMED}"
    if not estimate.answers:
        return f"Time was not measured. {_ASSUMED}"
    return f"Measured on {count(estimate.answers, 'answer')}."


def _progress(estimate: Estimate) -> Share:
    if not estimate.answers:
        return Share(0.0, "Estimating … waiting for the model")
    answers = f"{estimate.answers:,} of {count(estimate.wanted, 'answer')}"
    return Share(min(1.0, estimate.answers / estimate.wanted), f"Estimating … {answers}")
