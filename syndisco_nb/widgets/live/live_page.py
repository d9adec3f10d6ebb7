"""The pages of a run or discussion that is watched: the result, and the error that ended it, if any."""

from dataclasses import replace

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Page
from syndisco_nb.display.registry import make_page
from syndisco_nb.widgets.live.live import Live
from syndisco_nb.widgets.live.live_discussion import LiveDiscussion


@make_page.register
def live_page(live: Live, limits: Limits) -> Page:
    """Return the page of a run that is or was watched."""
    result = live.result
    note = [Note(live.message, warning=True)] if live.message else []
    if result is None:
        return Page("Run", str(live.folder), (("status", live.state),), tuple(note))
    page = make_page(result, limits)
    return replace(page, blocks=(*note, *page.blocks))


@make_page.register
def live_discussion_page(live: LiveDiscussion, limits: Limits) -> Page:
    """Return the page of a discussion that is or was watched: its transcript, and the error that ended it, if any."""
    note = [Note(live.message, warning=True)] if live.message else []
    page = make_page(live.discussion.transcript, limits)
    return replace(page, blocks=(*note, *page.blocks))
