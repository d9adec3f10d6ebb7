"""`AfterPhrase`: a certain phrase was said."""

from typing import Any, Literal, get_args

from syndisco_nb.backend.stop_condition.stop_condition import StopCondition
from syndisco_nb.backend.turn_manager import History
from syndisco_nb.errors import named_arguments, require, require_text

By = Literal["anyone", "moderator", "participant"]


class AfterPhrase(StopCondition):
    """Somebody has just said a certain phrase; openings do not count.

    Parameters
    ----------
    phrase : str
        Part of a comment; capitals and line breaks make no difference.
    by : {"anyone", "moderator", "participant"}
        Who has to say it.

    Examples
    --------
    >>> str(AfterPhrase("we agree", by="moderator"))
    '“we agree” was said by the moderator'
    """

    form_label = "After a phrase"
    form_rank = 1

    @named_arguments
    def __init__(self, phrase: str, by: By = "anyone") -> None:
        require_text("phrase", phrase)
        require(phrase.strip(), "phrase is empty. Give the words that end a discussion.", "phrase")
        require(by in get_args(By), f"by is {by!r}, but must be one of: {', '.join(get_args(By))}.", "by")
        self.phrase = phrase
        self.by = by

    def holds(self, history: History) -> bool:
        """Return True if the last comment holds the phrase."""
        if not history or history[-1].role not in (get_args(By) if self.by == "anyone" else (self.by,)):
            return False
        return _folded(self.phrase) in _folded(history[-1].text)

    def settings(self) -> dict[str, Any]:
        """Return the type, the phrase and the role of its author."""
        return {**super().settings(), "phrase": self.phrase, "by": self.by}

    def __str__(self) -> str:
        author = {"anyone": "", "moderator": " by the moderator", "participant": " by a participant"}[self.by]
        return f"“{' '.join(self.phrase.split())}” was said{author}"


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
