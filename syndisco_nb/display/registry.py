"""Which page belongs to what."""

import functools

from syndisco_nb.analysis.agreement import Agreement, AgreementRow
from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.human import HumanModel, OpenSeat
from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.population import Sample
from syndisco_nb.backend.scales import Scale
from syndisco_nb.backend.stopping import StopCondition
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.builder import ExperimentBuilder, Preview, Study
from syndisco_nb.builder.conditions import ConditionRuns
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Page
from syndisco_nb.display.pages import agreement_page as agreement
from syndisco_nb.display.pages import annotation_pages as annotations
from syndisco_nb.display.pages import comparison_page as comparison
from syndisco_nb.display.pages import design_pages as designs
from syndisco_nb.display.pages import engine_pages as engine
from syndisco_nb.display.pages import experiment_pages as jobs
from syndisco_nb.display.pages import human_pages as people_at_work
from syndisco_nb.display.pages import people_pages as people
from syndisco_nb.display.pages import run_pages as runs
from syndisco_nb.display.pages import study_pages as studies
from syndisco_nb.display.pages import transcript_pages as transcripts
from syndisco_nb.display.pages import verification_pages as checks
from syndisco_nb.experiments import AnnotationExperiment, DiscussionExperiment
from syndisco_nb.experiments.labelling import Labelling, OpenLabel
from syndisco_nb.jobs import Annotation, Discussion
from syndisco_nb.records import (
    AnnotationSet,
    Generation,
    Label,
    Message,
    Parent,
    Participant,
    Records,
    Sampling,
    Transcript,
)
from syndisco_nb.running.verification import Replay, Verification
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.layout import Failure, Skipped
from syndisco_nb.runs.run import Run


@functools.singledispatch
def make_page(thing: object, limits: Limits) -> Page:
    """Return the page of anything; of what has none of its own, its repr."""
    return Page(type(thing).__name__, repr(thing))


for kind, make in (
    (Transcript, transcripts.transcript_page),
    (Message, transcripts.message_page),
    (Generation, transcripts.generation_page),
    (Sampling, transcripts.sampling_page),
    (Participant, transcripts.participant_page),
    (Parent, transcripts.parent_page),
    (AnnotationSet, annotations.annotation_set_page),
    (Label, annotations.label_page),
    (annotations.Annotated, annotations.annotated_page),
    (comparison.Comparison, comparison.comparison_page),
    (LLMPersona, people.persona_page),
    (People, people.people_page),
    (Sample, people.sample_page),
    (ExperimentBuilder, designs.builder_page),
    (Preview, designs.preview_page),
    (Study, studies.study_page),
    (ConditionRuns, studies.runs_page),
    (LLMActor, engine.actor_page),
    (Model, engine.model_page),
    (HumanModel, people_at_work.human_page),
    (OpenSeat, people_at_work.open_seat_page),
    (TurnManager, engine.turn_manager_page),
    (StopCondition, engine.stop_page),
    (Scale, engine.scale_page),
    (Discussion, jobs.discussion_page),
    (Annotation, jobs.annotation_page),
    (DiscussionExperiment, jobs.discussion_experiment_page),
    (AnnotationExperiment, jobs.annotation_experiment_page),
    (Labelling, people_at_work.labelling_page),
    (OpenLabel, people_at_work.open_label_page),
    (Agreement, agreement.agreement_page),
    (AgreementRow, agreement.row_page),
    (Run, runs.run_page),
    (Records, runs.records_page),
    (Failure, runs.failure_page),
    (Skipped, runs.skipped_page),
    (Cost, checks.cost_page),
    (Verification, checks.verification_page),
    (Replay, checks.replay_page),
):
    make_page.register(kind, make)
