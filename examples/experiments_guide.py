"""The experiments guide as a script, with the guide's own arguments: two discussions and their annotation.

``make demo`` runs it in an empty folder, on the bundled model. Run by hand a second time, it finds everything in the
run folder and asks the model nothing.
"""

from pathlib import Path

import syndisco_nb as snb
from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.experiments import AnnotationExperiment, DiscussionExperiment

FOLDER = Path("runs/demo")


def main() -> None:
    llm = snb.bundled_model(name="test_model", max_out_tokens=100)
    personas = [
        LLMPersona(
            username="Emma35",
            age=38,
            sex="female",
            education_level="Bachelor's",
            sexual_orientation="Heterosexual",
            demographic_group="Latino",
            current_employment="Registered Nurse",
            special_instructions="",
            personality_characteristics=["compassionate", "patient", "diligent", "overwhelmed"],
        ),
        LLMPersona(
            username="Giannis",
            age=21,
            sex="male",
            education_level="College",
            sexual_orientation="Pansexual",
            demographic_group="White",
            current_employment="Game Developer",
            special_instructions="",
            personality_characteristics=["strategic", "meticulous", "nerdy", "hyper-focused"],
        ),
    ]
    users = [
        LLMActor(
            model=llm,
            name=persona.username,
            attributes=persona.to_attribute_list(),
            context="You are taking part in an online conversation",
            instructions="Act like a human would",
            actor_type=ActorType.USER,
        )
        for persona in personas
    ]
    print("The bundled model discusses. At the very first start its weights are converted, once (5 s).\n")
    discussions = DiscussionExperiment(
        topics=["Should programmers be allowed to analyze data?", "Should data analysts be allowed to code"],
        users=users,
        moderator=None,
        num_turns=3,
        num_discussions=2,
    ).begin(discussions_output_dir=FOLDER / "discussions")

    if discussions.status != "finished":
        raise SystemExit(f"{discussions!r}\nRun it again to go on from there.")

    persona = LLMPersona(
        username="",
        age=38,
        sex="female",
        education_level="Bachelor's",
        sexual_orientation="Heterosexual",
        demographic_group="White",
        current_employment="Annotator",
        special_instructions="",
        personality_characteristics=["competent"],
    )
    annotator = LLMActor(
        model=llm,
        name="",
        attributes=persona.to_attribute_list(),
        context="You are annotating an online discussion",
        instructions="From a scale of 1 (not toxic) to 5 (very toxic) how toxic is the following comment? "
        "Reply only with a number.",
        actor_type=ActorType.ANNOTATOR,
    )
    annotations = AnnotationExperiment(annotators=[annotator]).begin(
        discussions_dir=FOLDER / "discussions", output_dir=FOLDER / "annotations"
    )

    for transcript in discussions:
        print(f"\n── Discussion {transcript.index} {'─' * 60}\n\n{transcript}")
    for annotation_set in annotations:
        print(f"\n── Labels of {annotation_set.discussion} {'─' * 45}\n\n{annotation_set}")
    print(f"\n{discussions!r}\n{annotations!r}\n\nThe run folder: {FOLDER.resolve()}")


if __name__ == "__main__":
    main()
