"""Checks of prompts: whether participants and annotators saw the comments that their window holds."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.finding import Finding, exact, undecided
from syndisco_nb.backend.prompts import prompt_format_of
from syndisco_nb.backend.window import window_of_label, windowed
from syndisco_nb.records import ChatMessage, Message, Participant
from syndisco_nb.wording import count

Prompt = Sequence[ChatMessage]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A prompt on record, and all that it is made from.

    `comments` returns those in a window of so many comments, of the messages `before`.
    """

    prompt: Prompt
    actor: Participant
    window: int
    comments: Callable[[int], Sequence[Message]]
    before: int

    def shows(self, window: int, make: Callable[..., Prompt]) -> bool:
        """Return whether the prompt is that of a window, but for what stands behind it.

        That is the question of a scale and, for a person who labels, the labels of others that they looked at.
        """
        *first, last = make(self.actor, self.comments(window))
        found = self.prompt[len(first)] if len(self.prompt) > len(first) else None
        if found is None or list(self.prompt[: len(first)]) != first or found.role != last.role:
            return False
        return found.content == last.content or found.content.startswith(f"{last.content}\n\n")


_OWN = "The prompts are made by a function of your own, so their comments cannot be counted here."


def window(records: ConditionRecords) -> Finding | None:
    """Check whether each recorded prompt of a speaker shows exactly the comments that the window holds.

    The prompt is made once more, from the description of its speaker and the messages before; where it differs, other
    numbers of comments are tried.
    """
    return _finding(_speakers_prompts(records), "participants")


def label_window(records: ConditionRecords) -> Finding | None:
    """Check whether each recorded prompt of an annotator shows exactly the comments that the window holds.

    As `window`; labels whose discussions are not at hand, and those of participants or whole discussions, are left out.
    """
    return _finding(_annotators_prompts(records), "annotators")


def _finding(prompts: Iterator[_Asked], who: str) -> Finding | None:
    """Compare prompts on record with those that follow from the settings."""
    n, own, asked = 0, 0, 0
    seen: Counter[int | None] = Counter()
    for one in prompts:
        make = prompt_format_of(one.actor.prompt_format)
        if make is None:
            own += 1
            continue
        n += 1
        asked = one.window
        if not one.shows(asked, make):
            seen[next((window for window in range(one.before + 1) if one.shows(window, make)), None)] += 1
    if not n:
        return undecided(_OWN) if own else None
    usual = seen.most_common(1)[0][0] if seen else None
    how = "something else differs, such as their instructions" if usual is None else f"most show the last {usual}"
    explanation = (
        f"{count(seen.total(), 'prompt')} of {n:,} do not show the comments that the window of {asked} holds: {how}. "
        f"The {who} saw something else than the settings say."
    )
    return exact(seen.total(), n, explanation)


def _speakers_prompts(records: ConditionRecords) -> Iterator[_Asked]:
    for talk in records.transcripts:
        asked, counts = talk.settings.get("window"), talk.settings.get("window_counts", "all")
        people = {user.name: user for user in talk.users}
        moderators = {talk.moderator.name: talk.moderator} if talk.moderator else {}
        inherited = talk.parent.messages if talk.parent else 0
        messages = talk.messages
        for place, message in enumerate(messages):
            speaker = (moderators if message.role == "moderator" else people).get(message.name)
            if message.generation and speaker and asked and place >= inherited:
                comments = partial(windowed, messages[:place], counts=counts)
                yield _Asked(message.generation.prompt, speaker, asked, comments, place)


def _annotators_prompts(records: ConditionRecords) -> Iterator[_Asked]:
    talks = {talk.id: talk for talk in records.transcripts}
    for labels in records.labels:
        asked, counts = labels.settings.get("window"), labels.settings.get("window_counts", "all")
        talk = talks.get(labels.discussion_id)
        places = {comment.index: place for place, comment in enumerate(talk.comments)} if talk else {}
        for label in labels.labels:
            place = None if label.comment is None else places.get(label.comment)
            if talk and asked and place is not None:
                comments = partial(window_of_label, talk.comments[: place + 1], counts=counts)
                yield _Asked(label.generation.prompt, labels.annotator, asked, comments, place + 1)
