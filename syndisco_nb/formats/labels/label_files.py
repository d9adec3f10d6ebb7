"""`load_labels`: labels that other tools gave to discussions at hand."""

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.frames.scored_scales import scales_of
from syndisco_nb.backend.scale import COMMENT, Scale, check_scales
from syndisco_nb.backend.tables import DataTable, read_table
from syndisco_nb.errors import InvalidInputError, RecordError, named_arguments, require, require_int, short_repr
from syndisco_nb.formats.assembling import numbered
from syndisco_nb.formats.foreign_format import ReadOptions, format_of
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.labels.label_columns import LabelColumns, LabelLayout, LabelNames
from syndisco_nb.formats.labels.label_rows import LabelRows
from syndisco_nb.formats.load_files import check_there, read_source, sources_in
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.tables.comment_columns import named_columns
from syndisco_nb.formats.tables.comment_table import TABLE
from syndisco_nb.records import AnnotationSet, Records
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import PathLike, Skipped
from syndisco_nb.runs.sources import gather
from syndisco_nb.wording import count, more

if TYPE_CHECKING:
    import pandas as pd


@named_arguments
def load_labels(
    source: "PathLike | pd.DataFrame",
    discussions: Any,
    *,
    annotator: str | Sequence[str] | None = None,
    scales: Scale | Sequence[Scale] = (),
    labels: LabelNames = None,
    scale: str | None = None,
    discussion: str | None = None,
    index: str | None = None,
    name: str | None = None,
    text: str | None = None,
    start: int = 0,
    sheet: str | None = None,
) -> Records[AnnotationSet]:
    """Read labels that people or other tools gave to discussions, to compare them with others or to analyse them.

    A table has a row for each comment, with a column for each scale or for each annotator, or a row for each label.
    Labels find their comment by discussion and index, never by text; where there is a column of texts, they must be the
    same. Labels in other formats, such as SynDisco's logs or ``.qdpx``, find theirs as described in
    ``docs/formats.md``.

    Parameters
    ----------
    source : str, path-like or DataFrame
        A table (CSV, Excel, Parquet, JSON Lines, SPSS, Stata), a file of another format, or a folder of such files.
    discussions : Run, Study, Corpus, Transcript, iterable of Transcript, str or path-like
        The discussions that were labelled.
    annotator : str or sequence of str, optional
        The name of the annotator, such as "Perspective"; or the column of their names; or a column of labels for each
        annotator. By default, the column annotator, coder or rater.
    scales : Scale or sequence of Scale
        The scales onto which labels are read. By default, scales of the same name of labels that `discussions` hold;
        else a flag for columns of yes and no, or of scores from 0 to 1, which are probabilities of yes.
    labels : str, sequence of str or mapping, optional
        The columns of labels, or, by name of the scale, its column. By default those named like the scales; without
        scales, those of scores from 0 to 1; where rows name the scale, the column label.
    scale : str, optional
        The column of the names of scales, where each row is a label. By default scale, if there is a column label.
    discussion, index : str, optional
        The columns of the discussion's name or id, and of the comment's `Message.index`; or a column of ids that the
        table of comments had, too, and that is in `Message.meta` under its name. Without a column of the index, there
        is a row for each comment, in order, with its text, as in the table of comments itself.
    name, text : str, optional
        The columns of the participants, needed where they are labelled, and of texts to compare; "" for none.
    start : int
        The index of the first comment in the table: 1 if it counts from 1.
    sheet : str, optional
        The sheet of an Excel file; by default the first.

    Returns
    -------
    Records of AnnotationSet
        One for each discussion and annotator. A label that is not on its scale has no value; a warning counts them.

    Raises
    ------
    RecordError
        If a column is not clear, or a label cannot be joined, with its row.

    Examples
    --------
    >>> import pandas as pd
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, num_turns=2, seed=1).run()
    >>> frame = pd.DataFrame({"conv": [talk.name] * 2, "n": [0, 1], "TOXICITY": [0.25, 0.75]})
    >>> labels = load_labels(frame, talk, annotator="Perspective", index="n")
    >>> [(label.value, label.probabilities["yes"]) for label in labels[0].labels]
    [(False, 0.25), (True, 0.75)]
    """
    require(
        isinstance(source, str | os.PathLike | list) or hasattr(source, "columns"),
        f"source is {short_repr(source)}, but must be a path or a DataFrame. Labels come first, then discussions.",
        "source",
    )
    material = gather(discussions)
    require(
        material.transcripts, f"discussions is {short_repr(discussions)}, which holds no discussion.", "discussions"
    )
    found = FoundDiscussions([replace(held.record, known_as=held.unit_name) for held in material.transcripts])
    known = {name: scale for held in material.labels for name, scale in scales_of(held.record).items()}
    given = check_scales(scales)
    layout = LabelLayout(
        named_columns(discussion=discussion, index=index, name=name, text=text),
        annotator,
        labels,
        scale,
        [one.name for one in given],
        list(known),
        _needed(given, alone=len(found) == 1),
    )
    reader = _TableReader(layout, {one.name: one for one in given}, known, found, require_int("start", start, 0))
    if isinstance(source, str | os.PathLike):
        sets = _of_files(as_path("source", source), found, reader, ReadOptions(given, sheet=sheet))
    else:
        sets = reader.sets(read_table(source, where="The table", text=False), "The table")
    made = Records(numbered(sets))
    made.discussions = replace(material, labels=(), unfinished=())
    return made


def _needed(scales: Sequence[Scale], *, alone: bool) -> tuple[str, ...]:
    """Return the columns without which labels on these scales cannot be joined; there may be one discussion alone."""
    units = {scale.unit for scale in scales} or {COMMENT}
    columns = {"index": COMMENT in units, "name": "participant" in units, "discussion": not alone}
    return tuple(name for name, needed in columns.items() if needed)


@dataclass(frozen=True, slots=True)
class _TableReader:
    """The settings with which tables of labels are read."""

    layout: LabelLayout
    scales: Mapping[str, Scale]
    known: Mapping[str, Scale]
    discussions: FoundDiscussions
    start: int

    def sets(self, table: DataTable, where: str) -> list[AnnotationSet]:
        columns = LabelColumns(table.columns, table.rows, self.layout, where)
        own = {"unit", "annotator_index"} <= set(table.columns)
        return LabelRows(columns, self.scales, self.known, self.discussions, self.start, where, own).sets()


def _of_files(
    root: Path, discussions: FoundDiscussions, reader: _TableReader, options: ReadOptions
) -> list[AnnotationSet]:
    check_there(root)
    skipped: list[Skipped] = []
    sets: list[AnnotationSet] = []
    for file in sources_in(root, skipped):
        try:
            sets += _of_file(file, discussions, reader, options)
        except (RecordError, InvalidInputError) as error:
            if isinstance(error, InvalidInputError) and not root.is_dir():
                raise
            skipped.append(Skipped(file.name, str(error)))
    reasons = " ".join(one.reason for one in skipped[:3])
    if not sets:
        others = f" And {more(len(skipped) - 3)}." if len(skipped) > 3 else ""
        raise RecordError(f"No label can be read from {root}. {reasons or 'It is empty.'}{others}")
    if skipped:
        warnings.warn(f"{count(len(skipped), 'file')} left out of {root}: {reasons}", stacklevel=4)
    return sets


def _of_file(
    file: SourceFile, discussions: FoundDiscussions, reader: _TableReader, options: ReadOptions
) -> list[AnnotationSet]:
    if format_of(file) is TABLE:
        return reader.sets(read_table(file.data, where=file.name, sheet=options.sheet, text=False), file.name)
    contents = read_source(file, options)
    if not contents.labels:
        joined = " that can be joined to discussions elsewhere: load(path).annotations has its own"
        raise RecordError(f"{file.name} holds no labels{joined if contents.annotations else ''}.")
    return [one for loose in contents.labels for one in loose.join(discussions)]
