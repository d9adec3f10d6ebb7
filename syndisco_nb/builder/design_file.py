"""Write a design to a file; a YAML file says by which schema editors complete and check it.

The schema lies beside the design. The project has no host of its own to publish it, and a path into the installed
package would hold on one computer alone; a file beside it works offline, for co-authors without the package, and fits
the version that wrote the design.
"""

from pathlib import Path

from syndisco_nb.builder.design import Design
from syndisco_nb.builder.design_schema import SCHEMA_FILE, design_schema_text
from syndisco_nb.builder.documents import as_document, is_json, to_text
from syndisco_nb.runs.files import save_file

SCHEMA_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"


def save_design(design: Design, file: Path) -> Path:
    """Write a design as YAML, with its schema beside it, or as JSON, after the ending of the file; return the path.

    Parameters
    ----------
    design : Design
    file : Path
        Folders are created if missing.

    Raises
    ------
    StorageError
        If it cannot be written.
    """
    text = to_text(as_document(design), file)
    if is_json(file):
        return save_file(file, text)
    save_file(file.with_name(SCHEMA_FILE), design_schema_text())
    return save_file(file, SCHEMA_LINE + text)
