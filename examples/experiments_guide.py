"""The experiments guide as a script: two discussions and their annotation, on the bundled model.

``make demo`` runs it in an empty folder. Run by hand a second time, it finds everything in the run folder and asks the
model nothing.
"""

from pathlib import Path

import syndisco_nb as snb
from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.turn_manager import RoundRobin
from syndisco_nb.experiments import AnnotationExperiment, DiscussionExperiment

FOLDER = Path("runs/demo")


def main() -> None:
    llm = snb.bundled_model()
    personas = [
        LLMPersona(
            username="Maya",
            age=41,
            sex="female",
            education_level="Bachelor's degree",
            current_employment="bus driver",
            personality_characteristics=["practical", "impatient"],
        ),
        LLMPersona(
            username="Tomas",
            age=23,
            sex="male",
            education_level="student",
            current_employment="bicycle courier",
            personality_characteristics=["cheerful", "stubborn"],
        ),
    ]
    users = [
        LLMActor(
            model=llm,
            name=persona.username,
            attributes=persona.to_attribute_list(),
            context="You are taking part in an online discussion.",
            instructions="Say what you think, in one or two sentences.",
            actor_type=ActorType.USER,
        )
        for persona in personas
    ]
    print("The bundled model discusses. At the very first start its weights are converted, once (5 s).\n")
    discussions = DiscussionExperiment(
        topics=["Should cities close their centres to cars?", "Should public transport be free?"],
        users=users,
        turn_manager=RoundRobin(),
        num_turns=4,
        num_discussions=2,
        seed=1,
    ).begin(discussions_output_dir=FOLDER / "discussions")

    if discussions.status != "finished":
        raise SystemExit(f"{discussions!r}\nRun it again to go on from there.")

    annotator = LLMActor(
        model=llm,
        name="",
        attributes=LLMPersona(username="rater", age=35, education_level="Master's degree").to_attribute_list(),
        context="You are annotating an online discussion.",
        instructions="How polite is the comment? Answer with one word.",
        actor_type=ActorType.ANNOTATOR,
    )
    annotations = AnnotationExperiment(annotators=[annotator], seed=1).begin(
        discussions_dir=FOLDER / "discussions", output_dir=FOLDER / "annotations"
    )

    for transcript in discussions:
        print(f"\n── Discussion {transcript.index} {'─' * 60}\n\n{transcript}")
    for annotation_set in annotations:
        print(f"\n── Labels of {annotation_set.discussion} {'─' * 45}\n\n{annotation_set}")
    print(f"\n{discussions!r}\n{annotations!r}\n\nThe run folder: {FOLDER.resolve()}")


if __name__ == "__main__":
    main()
