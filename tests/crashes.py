"""Kills runs at random moments, and resumes them: ``python crashes.py KIND FOLDER COUNT`` prints what it found.

A process without threads that has everything imported forks each run, so that a life costs milliseconds. KIND is
"discussions", "annotations" or "bundled"; "together" is two runs of discussions that go on together, and
"grown-discussions" and "grown-annotations" begin on the finished folder of a smaller experiment.
"""

import asyncio
import gc
import json
import os
import random
import re
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

import syndisco_nb as snb
from syndisco_nb.backend.model.base import Model
from syndisco_nb.loop import run_sync
from syndisco_nb.running.scheduler import run_all
from syndisco_nb.runs import opening as run_opening

MEASURED = ("started", "updated", "seconds", "memory_mb", "gpu_memory_mb", "digest")
"""What of run.json may differ between equal runs: times, memory, and the digest that they count in."""
SIZES = {"num_discussions": 40, "num_turns": 6, "max_concurrency": 8}
ENDED = os.WEXITED | os.WNOHANG | os.WNOWAIT
"""Whether a process has ended, which it goes on telling."""
SCALES = [snb.Likert("tone"), snb.Flag("wit")]


class Counting(Model):
    """Writes down the seed of every request before it passes it on."""

    def __init__(self, model, log, seconds=0.0):
        super().__init__(model.name)
        self.model, self.log, self.seconds = model, log, seconds

    async def load(self):
        await self.model.load()

    async def complete(self, request):
        with self.log.open("ab", buffering=0) as file:
            file.write(b"%d\n" % request.seed)
        await asyncio.sleep(self.seconds)
        return await self.model.complete(request)


def discussions(model, **sizes):
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben", "Cem")]
    moderator = snb.LLMActor(model, "Mo")
    manager = snb.RespondWithProbability(0.6)
    given = {"seed": 7} | SIZES | sizes
    return snb.DiscussionExperiment(["Tax", "Toll"], users, moderator, turn_manager=manager, **given)


def annotations(model, names=("",), scales=SCALES):
    judges = [snb.LLMActor(model, name, actor_type=snb.ActorType.ANNOTATOR) for name in names]
    return snb.AnnotationExperiment(judges, scales, seed=7)


class Study:
    """One experiment, run in processes of its own, and what it leaves."""

    def __init__(self, kind, folder):
        self.kind, self.folder = kind, folder
        self.log = folder / "asked"
        self.run_folder = folder / "run"
        if kind.endswith("annotations"):
            smaller = {"num_discussions": 10} if kind.startswith("grown") else {}
            talks = discussions(snb.ScriptedModel(["Hm.", "Oh."]), num_turns=3, **smaller)
            self.wait(self.fork(lambda: talks.begin(folder / "talks")))
        if kind.startswith("grown"):
            self.wait(self.fork(lambda: self.begin(smaller=True)))
            self.run_folder.rename(folder / "pilot")
            self.log.rename(folder / "pilot-asked")

    @property
    def run_folders(self):
        return [self.run_folder / name for name in "ab"] if self.kind == "together" else [self.run_folder]

    def begin(self, smaller=False):
        if self.kind == "bundled":
            model = Counting(snb.bundled_model(engine="transformers", max_out_tokens=8), self.log)
            sizes = {"num_discussions": 2, "num_turns": 3, "max_concurrency": 1}
            return discussions(model, **sizes).begin(self.run_folder)
        talks = not self.kind.endswith("annotations")
        replies = ["", "Yes.", "No.", "Größe\n“x”"] if talks else ["1", "5", "yes", "no"]
        model = Counting(snb.ScriptedModel(replies), self.log, seconds=0.002)
        if self.kind == "together":
            runs = [discussions(model, num_discussions=20, seed=seed) for seed in (7, 8)]
            opening = [run.opened(folder) for run, folder in zip(runs, self.run_folders, strict=True)]
            return run_sync(run_all(opening))
        if talks:
            sizes = {"num_discussions": 3 if smaller else 10} if self.kind.startswith("grown") else {}
            return discussions(model, **sizes).begin(self.run_folder)
        more = {"names": ("", "b")} if self.kind == "grown-annotations" else {}
        fewer = {"names": ("",), "scales": SCALES[:1]} if smaller else {}
        return annotations(model, **more | fewer).begin(self.folder / "talks", self.run_folder)

    def fork(self, work):
        pid = os.fork()
        if pid:
            return pid
        shown, sys.stderr = sys.stderr, Path(os.devnull).open("w")  # noqa: SIM115
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc(file=shown)
            os._exit(1)

    def wait(self, pid):
        """Return whether it was killed; an error of its own ends everything."""
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code not in (0, -signal.SIGKILL):
            sys.exit(f"the run ended with {code}")
        return code != 0

    def asked(self):
        return [int(line) for line in self.log.read_bytes().split()] if self.log.exists() else []

    def durable(self):
        """Return the seeds of all that is on file."""
        entries = []
        for file in self.run_folder.rglob("discussion-*.json"):
            document = json.loads(file.read_bytes())
            entries += document["logs"] + document.get("silences", [])
        for journal in self.run_folder.rglob("journal/*.jsonl"):
            entries += map(json.loads, journal.read_bytes().split(b"\n")[:-1])
        return {entry["generation"]["seed"] for entry in entries if "generation" in entry}

    def result(self):
        """Return all files of the runs, but for times and the order of work."""
        return [self.result_of(folder) for folder in self.run_folders]

    def result_of(self, folder):
        found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}
        for name in ("journal/.lock", "order.jsonl"):
            found.pop(name, None)
        assert found.pop("journal/run.json.last") == found["run.json"]
        head = json.loads(found.pop("run.json"))
        took = re.compile(rb'"seconds": [0-9.e-]+')
        if self.kind == "bundled":
            found = {name: took.sub(b"", data) for name, data in found.items()}
            head.pop("digests")
        return found, {name: value for name, value in head.items() if name not in MEASURED}

    def clear(self):
        shutil.rmtree(self.run_folder, ignore_errors=True)
        self.log.unlink(missing_ok=True)
        if self.kind.startswith("grown"):
            shutil.copytree(self.folder / "pilot", self.run_folder)
            shutil.copy(self.folder / "pilot-asked", self.log)


class Tally:
    """What must be zero, and how much was tried."""

    def __init__(self, study):
        self.study = study
        study.wait(study.fork(study.begin))
        self.whole = study.result()
        self.asks = len(study.asked())
        assert len(study.durable()) == self.asks
        study.clear()
        self.counts = {"kills": 0, "runs": 0, "asked_again": 0, "lost": 0, "different": 0, "in_flight": 0}

    def live(self, kill_after=None, *, at_work=False):
        """Run until it ends, or is killed so long after its start or first request; return whether it was killed."""
        before, asked = self.study.durable(), len(self.study.asked())
        pid = self.study.fork(self.study.begin)
        if at_work:  # on a busy machine, no other kill might come so late
            while len(self.study.asked()) == asked and not os.waitid(os.P_PID, pid, ENDED):
                time.sleep(0.001)
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(pid, signal.SIGKILL)
        killed = self.study.wait(pid)
        self.counts["kills"] += killed
        self.counts["asked_again"] += len(before & set(self.study.asked()[asked:]))
        self.counts["lost"] += len(before - self.study.durable())
        return killed

    def close(self):
        """Compare a run that is finished, and make room for the next."""
        self.counts["runs"] += 1
        self.counts["different"] += self.study.result() != self.whole
        self.counts["in_flight"] += len(self.study.asked()) - self.asks
        self.study.clear()


def killed(study, count):
    tally = Tally(study)
    rng = random.Random(count)
    longest = 3.0 if study.kind == "bundled" else 0.06
    while tally.counts["kills"] < count:
        if not tally.live(rng.uniform(0, longest), at_work=rng.random() < 0.5):
            tally.close()
    tally.live()
    tally.close()
    return tally.counts


def main(kind, folder, count):
    if kind == "bundled":
        import torch  # noqa: F401
        import transformers  # noqa: F401
    run_opening._versions()  # looked up once, not in every life
    gc.freeze()
    print(json.dumps(killed(Study(kind, Path(folder)), int(count))))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
