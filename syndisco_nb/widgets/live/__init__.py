"""The live view of a run: its progress, its discussions as they are written, and its control."""

from syndisco_nb.widgets.live import live_page  # noqa: F401  (registers the page)
from syndisco_nb.widgets.live.live import Live, watch
from syndisco_nb.widgets.live.live_discussion import LiveDiscussion
from syndisco_nb.widgets.live.watched_work import WatchedWork

__all__ = ["Live", "LiveDiscussion", "WatchedWork", "watch"]
