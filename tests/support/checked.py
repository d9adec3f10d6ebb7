"""Studies and labels held in memory, in a moment, to be checked; some with a fault."""

import random

import syndisco_nb as snb
from syndisco_nb.builder.study_file import opened_study
from syndisco_nb.jobs.annotation import Annotation
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.run import Run
from syndisco_nb.seeds import annotation_seed

_WORDS = ["the", "a", "of", "to", "bus", "car", "tax", "city", "free", "pay", "road", "more", "less", "think", "people"]
_RNG = random.Random(1)
TEXTS = [" ".join(_RNG.choices(_WORDS, k=_RNG.randint(6, 14))) for _ in range(1_000)]
PEOPLE = [snb.LLMPersona(username=f"P{number}", age=20 + number) for number in range(6)]
TOPICS = [f"Topic {number}?" for number in range(3)]
LIKERT = snb.Likert("toxicity", 1, 5)
SEED = 7


class HeldRun(Run):
    """A run whose records are in memory."""

    def __init__(self, folder, records, spec, seed=SEED):
        self.folder, self.records, self.own_spec, self.own_seed = folder, records, spec, seed

    holds = property(lambda self: type(self.records[0]))
    spec = property(lambda self: self.own_spec)
    seed = property(lambda self: self.own_seed)
    status = property(lambda self: "finished")

    def __iter__(self):
        return iter(self.records)

    def __len__(self):
        return len(self.records)


class Sampled(snb.Model):
    """A model that seems to sample; a function of the request gives the answer."""

    def __init__(self, answer, finish_reason="stop", sampling=None):
        super().__init__("sampled")
        self.answer, self.finish_reason = answer, finish_reason
        self.sampling_used = sampling or snb.Sampling(temperature=0.7, max_tokens=40)

    async def complete(self, request):
        return snb.Completion(self.answer(request), sampling=self.sampling_used, finish_reason=self.finish_reason)


def builder(**vary):
    """Return a design of four of six people, three topics and ten turns."""
    made = snb.ExperimentBuilder(seed=SEED).model(snb.ScriptedModel(TEXTS, name="talker"))
    made = made.participants(PEOPLE, per_discussion=4).topics(TOPICS).turns(10)
    made = made.turn_taking(snb.RespondWithProbability(0.5))
    return made.vary(**vary) if vary else made


def moderated():
    return builder(moderator={"none": None, "facilitator": "Keep it civil."})


def hold(experiment, discussions, seed=SEED):
    """Return the discussions of an experiment."""
    return [experiment.discussion(index, seed).run() for index in range(discussions)]


def held_run(folder, discussions=60, change=lambda experiment: None, design=None, seed=SEED):
    """Return a run of the one condition of a design; `change` may put a fault into its experiment."""
    (experiment,) = (design or builder()).build().values()
    spec = experiment.spec()
    change(experiment)
    return HeldRun(folder / "run", hold(experiment, discussions, seed), spec, seed)


def held_study(folder, design=None, discussions=60, seed=SEED):
    """Return a study."""
    design = (design or moderated()).seed(seed)
    opened_study(folder, design.design)
    runs = {
        name: HeldRun(folder / name, hold(experiment, discussions, seed), experiment.spec(), seed)
        for name, experiment in design.build().items()
    }
    return ConditionRuns(folder, design.design.levels(), runs)


def judge(name, script):
    return snb.LLMActor(snb.ScriptedModel(script, name=name), name, actor_type=snb.ActorType.ANNOTATOR)


def label(run, judges, scale=LIKERT, seed=SEED):
    """Return the run of labels of the discussions of a run, and its records."""
    sets = [
        Annotation(
            one, talk, scale, seed=annotation_seed(seed, discussion_name(talk.index), number), index=number
        ).run()
        for talk in run
        for number, one in enumerate(judges)
    ]
    return [*run, HeldRun(run.folder / "labels", sets, {}, seed)]


def statuses(checks):
    return {row.name: row.status for row in checks}


def bad(checks):
    """Return the names of the checks that failed or warned."""
    return {row.name for row in checks if row.status in ("fail", "warn")}
