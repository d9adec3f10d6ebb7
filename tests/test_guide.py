"""The experiments guide: its calls, with every argument and value, cell by cell, on a real model.

Only the name of the package and the model's path are ours; and, but in make test-long, the length of the replies.
"""

import tempfile

import pytest
from support.sizes import size

from syndisco_nb import Run
from syndisco_nb.backend.model.local.bundled import converted_folder
from syndisco_nb.records import AnnotationSet, Transcript

CELLS = [
    """
from syndisco.backend.turn_manager import RoundRobbin
from syndisco.backend.actors import LLMActor, ActorType
from syndisco.backend.model import TransformersModel
from syndisco.backend.persona import LLMPersona


CONTEXT = "You are taking part in an online conversation"
INSTRUCTIONS = "Act like a human would"


llm = TransformersModel(
    model_path="unsloth/Llama-3.2-1B-Instruct",
    name="test_model",
    max_out_tokens=100,
)
persona_data = [
    {
        "username": "Emma35",
        "age": 38,
        "sex": "female",
        "education_level": "Bachelor's",
        "sexual_orientation": "Heterosexual",
        "demographic_group": "Latino",
        "current_employment": "Registered Nurse",
        "special_instructions": "",
        "personality_characteristics": [
            "compassionate",
            "patient",
            "diligent",
            "overwhelmed",
        ],
    },
    {
        "username": "Giannis",
        "age": 21,
        "sex": "male",
        "education_level": "College",
        "sexual_orientation": "Pansexual",
        "demographic_group": "White",
        "current_employment": "Game Developer",
        "special_instructions": "",
        "personality_characteristics": [
            "strategic",
            "meticulous",
            "nerdy",
            "hyper-focused",
        ],
    },
]
personas = [LLMPersona(**data) for data in persona_data]
actors = [
    LLMActor(
        model=llm,
        name=p.username,
        attributes=p.to_attribute_list(),
        context=CONTEXT,
        instructions=INSTRUCTIONS,
        actor_type=ActorType.USER,
    )
    for p in personas
]
turn_manager = RoundRobbin()
turn_manager.initialize_names([actor.name for actor in actors])
""",
    """
from syndisco.experiments import DiscussionExperiment
from pathlib import Path
import tempfile


disc_exp = DiscussionExperiment(
    topics=[
        "Should programmers be allowed to analyze data?",
        "Should data analysts be allowed to code",
    ],
    users=actors,
    moderator=None,
    num_turns=3,
    num_discussions=2,
)
discussions_dir = Path(tempfile.TemporaryDirectory().name)
disc_exp.begin(discussions_output_dir=discussions_dir)
""",
    """
from syndisco.backend.model import TransformersModel
from syndisco.backend.persona import LLMPersona
from syndisco.backend.actors import LLMActor, ActorType


annotator_persona = LLMPersona(
    **{
        "username": "",
        "age": 38,
        "sex": "female",
        "education_level": "Bachelor's",
        "sexual_orientation": "Heterosexual",
        "demographic_group": "White",
        "current_employment": "Annotator",
        "special_instructions": "",
        "personality_characteristics": ["competent"],
    }
)

annotator = LLMActor(
    model=llm,
    name="",
    attributes=annotator_persona.to_attribute_list(),
    context="You are annotating an online discussion",
    instructions="From a scale of 1 (not toxic) to 5 (very toxic) how toxic is the following comment? "
    "Reply only with a number.",
    actor_type=ActorType.ANNOTATOR,
)
""",
    """
from syndisco.experiments import AnnotationExperiment

ann_exp = AnnotationExperiment(annotators=[annotator])
annotations_dir = Path(tempfile.TemporaryDirectory().name)
ann_exp.begin(
    discussions_dir=discussions_dir,
    output_dir=annotations_dir
)
""",
]


@pytest.mark.model
@pytest.mark.filterwarnings("ignore:Implicitly cleaning up:ResourceWarning")
def test_the_guide_runs_cell_by_cell(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = str(converted_folder())
    notebook = {}
    for cell in CELLS:
        ours = cell.replace("from syndisco.", "from syndisco_nb.").replace("unsloth/Llama-3.2-1B-Instruct", path)
        ours = ours.replace("max_out_tokens=100", f"max_out_tokens={size(100, 12)}")
        exec(ours, notebook)  # noqa: S102
    talks, labels = Run(notebook["discussions_dir"]), Run(notebook["annotations_dir"])
    assert (talks.status, labels.status) == ("finished", "finished")
    assert all(isinstance(talk, Transcript) and len(talk.messages) == 4 for talk in talks)
    assert all(isinstance(one, AnnotationSet) and one.annotator.name == "" for one in labels)
    assert [len(one.labels) for one in labels] == [len(talk.comments) for talk in talks]
    assert not any("username" in line for line in labels[0].annotator.attributes)
    assert talks.verify()
    assert labels.verify()
