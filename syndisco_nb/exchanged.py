"""Mixin that gives a class its exports to the formats of other tools."""

from pathlib import Path
from typing import TYPE_CHECKING

from syndisco_nb import doors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syndisco_nb.doors import ChatForm, PathLike, Scale, SynDiscoVersion


class Exchanged:
    """An object whose discussions, and labels, can be written in the formats of other tools."""

    __slots__ = ()

    def to_chat(self, path: "PathLike", form: "ChatForm" = "openai", *, speaker: str | None = None) -> Path:
        """Write the discussions as a chat file, for example to train a model on them; return its path.

        Comments alone are written, in order. This is not the prompt that a model was sent: that stands in
        `Message.generation`. See ``docs/formats.md`` for what is lost.

        Parameters
        ----------
        path : str or path-like
            The file; replaced if it exists.
        form : {"openai", "sharegpt", "chatml"}
            JSON Lines as OpenAI's API takes them, a JSON list as of ShareGPT, or ChatML as text.
        speaker : str, optional
            The point of view: this speaker's comments are the assistant's, and those of others are a user's, as in
            "Ben: Why?"; discussions without this speaker are left out. "each" writes a conversation for every speaker
            of every discussion. By default, every comment is a user's, and the speaker is its ``name``.

        Raises
        ------
        InvalidInputError
            If nobody of this name speaks, or a comment holds ChatML's own marks.
        """
        return doors.write_chat(self, path, form, speaker)

    def to_qdpx(self, path: "PathLike") -> Path:
        """Write a project for QualCoder, MAXQDA, ATLAS.ti, NVivo and other programs of qualitative analysis.

        Discussions are its sources, comments the selections in them, scales its codes with a code below for each label,
        annotators its users, speakers its cases, and conditions its variables. `syndisco_nb.load_labels` reads the
        codes that people give there. See ``docs/formats.md`` for what is lost.

        Parameters
        ----------
        path : str or path-like
            The file, which ends in .qdpx; replaced if it exists.

        Raises
        ------
        InvalidInputError
            If it has another ending, or there are no discussions.
        """
        return doors.write_qdpx(self, path)

    def to_convokit(self, folder: "PathLike") -> Path:
        """Write the discussions and their labels as a ConvoKit corpus; return its folder.

        ``convokit.Corpus(filename=folder)`` opens it. Labels are in the meta of utterances and conversations, with the
        mean of each scale under its name; so are the conditions of a study. See ``docs/formats.md`` for what is lost.

        Parameters
        ----------
        folder : str or path-like
            Made if it is not there; a corpus in it is replaced.

        Raises
        ------
        InvalidInputError
            If the folder holds something else, there is no discussion, or one is missing of which there are labels.
        """
        return doors.write_convokit(self, folder)

    def to_syndisco(self, folder: "PathLike", version: "SynDiscoVersion" = "2.2") -> Path:
        """Write the discussions and labels as SynDisco's logs, for programs that were made for them; return the folder.

        The logs of discussions are in its folder ``discussions``, those of annotators in ``annotations``; in these,
        each condition of a study has a folder. Labels of participants and whole discussions are left out. See
        ``docs/formats.md`` for what else is lost.

        Parameters
        ----------
        folder : str or path-like
            Made if it is not there; logs of the same names are replaced.
        version : {"1.0", "2.0", "2.1", "2.2"}
            The version of SynDisco whose form the logs have: 1.0.2, 2.0.8, 2.1.0 or 2.2.1.

        Raises
        ------
        InvalidInputError
            If there is no such version, there is something else in the folder, no discussion, or one is missing of
            which there are labels.
        """
        return doors.write_syndisco(self, folder, version)

    def to_label_studio(
        self, folder: "PathLike", scales: "Scale | Sequence[Scale] | None" = None, *, labels: bool = True
    ) -> Path:
        """Write tasks for Label Studio, where people label comments in the browser; return the folder.

        For comments there are ``comments.json``, to be imported there, and ``comments.xml``, the configuration of the
        labelling interface; the same for scales of participants and of whole discussions. `syndisco_nb.load_labels`
        reads the labels out of the JSON that Label Studio exports. See ``docs/formats.md`` for what is lost.

        Parameters
        ----------
        folder : str or path-like
            A new folder, or one with an earlier version of these files alone.
        scales : Scale or sequence of Scale, optional
            The questions; by default those of the labels at hand.
        labels : bool
            Whether the labels at hand go along as predictions, which people may see. False for labels that must not be
            swayed by them, as those against which a model is validated.

        Raises
        ------
        InvalidInputError
            If there are no discussions, or no scales, or other files in the folder.
        """
        return doors.write_label_studio(self, folder, scales, labels)

    def to_r(self, folder: "PathLike") -> Path:
        """Write tables for R, with a codebook and a script that repeats the contrasts there; return the folder.

        ``labels.csv`` has a row for each label, ``messages.csv`` one for each comment and silence; ``codebook.csv`` and
        ``codebook.md`` say the type, unit and meaning of every column. Where several conditions have labels that are
        numbers, ``analysis.R`` compares them, in the pairs of ``comparisons.csv``: t-tests without any package, mixed
        models with lme4, ordinal ones with ordinal.

        Parameters
        ----------
        folder : str or path-like
            A new folder, or one with an earlier version of these files alone.

        Raises
        ------
        InvalidInputError
            If there is nothing to write, or there are other files in the folder.
        """
        return doors.write_r(self, folder)

    def to_inspect(self, path: "PathLike") -> Path:
        """Write the discussions and their labels as a log of Inspect; return its path.

        ``inspect view`` shows it, and `inspect_ai.analysis` makes tables of it: a discussion is a sample, a comment a
        message, and the labels of an annotator on a scale are a score, whose value is their mean. See
        ``docs/formats.md`` for what is lost.

        Parameters
        ----------
        path : str or path-like
            The file, which ends in .eval; replaced if it exists.

        Raises
        ------
        InvalidInputError
            If it has another ending, there is no discussion, or one is missing of which there are labels.
        """
        return doors.write_inspect(self, path)
