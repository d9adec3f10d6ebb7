"""A small sample of each format that `syndisco_nb.load` reads, by the name of the format."""

import json
import shutil
from pathlib import Path

from support.foreign import foreign_corpus

from syndisco_nb.runs.serialization import to_json

LOGS = Path(__file__).parents[1] / "formats" / "syndisco" / "syndisco_logs"
CORPUS = foreign_corpus(2)


def _own(folder):
    for number, record in enumerate([CORPUS[0], CORPUS.annotations[0]]):
        (folder / f"{number}.json").write_bytes(to_json(record))


def _syndisco(version, kind):
    """Return a writer of a discussion and, of annotations, of their log as well."""

    def write(folder):
        for name in ("discussion.json", "discussion_mod.json", kind):
            if (LOGS / version / name).exists():
                shutil.copy(LOGS / version / name, folder / name)

    return write


def _chat(form):
    return lambda folder: CORPUS.to_chat(folder / "chat", form)


def _utterances(folder):
    CORPUS.to_convokit(folder / "all")
    (folder / "all" / "utterances.jsonl").rename(folder / "utterances.jsonl")
    shutil.rmtree(folder / "all")


def _label_studio(folder):
    CORPUS.to_label_studio(folder)
    (folder / "comments.xml").unlink()  # the configuration of the interface
    for talk in CORPUS:
        (folder / f"{talk.index}.json").write_bytes(to_json(talk))


SAMPLES = {
    "a file of this package": _own,
    "a SynDisco discussion log": _syndisco("2.0.8", "discussion_mod.json"),
    "a SynDisco annotation log": _syndisco("2.0.8", "annotation.json"),
    "an OpenAI chat file": _chat("openai"),
    "a ShareGPT file": _chat("sharegpt"),
    "a ChatML file": _chat("chatml"),
    "a ConvoKit corpus": lambda folder: CORPUS.to_convokit(folder / "corpus"),
    "a file of ConvoKit utterances": _utterances,
    "a project of a QDA program": lambda folder: CORPUS.to_qdpx(folder / "project.qdpx"),
    "tasks of Label Studio": _label_studio,
    "a log of Inspect": lambda folder: CORPUS.to_inspect(folder / "log.eval"),
    "a table of comments": lambda folder: CORPUS.to_dataframe("messages").to_csv(folder / "table.csv", index=False),
}
"""Functions that write a sample to an empty folder."""
VARIANTS = {
    "a SynDisco annotation log, 2.2": _syndisco("2.2.1", "annotation.json"),
    "a SynDisco discussion log, 2024": _syndisco("2024", "discussion.json"),
    "a SynDisco annotation log, 2024": _syndisco("2024", "annotation.json"),
    "a SynDisco discussion log, 1.0": _syndisco("1.0.2", "discussion_nomod.json"),
    "a table of comments in JSON Lines": lambda folder: (folder / "t.jsonl").write_text(
        "\n".join(json.dumps({"thread": "a", "author": "Ana", "text": text}) for text in ("Why?", "No."))
    ),
    "a table of comments in Excel": lambda folder: CORPUS.to_dataframe("messages").to_excel(folder / "table.xlsx"),
    "a table of comments in Parquet": lambda folder: CORPUS.to_dataframe("messages").to_parquet(folder / "t.parquet"),
}
"""Further samples, of formats that come in several forms."""
