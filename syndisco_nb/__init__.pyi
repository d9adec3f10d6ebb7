"""Public names: type checkers, editors and the lazy loader of `__init__.py` all read them here."""

from . import analysis as analysis
from . import models as models
from ._version import __version__ as __version__
from .analysis.agreement import agreement as agreement
from .backend.actors import (
    ActorType as ActorType,
)
from .backend.actors import (
    LLMActor as LLMActor,
)
from .backend.model import (
    BatchModel as BatchModel,
)
from .backend.model import (
    CachedModel as CachedModel,
)
from .backend.model import (
    ClusterModel as ClusterModel,
)
from .backend.model import (
    Completion as Completion,
)
from .backend.model import (
    HumanModel as HumanModel,
)
from .backend.model import (
    Model as Model,
)
from .backend.model import (
    OpenAIModel as OpenAIModel,
)
from .backend.model import (
    OpenVINOModel as OpenVINOModel,
)
from .backend.model import (
    Replicas as Replicas,
)
from .backend.model import (
    Request as Request,
)
from .backend.model import (
    Sampling as Sampling,
)
from .backend.model import (
    ScriptedModel as ScriptedModel,
)
from .backend.model import (
    TransformersModel as TransformersModel,
)
from .backend.model import (
    bundled_model as bundled_model,
)
from .backend.persona import (
    LLMPersona as LLMPersona,
)
from .backend.persona import (
    People as People,
)
from .backend.persona_files import load_personas as load_personas
from .backend.population import (
    Sample as Sample,
)
from .backend.population import (
    sample_people as sample_people,
)
from .backend.prompts import PromptTemplate as PromptTemplate
from .backend.scale import (
    Scale as Scale,
)
from .backend.scale.choice import (
    Choice as Choice,
)
from .backend.scale.flag import (
    Flag as Flag,
)
from .backend.scale.free_text import (
    FreeText as FreeText,
)
from .backend.scale.likert import (
    Likert as Likert,
)
from .backend.stop_condition import (
    StopCondition as StopCondition,
)
from .backend.stop_condition.after_phrase import (
    AfterPhrase as AfterPhrase,
)
from .backend.stop_condition.after_silences import (
    AfterSilences as AfterSilences,
)
from .backend.turn_manager import (
    RoundRobbin as RoundRobbin,
)
from .backend.turn_manager import (
    RoundRobin as RoundRobin,
)
from .backend.turn_manager import (
    TurnManager as TurnManager,
)
from .backend.turn_manager.hosted import (
    Hosted as Hosted,
)
from .backend.turn_manager.random_other import (
    RandomOther as RandomOther,
)
from .backend.turn_manager.respond_with_probability import (
    RespondWithProbability as RespondWithProbability,
)
from .backend.turn_manager.weighted import (
    Weighted as Weighted,
)
from .builder import (
    ExperimentBuilder as ExperimentBuilder,
)
from .builder import (
    Study as Study,
)
from .display.options import options as options
from .display.pages.annotated_page import annotated as annotated
from .display.pages.comparison_page import compare as compare
from .errors import SyndiscoError as SyndiscoError
from .experiments import (
    AnnotationExperiment as AnnotationExperiment,
)
from .experiments import (
    CommentSample as CommentSample,
)
from .experiments import (
    DiscussionExperiment as DiscussionExperiment,
)
from .experiments import (
    Labelling as Labelling,
)
from .experiments import (
    adjudicate as adjudicate,
)
from .experiments import (
    sample_comments as sample_comments,
)
from .formats.labels.label_files import load_labels as load_labels
from .formats.load_files import load as load
from .formats.tables.comment_table import from_dataframe as from_dataframe
from .jobs import (
    Annotation as Annotation,
)
from .jobs import (
    Discussion as Discussion,
)
from .log import log_to as log_to
from .records import (
    AnnotationSet as AnnotationSet,
)
from .records import (
    ChatMessage as ChatMessage,
)
from .records import (
    Label as Label,
)
from .records import (
    Message as Message,
)
from .records import (
    Transcript as Transcript,
)
from .running.estimation import Estimate as Estimate
from .runs.corpus import Corpus as Corpus
from .runs.cost import Cost as Cost
from .runs.run import Run as Run
from .widgets.forms.annotation_form import AnnotationForm as AnnotationForm
from .widgets.forms.discussion_form import DiscussionForm as DiscussionForm
from .widgets.forms.experiment_form import ExperimentForm as ExperimentForm
from .widgets.forms.model_form import ModelForm as ModelForm
from .widgets.forms.people_form import PeopleForm as PeopleForm
from .widgets.forms.persona_form import PersonaForm as PersonaForm
from .widgets.live import watch as watch
