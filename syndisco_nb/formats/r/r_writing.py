"""Write labels and messages as tables for R, with a codebook and a script that fits the models of a contrast."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.counted import PARTICIPANTS
from syndisco_nb.analysis.frames.label_frame import label_frame
from syndisco_nb.analysis.frames.message_frame import message_frame
from syndisco_nb.errors import require
from syndisco_nb.formats.r.r_codebook import codebook_entries, codebook_markdown
from syndisco_nb.formats.r.r_comparisons import comparison_frame
from syndisco_nb.formats.target_folder import save_folder
from syndisco_nb.records.unit_names import discussion_index
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.sources import Material, gather
from syndisco_nb.wording import as_answered

if TYPE_CHECKING:
    import pandas as pd

SCRIPT = Path(__file__).with_name("analysis.R")


def write_r(source: Any, folder: PathLike) -> Path:
    """Write tables and a script for R; see `Exchanged.to_r`.

    Parameters
    ----------
    source : object
        Anything that `gather` takes.
    folder : str or path-like
    """
    import pandas as pd

    material = gather(source)
    require(
        material.transcripts or material.labels,
        "There are no discussions and no labels to write. Give a run, study or corpus with some.",
        "folder",
    )
    tables = {"messages.csv": message_frame(material)} if material.transcripts else {}
    tables |= {"labels.csv": _labels(material)} if material.labels else {}
    comparisons = comparison_frame(material)
    tables |= {"comparisons.csv": comparisons} if len(comparisons) else {}
    entries = codebook_entries(tables)
    codebook = pd.DataFrame([asdict(entry) for entry in entries])
    files = {name: _csv(table) for name, table in {**tables, "codebook.csv": codebook}.items()}
    files["codebook.md"] = (codebook_markdown(entries) + _about_script(material, comparisons)).encode()
    if len(comparisons):
        files[SCRIPT.name] = SCRIPT.read_bytes()
    return save_folder(folder, files)


def _labels(material: Material) -> "pd.DataFrame":
    """Return a row per label, whatever its role, with texts where a column holds other things."""
    table = label_frame(material, "all")
    answers = table.label.astype("object")  # True as Python's own, which is a "yes"
    table["label"] = [
        None if missing else as_answered(one) for one, missing in zip(answers, answers.isna(), strict=True)
    ]
    table["probabilities"] = [None if one is None else json.dumps(dict(one)) for one in table.probabilities]
    table["discussion_index"] = table.discussion_index.fillna(table.discussion.map(discussion_index).astype("Int64"))
    counted = table.role.isna() | table.role.isin(PARTICIPANTS)
    table.insert(list(table).index("role") + 1, "counted", counted.astype("bool"))
    return table


def _csv(table: "pd.DataFrame") -> bytes:
    """Return a table as CSV: R's own words for true and false, and empty cells for missing values."""
    logical = {
        name: table[name].map({True: "TRUE", False: "FALSE"})
        for name in map(str, table)
        if table[name].dtype.kind == "b"
    }
    return table.assign(**logical).to_csv(index=False, lineterminator="\n").encode()


def _about_script(material: Material, comparisons: "pd.DataFrame") -> str:
    if len(comparisons):
        return "\n`Rscript analysis.R` compares the conditions, as `comparisons.csv` lists them.\n"
    if not material.labels:
        return "\nThere is no analysis.R, since there are no labels.\n"
    return "\nThere is no analysis.R: it compares conditions on scales whose labels are numbers, or yes and no.\n"
