"""Commands given to the command line, in this process and in others; and studies on file for them."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import syndisco_nb as snb
from syndisco_nb.cli.command_line import run_command_line

MEASURED = ("started", "updated", "seconds", "memory_mb", "gpu_memory_mb", "digest")
DESIGN = """\
seed: 7
model: {type: ScriptedModel, script: ["I agree.", "Why?"]}
participants: [{username: Ana}, {username: Ben}]
topics: [Tax, Toll]
turns: 4
discussions: 2
vary: {moderator: {none: null, host: Keep it civil.}}
annotators: [{name: judge, instructions: Rate., model: {type: ScriptedModel, script: ["1", "2"], name: judge}}]
scales: [{type: Likert, name: toxicity}]
"""


def command(capsys, *tokens):
    """Run a command in this process; return its exit code, and what it wrote to stdout and stderr."""
    capsys.readouterr()
    code = run_command_line([str(token) for token in tokens])
    written = capsys.readouterr()
    return code, written.out, written.err


def content(folder):
    """Return all that a study's folder holds, without times, order of work, locks and copies."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file() or "journal" in path.parts or path.name == "order.jsonl":
            continue
        data = path.read_bytes()
        if path.name == "run.json":
            data = {name: value for name, value in json.loads(data).items() if name not in MEASURED}
        elif path.name == "study.json":
            data = {**json.loads(data), "stages": None}
        found[str(path.relative_to(folder))] = data
    return found


def stop_at(request, number, complete=snb.ScriptedModel.complete):
    """Return a `complete` that sends a signal to its own process at a request, and answers neither it nor later ones.

    Parameters
    ----------
    request : int
        Number of the request, from 1.
    number : signal.Signals
    """
    asked = 0

    async def stopped(self, asking):
        nonlocal asked
        asked += 1
        if asked >= request:
            if asked == request:
                os.kill(os.getpid(), number)
            await asyncio.Event().wait()
        return await complete(self, asking)

    return stopped


if __name__ == "__main__":  # SIGNAL REQUEST ARGUMENTS: the command line, stopped by a signal at a request
    snb.ScriptedModel.complete = stop_at(int(sys.argv[2]), getattr(signal, sys.argv[1]))
    sys.exit(run_command_line(sys.argv[3:]))
