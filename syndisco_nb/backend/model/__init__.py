"""Language models behind one interface: local weights, servers, scripts and people.

A new file whose name ends in ``_model.py``, here or in one of the rooms below, is found by itself.
"""

from syndisco_nb.backend.kinds import load_modules
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.batch.batch_model import BatchModel
from syndisco_nb.backend.model.cached import CachedModel
from syndisco_nb.backend.model.cluster.cluster_model import ClusterModel
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.backend.model.local.bundled import bundled_model
from syndisco_nb.backend.model.local.openvino_model import OpenVINOModel
from syndisco_nb.backend.model.local.transformers_model import TransformersModel
from syndisco_nb.backend.model.replicas.replicas_model import Replicas
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.backend.model.scripted import ScriptedModel
from syndisco_nb.backend.model.server.openai_model import OpenAIModel
from syndisco_nb.records import Sampling

__all__ = [
    "BatchModel",
    "CachedModel",
    "ClusterModel",
    "Completion",
    "HumanModel",
    "Model",
    "OpenAIModel",
    "OpenVINOModel",
    "Replicas",
    "Request",
    "Sampling",
    "ScriptedModel",
    "TransformersModel",
    "bundled_model",
]

load_modules(__name__, __path__, "_model")
