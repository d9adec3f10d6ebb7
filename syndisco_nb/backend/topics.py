"""Topics: the text or the comments that open a discussion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from syndisco_nb.errors import require, require_text, within
from syndisco_nb.records import HARDCODED, Message


@dataclass(frozen=True, slots=True)
class Opening:
    """One of several comments that open a discussion."""

    text: Annotated[str, Field(min_length=1, description="The comment")]
    name: Annotated[str, Field(description="Who posts it; by default participants, one after the other")] = ""

    def __post_init__(self) -> None:
        require_text("text", self.text)
        require_text("name", self.name)
        require(self.text.strip(), "A comment of a topic is empty. Give it a text, or leave it out.", "text")

    def __str__(self) -> str:
        return f"{self.name}: {self.text}" if self.name else self.text


Topic = str | tuple[Opening, ...]
"""A text, used verbatim, or several comments."""

TopicLike = str | Sequence[str | Mapping[str, str] | Opening]
"""The accepted forms of a topic: a comment is a text, or a mapping with the author's name as well."""


def check_topics(topics: Any) -> tuple[Topic, ...]:
    """Return the topics, each as `check_topic` does, or raise `InvalidInputError`; None means no opening."""
    if topics is None:
        return ("",)
    require(
        isinstance(topics, Iterable) and not isinstance(topics, str | Mapping),
        f"topics is {topics!r}, but must be a list of texts.",
        "topics",
    )
    given = tuple(topics)
    require(given, "topics is empty. Give at least one text that opens a discussion.", "topics")
    for place, topic in enumerate(given):
        comments = isinstance(topic, Iterable) and not isinstance(topic, Mapping)
        require(
            topic.strip() if isinstance(topic, str) else comments,
            f"A topic is {topic!r}, but must be text that is not empty, or a list of comments. For discussions without "
            "an opening, give topics=None to a DiscussionExperiment.",
            f"topics.{place}",
        )
    return tuple(_checked_topic(topic, "topics", place) for place, topic in enumerate(given))


def check_topic(topic: Any) -> Topic:
    """Return the topic, or raise `InvalidInputError`; a single comment without an author becomes its text."""
    return _checked_topic(topic, "topic")


def _checked_topic(topic: Any, *path: str | int) -> Topic:
    """Return the topic as `check_topic` does; `path` is its place in the arguments, for errors."""
    field = ".".join(map(str, path))
    if isinstance(topic, str):
        require_text(field, topic)
        require(not topic or topic.strip(), "topic is white space. Give a text, or leave it out.", field)
        return topic
    require(
        isinstance(topic, Iterable) and not isinstance(topic, Mapping),
        f"topic is {topic!r}, but must be text, or a list of comments: texts, or mappings such as "
        "{'name': 'Ana', 'text': 'I agree.'}.",
        field,
    )
    comments = []
    for place, comment in enumerate(topic):
        with within(*path, place):
            comments.append(_opening(comment))
    require(comments, "A topic has no comments. Give it one, or a text.", field)
    return comments[0].text if len(comments) == 1 and not comments[0].name else tuple(comments)


def plain_topic(topic: Topic) -> Any:
    """Return the topic as plain data, which `check_topic` accepts."""
    if isinstance(topic, str):
        return topic
    return [{"name": opening.name, "text": opening.text} if opening.name else opening.text for opening in topic]


def topic_title(topic: Topic) -> str:
    """Return the topic's text, or the text of its first comment."""
    return topic if isinstance(topic, str) else topic[0].text


def topic_authors(topic: Topic) -> list[str]:
    """Return the names of the authors of comments."""
    return [] if isinstance(topic, str) else [opening.name for opening in topic if opening.name]


def opening_messages(topic: Topic, opener: str, names: Sequence[str]) -> list[Message]:
    """Return the messages that open a discussion on the topic.

    Parameters
    ----------
    topic : Topic
    opener : str
        The author of the first comment without an author. Those after `opener` in `names` post the next ones.
    names : sequence of str
        The participants, in order.
    """
    comments = topic if isinstance(topic, tuple) else (Opening(topic),) if topic else ()
    start = names.index(opener) if opener in names else len(names)
    posters = [opener, *names[start + 1 :], *names[:start]]
    nameless = [place for place, comment in enumerate(comments) if not comment.name]
    return [
        Message(
            index=place,
            turn=0,
            name=comment.name or posters[nameless.index(place) % len(posters)],
            text=comment.text,
            model=HARDCODED,
            role="opening",
        )
        for place, comment in enumerate(comments)
    ]


def _opening(comment: Any) -> Opening:
    if isinstance(comment, Opening):
        return comment
    fields = {"text": comment} if isinstance(comment, str) else comment
    require(
        isinstance(fields, Mapping) and "text" in fields and set(fields) <= {"name", "text"},
        f"A comment of a topic is {comment!r}, but must be text, or a mapping such as "
        "{'name': 'Ana', 'text': 'I agree.'}.",
    )
    return Opening(fields["text"], fields.get("name") or "")
