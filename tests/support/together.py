"""Runs that are worked on together: each of small discussions, opened in a folder of its own."""

import syndisco_nb as snb
from syndisco_nb.loop import run_sync
from syndisco_nb.running.scheduler import run_all
from syndisco_nb.runs.run import Run


def experiment(model, **settings):
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
    given = {"topics": ["Tax"], "users": users, "num_turns": 2, "num_discussions": 3, "num_active_users": 2, "seed": 7}
    return snb.DiscussionExperiment(**{**given, **settings})


def work_on(folder, **experiments):
    """Work on experiments together; return their runs by name."""
    run_sync(run_all([one.opened(folder / name) for name, one in experiments.items()], "pilot"))
    return runs_of(folder, experiments)


def runs_of(folder, names):
    return {name: Run(folder / name) for name in names}


def statuses(folder, *names):
    return [run.status for run in runs_of(folder, names).values()]


def begun(runs):
    """Return run and number of each discussion, in the order in which they were begun."""
    spans = [(row.began, int(row.unit[-5:]), name) for name, run in runs.items() for row in run.order.itertuples()]
    return [(name, number) for _, number, name in sorted(spans, key=lambda span: span[:2])]
