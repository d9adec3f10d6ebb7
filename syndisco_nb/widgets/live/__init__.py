"""The live view of a run: progress, what is being said, and a hand in it."""

from syndisco_nb.widgets.live import live_page  # noqa: F401  (registers the page)
from syndisco_nb.widgets.live.live import Live, watch

__all__ = ["Live", "watch"]
