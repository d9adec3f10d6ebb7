"""The files of a run or study, byte for byte, but for what differs between equal runs."""

import json
import re

_MEASURED = re.compile(rb'"(asked|timestamp|seconds|batch_size)": ("[^"]*"|[^,}\s]+)')
"""Times, and sizes of batches."""
_IN_HEADS = ("started", "updated", "seconds", "memory_mb", "gpu_memory_mb", "digest")
"""Times, memory, and the digest that they count in; the order of the work is another difference."""


def files(folder, measured=False):
    """Return the contents of all files of a run or study, by name.

    With `measured`, the records hold measured times, so digests of units are left out, too.
    """
    found = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): _content(file, measured) for file in found}


def _content(file, measured):
    if file.name == "order.jsonl":
        lines = map(json.loads, file.read_bytes().splitlines())
        return {(line["unit"], line["event"]) for line in lines}  # a killed run begins some twice
    if not file.name.startswith("run.json"):
        return _MEASURED.sub(rb'"\1": 0', file.read_bytes())
    head = {name: entry for name, entry in json.loads(file.read_bytes()).items() if name not in _IN_HEADS}
    if measured:
        head["digests"] = sorted(head["digests"])
    return head
