"""Synthetic discussions between LLM agents, annotated and compared, in a notebook.

Names load at first use, so importing the package costs next to nothing.
"""

import importlib
import logging
from typing import TYPE_CHECKING, Any

from syndisco_nb._version import __version__

if TYPE_CHECKING:
    from syndisco_nb.analysis.agreement import agreement
    from syndisco_nb.backend.actors import ActorType, LLMActor
    from syndisco_nb.backend.model import (
        CachedModel,
        Completion,
        HumanModel,
        Model,
        OpenAIModel,
        OpenVINOModel,
        Request,
        Sampling,
        ScriptedModel,
        TransformersModel,
        bundled_model,
    )
    from syndisco_nb.backend.persona import LLMPersona, People
    from syndisco_nb.backend.persona_files import load_personas
    from syndisco_nb.backend.population import Sample, sample_people
    from syndisco_nb.backend.prompts import PromptTemplate
    from syndisco_nb.backend.scales import Choice, Flag, FreeText, Likert, Scale
    from syndisco_nb.backend.stopping import AfterPhrase, AfterSilences, StopCondition
    from syndisco_nb.backend.turn_manager import (
        Hosted,
        RandomOther,
        RespondWithProbability,
        RoundRobbin,
        RoundRobin,
        TurnManager,
        Weighted,
    )
    from syndisco_nb.builder import ExperimentBuilder, Study
    from syndisco_nb.display.options import options
    from syndisco_nb.display.pages.annotation_pages import annotated
    from syndisco_nb.display.pages.comparison_page import compare
    from syndisco_nb.errors import SyndiscoError
    from syndisco_nb.experiments import AnnotationExperiment, DiscussionExperiment, Labelling
    from syndisco_nb.jobs import Annotation, Discussion
    from syndisco_nb.log import log_to
    from syndisco_nb.records import AnnotationSet, ChatMessage, Label, Message, Transcript
    from syndisco_nb.runs.cost import Cost
    from syndisco_nb.runs.run import Run
    from syndisco_nb.widgets.forms.annotation_form import AnnotationForm
    from syndisco_nb.widgets.forms.discussion_form import DiscussionForm
    from syndisco_nb.widgets.forms.experiment_form import ExperimentForm
    from syndisco_nb.widgets.forms.model_form import ModelForm
    from syndisco_nb.widgets.forms.people_form import PeopleForm
    from syndisco_nb.widgets.forms.persona_form import PersonaForm
    from syndisco_nb.widgets.live import watch

_HOMES = {
    "analysis.agreement": ["agreement"],
    "backend.actors": ["ActorType", "LLMActor"],
    "backend.model": [
        "CachedModel",
        "Completion",
        "HumanModel",
        "Model",
        "OpenAIModel",
        "OpenVINOModel",
        "Request",
        "Sampling",
        "ScriptedModel",
        "TransformersModel",
        "bundled_model",
    ],
    "backend.persona": ["LLMPersona", "People"],
    "backend.persona_files": ["load_personas"],
    "backend.population": ["Sample", "sample_people"],
    "backend.prompts": ["PromptTemplate"],
    "backend.scales": ["Choice", "Flag", "FreeText", "Likert", "Scale"],
    "backend.stopping": ["AfterPhrase", "AfterSilences", "StopCondition"],
    "backend.turn_manager": [
        "Hosted",
        "RandomOther",
        "RespondWithProbability",
        "RoundRobbin",
        "RoundRobin",
        "TurnManager",
        "Weighted",
    ],
    "display.pages.annotation_pages": ["annotated"],
    "display.pages.comparison_page": ["compare"],
    "display.options": ["options"],
    "builder": ["ExperimentBuilder", "Study"],
    "errors": ["SyndiscoError"],
    "experiments": ["AnnotationExperiment", "DiscussionExperiment", "Labelling"],
    "jobs": ["Annotation", "Discussion"],
    "log": ["log_to"],
    "records": ["AnnotationSet", "ChatMessage", "Label", "Message", "Transcript"],
    "runs.cost": ["Cost"],
    "runs.run": ["Run"],
    "widgets.forms.annotation_form": ["AnnotationForm"],
    "widgets.forms.discussion_form": ["DiscussionForm"],
    "widgets.forms.experiment_form": ["ExperimentForm"],
    "widgets.forms.model_form": ["ModelForm"],
    "widgets.forms.people_form": ["PeopleForm"],
    "widgets.forms.persona_form": ["PersonaForm"],
    "widgets.live": ["watch"],
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ActorType",
    "AfterPhrase",
    "AfterSilences",
    "Annotation",
    "AnnotationExperiment",
    "AnnotationForm",
    "AnnotationSet",
    "CachedModel",
    "ChatMessage",
    "Choice",
    "Completion",
    "Cost",
    "Discussion",
    "DiscussionExperiment",
    "DiscussionForm",
    "ExperimentBuilder",
    "ExperimentForm",
    "Flag",
    "FreeText",
    "Hosted",
    "HumanModel",
    "LLMActor",
    "LLMPersona",
    "Label",
    "Labelling",
    "Likert",
    "Message",
    "Model",
    "ModelForm",
    "OpenAIModel",
    "OpenVINOModel",
    "People",
    "PeopleForm",
    "PersonaForm",
    "PromptTemplate",
    "RandomOther",
    "Request",
    "RespondWithProbability",
    "RoundRobbin",
    "RoundRobin",
    "Run",
    "Sample",
    "Sampling",
    "Scale",
    "ScriptedModel",
    "StopCondition",
    "Study",
    "SyndiscoError",
    "Transcript",
    "TransformersModel",
    "TurnManager",
    "Weighted",
    "__version__",
    "agreement",
    "annotated",
    "bundled_model",
    "compare",
    "load_personas",
    "log_to",
    "options",
    "sample_people",
    "watch",
]


logging.getLogger(__name__).addHandler(logging.NullHandler())  # quiet, unless the user asks for the log


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        from syndisco_nb.errors import UnknownNameError, suggestion

        near = suggestion(name, __all__)
        raise UnknownNameError(f"syndisco_nb has no {name!r}.{near or ' It has: ' + ', '.join(__all__) + '.'}")
    return getattr(importlib.import_module(f"syndisco_nb.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
