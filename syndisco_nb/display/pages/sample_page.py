"""Page of a sample of comments, which does not tell the condition of a comment."""

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Page, Table
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.experiments.comment_sample import CommentSample
from syndisco_nb.wording import count, shortened


@make_page.register
def comment_sample_page(sample: CommentSample, limits: Limits) -> Page:
    """Return the page of a sample: numbers by condition, then the comments in their order, without conditions."""
    drawn = sample.drawn
    facts = {
        "seed": str(sample.seed),
        "comments of": ", ".join(f"{role}s" for role in sample.roles),
        "left out": str(sample.left_out),
    }
    rows = tuple((condition or "all", number, drawn[condition]) for condition, number in sample.population.items())
    comments = limited_table(
        "Comments in their order",
        ("", ""),
        sample.messages(),
        lambda comment: (comment.name, shortened(comment.text, limits.max_text)),
        limits,
        ".messages()",
    )
    fewer = [condition or "the discussions" for condition, number in drawn.items() if number < sample.per_condition]
    notes = (Note(f"All comments of {', '.join(fewer)} are in the sample, fewer than asked for."),) if fewer else ()
    return Page(
        "Sample of comments",
        f"{len(sample):,} of {count(sum(sample.population.values()), 'comment')}, at random",
        tuple((name, value) for name, value in facts.items() if value),
        (
            Table("Conditions" if any(sample.population) else "Drawn", ("", "comments", "in the sample"), rows),
            *notes,
            comments,
        ),
    )
