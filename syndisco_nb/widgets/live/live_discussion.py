"""`LiveDiscussion`: a single discussion under way, to watch and to control."""

import asyncio

from syndisco_nb.jobs import Discussion
from syndisco_nb.records import Transcript, remark
from syndisco_nb.watching.discussion_watcher import DiscussionWatcher
from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.widgets.live.live_view import LiveView
from syndisco_nb.widgets.live.watched_work import WatchedWork

_PAUSE_S = 0.05
"""Seconds between two looks whether a paused discussion goes on."""


class LiveDiscussion(WatchedWork[Transcript]):
    """A single discussion under way, without a run folder: it is held in the background, and shown as a run is.

    Parameters
    ----------
    discussion : Discussion
        New or unfinished; it goes on from its last message.

    Attributes
    ----------
    discussion : Discussion
    widget, message
        As in `Live`.
    """

    def __init__(self, discussion: Discussion) -> None:
        self.discussion = discussion
        self._watcher = DiscussionWatcher(discussion)
        self._paused = False
        self._remarks: list[tuple[str, str]] = []
        actions = {action.__name__: action for action in (self.pause, self.resume, self.stop, self.inject)}
        super().__init__(LiveView(None, actions, self._watcher.unit, self._watcher.speaking), self._hold)

    @property
    def state(self) -> str:
        """The state: "running", "paused" or "stopping"; then "finished", "interrupted" or "failed"."""
        match self._work.state:
            case "done":
                return "finished"
            case "stopped":
                return "interrupted"
            case "failed":
                return "failed"
        return "stopping" if self._stopping else "paused" if self._paused else "running"

    def pause(self) -> None:
        """Ask nobody until `resume`; a comment that was asked for is awaited and kept."""
        self._set_paused(paused=True)

    def resume(self) -> None:
        """Continue after `pause`."""
        self._set_paused(paused=False)

    def stop(self) -> None:
        """Stop the discussion; all comments are kept, and it can go on later."""
        self._stopping = True
        self._work.stop()
        self._wake.set()

    def inject(self, _unit: str, text: str, name: str) -> None:
        """Add a comment before the next turn; see `Discussion.inject`."""
        self._remarks.append(remark(text, name))

    def __repr__(self) -> str:
        return f"<LiveDiscussion: {self.discussion!r}, {self.state}>"

    def _look(self) -> Snapshot:
        return self._watcher.look(self.state)

    def _find_result(self) -> Transcript | None:
        return self.discussion.transcript if self.discussion.messages else None

    def _set_paused(self, *, paused: bool) -> None:
        self._paused = paused
        self._wake.set()

    async def _hold(self) -> Transcript:
        try:
            while True:
                self._add_remarks()
                if self._paused:
                    await asyncio.sleep(_PAUSE_S)
                elif await self.discussion.astep() is None:
                    return self.discussion.transcript
                await asyncio.sleep(0)  # an instant model must not keep the loop to itself
        finally:  # what nobody could answer any more is kept all the same
            self._add_remarks()

    def _add_remarks(self) -> None:
        while self._remarks and self.discussion.opened:
            self.discussion.inject(*self._remarks.pop(0))
