"""Synthetic discussions between LLM agents, annotated and compared, in a notebook.

Start here: `ExperimentBuilder` puts a whole study together, `Study` holds its runs, and the tutorials in ``notebooks/``
show both on a small bundled model. Every object has a view in a notebook; ``help(snb.NAME)`` shows an example of each.

People and topics
    `LLMPersona`, `People`, `load_personas`, `sample_people`, `Sample`
Models
    `bundled_model`, `TransformersModel`, `OpenVINOModel`, `OpenAIModel`, `ScriptedModel`, `HumanModel`, `CachedModel`,
    `BatchModel`, `ClusterModel`, `Replicas`, `Sampling`; for a model of your own: `Model`, `Request`, `Completion`,
    `ChatMessage`, also in `syndisco_nb.models`
Who takes part, who speaks next, when it ends
    `LLMActor`, `ActorType`, `PromptTemplate`; `RoundRobin`, `RandomOther`, `RespondWithProbability`, `Weighted`,
    `Hosted`, and their base `TurnManager`; `AfterSilences`, `AfterPhrase`, and their base `StopCondition`
Discussions
    `Discussion` (one), `DiscussionExperiment` (many), `ExperimentBuilder` (many under several conditions)
Labels
    `Likert`, `Choice`, `Flag`, `FreeText`, and their base `Scale`; `Annotation` (of one discussion),
    `AnnotationExperiment` (of many); `Labelling` (by hand), `sample_comments`, `CommentSample`, `adjudicate`;
    `agreement`
Data from elsewhere
    `load` opens a run, a study, or what another tool wrote, as a `Corpus`; `from_dataframe` takes a table of comments;
    `load_labels` reads labels on discussions at hand. `Run`, `Study`, `Corpus` and labels are written for other tools
    by their methods `to_convokit`, `to_inspect`, `to_chat`, `to_syndisco`, `to_qdpx`, `to_label_studio`, `to_r`
Results
    `Run`, `Study`, `Transcript`, `Message`, `AnnotationSet`, `Label`, `Cost`, `Estimate`; `annotated`, `compare`
Analysis
    Methods of `Run`, `Study` and of labels: `to_dataframe`, `measures`, `checks`, `agreement`, `validate`, `contrast`,
    `plan`, `plot`, `table`, `report`; the same statistics for arrays from anywhere in `syndisco_nb.analysis`
Forms and views
    `ExperimentForm`, `DiscussionForm`, `AnnotationForm`, `ModelForm`, `PeopleForm`, `PersonaForm`; `watch`, `options`
Errors and logs
    `SyndiscoError` is the root of all errors; `log_to` writes a log file

Names load at first use, so importing the package is fast. Their only list is ``__init__.pyi``.
"""

import logging
from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

logging.getLogger(__name__).addHandler(logging.NullHandler())  # quiet, unless the user asks for the log


def __getattr__(name: str) -> Any:
    if name not in __all__:
        from syndisco_nb.errors import UnknownNameError, suggestion

        hint = suggestion(name, __all__)
        raise UnknownNameError(f"syndisco_nb has no {name!r}.{hint or ' It has: ' + ', '.join(__all__) + '.'}")
    return _load(name)
