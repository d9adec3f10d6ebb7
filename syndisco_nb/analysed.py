"""Mixin for whatever holds records of several discussions: tables and analysis of all of them."""

from typing import TYPE_CHECKING, Any

from syndisco_nb import doors
from syndisco_nb.shown import Viewed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

    from syndisco_nb.doors import Agreement, Checks, CommentSample, Transcript


class Tabulated:
    """An object whose records can be had as a table."""

    __slots__ = ()

    def to_dataframe(self, what: str | None = None, *, wide: bool = False, roles: Any = None) -> "pd.DataFrame":
        """Return a table of all that is known of each message, label, discussion or participant.

        Columns come in this order: ``condition`` and ``condition_SETTING`` (the level of each varied setting; of a
        study alone), ``discussion``, ``discussion_id``, ``discussion_index``, then those below. Attributes of a
        speaker's persona are columns ``speaker_ATTRIBUTE``, where the discussions are at hand. An empty table has
        the same columns.

        - "messages": ``index``, ``turn``, ``name``, ``role``, ``text``, ``silent``, ``counted`` (whether it is a
          participant's generated comment), ``speaks_for``, ``model``, ``finish_reason``, ``prompt_tokens``,
          ``completion_tokens``, ``seconds``.
        - "labels": ``unit``, ``index``, ``turn``, ``name``, ``role``, ``text``, ``annotator``, ``annotator_index``,
          ``scale``, ``label`` (typed if all scales have one type), ``expected`` (Σ k·p(k) of a scored scale, p(yes)
          of a flag; NaN without probabilities), ``value`` (``expected`` where known, else the label as a number),
          ``probabilities`` (a mapping), ``position`` (place of the label, from 1, among the options in the prompt),
          ``mass``, ``model``.
        - "discussions": ``seed``, ``topic``, ``participants``, ``moderator``, ``turns``, ``comments``, ``words``,
          ``silences``, ``ended``, and, for each scale at hand, the mean ``value``.
        - "participants": ``name``, ``role``, ``model``, ``comments``, ``words``, ``silences``, ``share`` (of the
          comments in the table), and, for each scale at hand, the mean ``value``.

        Parameters
        ----------
        what : {"messages", "labels", "discussions", "participants"}, optional
            The rows. By default labels of labels, and messages of discussions.
        wide : bool
            Of labels: one row per comment and annotator, with a typed column for each scale, ``SCALE_expected`` and
            ``SCALE_p_LABEL`` beside it.
        roles : str or collection of str, optional
            Whose comments count: "participant", "moderator", "opening" and "guest", or "all". By default participants'
            generated comments; of messages, all. Silences are among the messages alone.

        Returns
        -------
        DataFrame
            ``attrs["left_out"]`` says how many comments or labels were left out, by reason.

        Raises
        ------
        InvalidInputError
            If there is no such table or role.
        """
        return doors.to_dataframe(self, what, wide, roles)


class Analysed(Tabulated, Viewed):
    """An object that holds the records of several discussions, and answers questions about all of them."""

    __slots__ = ()

    def agreement(self, *others: Any) -> "Agreement":
        """Measure the agreement of the annotators of these labels and of others; see `syndisco_nb.agreement`."""
        return doors.agreement(self, *others)

    def measures(self, *own: "Callable[[Transcript], Any]", roles: Any = None) -> "pd.DataFrame":
        """Return measures of what was said, one row per discussion.

        The first columns are those of `to_dataframe`; then follow those below, float unless said otherwise, NaN where
        a measure is not defined. Shares are from 0 to 1. Where labels are at hand, there are ``SCALE``, the mean of
        its values, and ``SCALE_slope``, their least-squares change per turn (``SCALE_label``, if a scale is called as
        a measure).

        - Texts: ``comments`` (int; their number), ``length`` (words per comment), ``length_characters``, ``diversity``
          (1 − mean ROUGE-L F1 of all pairs of comments), ``distinct_1`` and ``distinct_2`` (different words, and pairs
          of words, as a share of all), ``repetition`` (share of comments that repeat an earlier one of the same
          speaker, ROUGE-L F1 of .8 or more), ``verbatim_repetition``, ``copied_prompt`` (share of comments with 8
          successive words of the speaker's prompt, comments in it aside).
        - Faults: shares of comments that begin with the speaker's ``own_name``, have ``lines_for_others``, have
          ``assistant_phrases`` ("As an AI language model"; English alone), or are ``truncated``; ``empty``, share of
          turns on which nothing was said.
        - Language: ``language`` (string; a code of ISO 639, missing where uncertain), ``other_language`` (share of
          comments in another). Texts of fewer than 20 letters are not decided.
        - Turn taking: ``speaker_returns`` (share of comments, from the third, by whoever wrote the last but one),
          ``gap`` (comments of others between two of one speaker), ``entropy`` of the speakers' shares (bits) and
          ``evenness`` (entropy as a share of its greatest value), ``gini``. Participants who say nothing count. Each
          speaker's share is in the table of "participants".

        Parameters
        ----------
        *own : callable
            Functions of your own: each takes a `Transcript` that holds only the comments and silences that count, and
            returns a number, a text or None, in a column of the function's name; or a mapping of columns to these.
        roles : str or collection of str, optional
            Whose comments count, as in `to_dataframe`: by default participants' generated comments.

        Returns
        -------
        DataFrame
            ``attrs["left_out"]`` says how many messages were left out, by reason.

        Raises
        ------
        InvalidInputError
            If a function fails, with the discussion, or gives something else.
        """
        return doors.measures(self, *own, roles=roles)

    def sample(
        self, per_condition: int = 20, seed: int = 0, roles: "str | Collection[str] | None" = None
    ) -> "CommentSample":
        """Draw comments at random, the same number of each condition, for people to label.

        Parameters
        ----------
        per_condition, seed, roles
            As for `syndisco_nb.sample_comments`.
        """
        return doors.sample_comments(self, per_condition, seed, roles)

    def checks(self) -> "Checks":
        """Check whether what was configured really happened, and whether labels are fit to be used.

        Turn taking, first speakers, participants and topics drawn, moderator, settings, window, silences, replies that
        were cut off, copies, seeds; of a study, whether conditions differ only in what was varied; of labels, whether
        they are on their scale, vary, and agree with those of others. Labels bring their discussions along.

        Returns
        -------
        Checks
            Failures first. Each check has a name, a status ("pass", "warn", "fail" or "cannot tell"), its figure and
            the expected one. Tests are corrected together (Holm), so that a false alarm anywhere has a probability of
            .05 at most.
        """
        return doors.checks(self)
