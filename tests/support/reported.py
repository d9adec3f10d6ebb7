"""A small study with labels, made by scripted models."""

import syndisco_nb as snb
from syndisco_nb.runs.condition_runs import ConditionRuns


def reported_study(folder, *more) -> ConditionRuns:
    """Return the labels, of toxicity and on more scales, of a study of two conditions with three discussions each."""
    builder = (
        snb.ExperimentBuilder(seed=7)
        .model(snb.ScriptedModel(["I agree with <b>you</b>.", "Why is that so?", "No, I do not think so at all.", ""]))
        .participants([snb.LLMPersona(name, age=30 + place) for place, name in enumerate(("Ana", "Ben", "Cem"))])
        .topics(["Should cities ban cars?"])
        .vary(moderator={"none": None, "facilitator": "Keep it civil."})
        .turns(3)
        .discussions(3)
    )
    judges = [
        snb.LLMActor(snb.ScriptedModel(answers, name), name, actor_type=snb.ActorType.ANNOTATOR)
        for name, answers in {"strict": ["1", "3", "5", "for"], "mild": ["1", "2", "against"]}.items()
    ]
    return builder.run(folder).annotate(judges, [snb.Likert("toxicity", 1, 5), *more])
