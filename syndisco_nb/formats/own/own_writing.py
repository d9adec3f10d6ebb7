"""Write a corpus as files of this package."""

from pathlib import Path

from syndisco_nb.formats.target_folder import save_folder
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.serialization import readable_json


def save_corpus(corpus: Corpus, folder: PathLike) -> Path:
    """Write each discussion, and each annotation set, to a file of its own, in order; return the folder.

    Parameters
    ----------
    corpus : Corpus
    folder : str or path-like

    Raises
    ------
    InvalidInputError
        If the folder holds something else.
    StorageError
        If a file cannot be written.
    """
    talks = {f"{discussion_name(place)}.json": readable_json(talk) for place, talk in enumerate(corpus)}
    labels = {f"labels-{place:05d}.json": readable_json(one) for place, one in enumerate(corpus.annotations)}
    return save_folder(folder, talks | labels)
