"""Discussions on a cluster, with a record of each request that a worker gets."""

from pathlib import Path

import syndisco_nb as snb


def logging_script(log, seconds):
    """Return a script that writes down the process and the seed of each request, and takes a while."""

    async def script(request):
        import asyncio
        import os

        with open(log, "ab", buffering=0) as file:  # noqa: PTH123
            file.write(b"%d %d\n" % (os.getpid(), request.seed))
        await asyncio.sleep(seconds)
        return f"Word {request.seed % 1000}."

    return script


def asked(log):
    """Return the process and the seed of each request so far."""
    return [tuple(map(int, line.split())) for line in log.read_bytes().splitlines()] if log.exists() else []


def hold(model, folder, **sizes):
    """Hold 40 discussions of 10 turns."""
    users = [snb.LLMActor(model, name, instructions="Be brief.") for name in ("Ana", "Ben", "Cem")]
    given = {"num_turns": 10, "num_discussions": 40, "seed": 3, **sizes}
    return snb.DiscussionExperiment(["Should buses be free?"], users, **given).begin(folder)


def begin(scheduler, folder, log):
    """Hold them on a cluster, in a process that a test kills."""
    script = logging_script(log, 0.005)
    hold(snb.ClusterModel(snb.ScriptedModel(script), scheduler), Path(folder))
