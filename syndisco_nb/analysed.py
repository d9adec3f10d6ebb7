"""Mixin for whatever holds records of several discussions: tables and analysis of all of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb import doors
from syndisco_nb.exchanged import Exchanged
from syndisco_nb.shown import Viewed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd
    from matplotlib.axes import Axes

    from syndisco_nb.doors import (
        Agreement,
        Checks,
        CommentSample,
        Contrast,
        FigureAxes,
        Level,
        Part,
        PathLike,
        Plan,
        Report,
        Transcript,
        Validation,
    )


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
          ``completion_tokens``, ``seconds``; of discussions from elsewhere also ``reply_to`` (``index`` of the comment
          answered) and ``meta_KEY`` (whatever else was recorded; lists and mappings as JSON).
        - "labels": ``unit``, ``index``, ``turn``, ``name``, ``role``, ``text``, ``annotator``, ``annotator_index``,
          ``scale``, ``label`` (typed if all scales have one type), ``expected`` (Σ k·p(k) of a scored scale, p(yes)
          of a flag; NaN without probabilities), ``value`` (``expected`` where known, else the label as a number),
          ``probabilities`` (a mapping), ``position`` (place of the label, from 1, among the options in the prompt),
          ``mass``, ``model``.
        - "discussions": ``seed``, ``topic``, ``participants``, ``moderator``, ``turns``, ``comments``, ``words``,
          ``silences``, ``ended``, and, for each scale at hand, the mean ``value``; of discussions from elsewhere also
          ``meta_KEY``.
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
            ``attrs["left_out"]`` says how many comments or labels were left out, by reason, and
            ``attrs["unfinished"]`` who has not given all labels yet, as in "Dana has given 3 of 14 labels so far."

        Raises
        ------
        InvalidInputError
            If there is no such table or role.
        """
        return doors.to_dataframe(self, what, wide, roles)


class Analysed(Tabulated, Exchanged, Viewed):
    """An object that holds the records of several discussions, and answers questions about all of them."""

    __slots__ = ()

    def agreement(self, *others: Any, level: "Level | None" = None, roles: Any = None, seed: int = 0) -> "Agreement":
        """Measure the agreement of the annotators of these labels and of others; see `syndisco_nb.agreement`.

        Parameters
        ----------
        *others, level, roles, seed
            As for `syndisco_nb.agreement`.
        """
        return doors.agreement(self, *others, level=level, roles=roles, seed=seed)

    def validate(
        self,
        gold: Any,
        *,
        level: "Level | None" = None,
        roles: Any = None,
        test_share: float | None = None,
        part: "Part" = "test",
        random: bool | None = None,
        epsilon: float = 0.2,
        seed: int = 0,
    ) -> "Validation":
        """Compare these labels with people's, to know whether they may be trusted.

        For each scale and annotator: accuracy, macro F1, precision and recall of each label, confusion, Krippendorff's
        alpha and Gwet's AC1 and AC2, bias, polarisation (nDFU), each with its interval by bootstrap over discussions;
        the alternative-annotator test where two people or more labelled; and, where people labelled a random sample,
        means of the conditions and their differences corrected for the annotator's error.

        Parameters
        ----------
        gold : Labelling, Run, Study, AnnotationSet, iterable of AnnotationSet, str or path-like
            Labels by one person, or several; unfinished ones count. Where several labelled a comment, each counts as
            a share.
        level : {"nominal", "ordinal", "interval"}, optional
            The level of measurement of scales of numbers; "interval" suits those from 0 to 100. By default ordinal.
        roles : str or collection of str, optional
            Whose comments count: by default participants'. "all" for all.
        test_share : float, optional
            Share of the discussions with people's labels that is held out. Choose prompts and models on the others
            (``part="tuning"``), and report the figures of the part held out: nobody tunes on the test. By default, all
            discussions count.
        part : {"test", "tuning"}
            The part that counts, if `test_share` is given.
        random : bool, optional
            Whether the comments that people labelled are a random sample; by default, as their labelling records it.
        epsilon : float
            For the alternative-annotator test: .2 for experts, .15 for skilled annotators, .1 for crowd workers.
        seed : int
            Of the split and of the bootstrap.

        Returns
        -------
        Validation

        Raises
        ------
        InvalidInputError
            If there are no labels in common, or a scale is not the same to all.
        """
        return doors.validate(
            self,
            gold,
            level=level,
            roles=roles,
            test_share=test_share,
            part=part,
            random=random,
            epsilon=epsilon,
            seed=seed,
        )

    def measures(self, *own: "Callable[[Transcript], Any]", roles: Any = None) -> "pd.DataFrame":
        """Return measures of what was said, one row per discussion.

        The first columns are those of `to_dataframe`; then follow those below, float unless said otherwise, NaN where
        a measure is not defined. Shares are from 0 to 1. Where labels are at hand, there are ``SCALE``, the mean of
        its values, and, of comments, ``SCALE_slope``, their least-squares change per turn (``SCALE_label``, if a scale
        is called as another column).

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

    def contrast(
        self,
        measure: "str | Callable[[Transcript], float]",
        by: str | None = None,
        *,
        label: bool | int | str | None = None,
        roles: Any = None,
        baseline: str | None = None,
        level: float = 0.95,
        draws: int = 2000,
        seed: int = 0,
        human: Any = None,
    ) -> "Contrast":
        """Compare conditions by a measure: the difference between levels of a setting, with interval and effect size.

        A discussion has one value: the mean of its comments, each of which is the mean over annotators. The label of
        a scored scale is its expected value. Discussions of one number are compared in pairs, since they have the
        same topic and participants, unless these turn out to differ. Intervals are from bootstrap over pairs, or over
        discussions, and exact for 20 or more; p is of the paired t-test, or Welch's. Several levels are each compared
        with the baseline, with Holm's correction. Over the levels of other settings, a contrast averages.

        Parameters
        ----------
        measure : str or callable
            A scale of the labels; one of `measures`; or a function of a `Transcript` that holds only what counts.
        by : str, optional
            The varied setting to contrast; by default the only one. "condition" compares whole conditions.
        label : bool, int or str, optional
            Contrast the share of this label of a scale, as for a `Choice`, instead of its mean.
        roles : str or collection of str, optional
            Whose comments count, as in `to_dataframe`: by default participants' generated comments.
        baseline : str, optional
            The level with which the others are compared; the first by default.
        level : float
            Confidence level of the intervals.
        draws, seed : int
            Number of bootstrap resamples, and their seed.
        human : run, labels, folder or whatever else holds records, optional
            A human corpus: adds the Jensen–Shannon divergence of each level's distribution from it.

        Returns
        -------
        Contrast
            With `difference`, `interval`, `p`, `n`, `effect_size`, `levels`, `warnings`, `method`, `to_dataframe()`,
            `plot()` and `table(path)`.

        Raises
        ------
        InvalidInputError
            If there is no such measure, setting or label, or only one condition.

        Examples
        --------
        >>> import tempfile
        >>> import syndisco_nb as snb
        >>> builder = (
        ...     snb.ExperimentBuilder(seed=7)
        ...     .model(snb.ScriptedModel(["I agree.", "Why?", "No, no, no."]))
        ...     .participants([snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")])
        ...     .topics(["Ban cars?"])
        ...     .vary(moderator={"none": None, "facilitator": "Keep it civil."})
        ...     .turns(3)
        ... )
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     effect = builder.run(folder).contrast("length", by="moderator")
        >>> effect.n, effect.levels[0].level, effect.left_out.counts["opening"]
        (5, 'none', 10)
        """
        settings = {"label": label, "roles": roles, "baseline": baseline, "human": human}
        return doors.contrast(self, measure, by, level=level, draws=draws, seed=seed, **settings)

    def table(self, path: "PathLike", *, roles: Any = None) -> Path:
        """Write a table of the discussions of each condition, as a paper's first one, to a file; return its path.

        It has the number of discussions, comments, words, silences and truncated comments, and the means of the labels
        at hand.

        Parameters
        ----------
        path : str or path-like
            Ends in .tex (LaTeX; needs booktabs, tabularx and threeparttable), .docx (Word) or .html; the file is
            replaced if it exists.
        roles : str or collection of str, optional
            Whose comments count, as in `to_dataframe`.

        Raises
        ------
        InvalidInputError
            If the file has another ending, or there are no discussions.
        MissingDependencyError
            If maketables is not installed, which the extra ``paper`` brings.
        """
        return doors.save_descriptive_table(self, path, roles)

    def plan(
        self,
        measure: "str | Callable[[Transcript], float]",
        difference: float,
        by: str | None = None,
        *,
        power: float = 0.8,
        label: bool | int | str | None = None,
        roles: Any = None,
        draws: int = 2000,
        seed: int = 0,
    ) -> "Plan":
        """Find the number of discussions that each condition needs for a difference to be found, from this pilot.

        The pilot's discussions (pairs, where they are paired) are drawn with replacement and shifted to the wanted
        difference; the power is the share of such studies in which `contrast` has a p below .05.

        Parameters
        ----------
        measure : str or callable
            As in `contrast`.
        difference : float
            The smallest difference worth finding, in the unit of the measure.
        by : str, optional
            As in `contrast`.
        power : float
            The wanted probability to find it.
        label, roles
            As in `contrast`.
        draws, seed : int
            Number of simulated studies of each size, and their seed.

        Returns
        -------
        Plan
            With `discussions`, `likely`, `rows`, `warnings`, `method`, `to_dataframe()` and `plot()`.

        Raises
        ------
        InvalidInputError
            If the difference is 0, or the pilot has fewer than three discussions or pairs, or they do not vary.
        """
        settings = {"power": power, "label": label, "roles": roles, "draws": draws, "seed": seed}
        return doors.plan(self, measure, difference, by, **settings)

    def plot(
        self,
        measure: "str | Callable[[Transcript], float] | None" = None,
        kind: str | None = None,
        *,
        by: str | None = None,
        label: bool | int | str | None = None,
        roles: Any = None,
        seed: int = 0,
        ax: "Axes | None" = None,
    ) -> "FigureAxes":
        """Draw a scale or a measure, with a 95% interval over discussions for each condition.

        Parameters
        ----------
        measure : str or callable, optional
            A scale of the labels; one of `measures`; or a function of a `Transcript` that holds only what counts.
        kind : {"turns", "discussions", "speakers"}, optional
            - "turns": the mean at each turn, a line with a band for each condition; the default of scales.
            - "discussions": a dot for each discussion, with the mean; the default of measures.
            - "speakers": the share of the comments that each speaker wrote; the default without a measure.
        by : str, optional
            The varied setting whose levels are drawn; by default the only one, else whole conditions.
        label : bool, int or str, optional
            The label of a scale whose share is drawn, instead of the mean.
        roles : str or collection of str, optional
            Whose comments count, as in `to_dataframe`: by default participants' generated comments.
        seed : int
            Seed of the bootstrap.
        ax : matplotlib Axes, optional
            Axes to draw on, instead of a new figure.

        Returns
        -------
        FigureAxes
            Axes of matplotlib. A notebook shows them as an image; ``save("toxicity.pdf")`` writes PNG, SVG or PDF, and
            ``alt`` is the alternative text.

        Raises
        ------
        InvalidInputError
            If there is no such measure, kind, setting or label.
        """
        return doors.plot(self, measure, kind, by=by, label=label, roles=roles, seed=seed, ax=ax)

    def report(
        self,
        path: "PathLike | None" = None,
        *,
        question: str = "",
        by_hand: Any = None,
        roles: Any = None,
        draws: int = 2000,
        seed: int = 0,
    ) -> "Report":
        """Put everything on one page: claim and doubts, design, checks, labels, effects, examples, methods, deviations.

        A part that cannot be computed says why. Every scale is contrasted by every varied setting.

        Parameters
        ----------
        path : str or path-like, optional
            The file to write, which needs no other: a web page that ends in .html, or Markdown that ends in .md.
        question : str
            The question of the study, which becomes the title.
        by_hand : Labelling, Run, iterable of AnnotationSet, str or path-like, optional
            Labels by people, against which these labels are validated.
        roles : str or collection of str, optional
            Whose comments count, as in `to_dataframe`: by default participants' generated comments.
        draws, seed : int
            Number of bootstrap resamples, and their seed.

        Returns
        -------
        Report
            With `doubts`, the reasons not to believe the claim, and all parts.

        Raises
        ------
        InvalidInputError
            If the file has another ending, or there is nothing to report.
        """
        return doors.report(self, path, question=question, by_hand=by_hand, roles=roles, draws=draws, seed=seed)
