"""Models, and what goes in and out of them: for those who write a model of their own.

Examples
--------
>>> from syndisco_nb import models
>>> class Parrot(models.Model):
...     async def complete(self, request: models.Request) -> models.Completion:
...         return models.Completion(request.messages[-1].content)
>>> Parrot("parrot")
Parrot(name='parrot')
"""

from syndisco_nb.backend.model import (
    BatchModel,
    CachedModel,
    ClusterModel,
    Completion,
    HumanModel,
    Model,
    OpenAIModel,
    OpenVINOModel,
    Replicas,
    Request,
    Sampling,
    ScriptedModel,
    TransformersModel,
    bundled_model,
)
from syndisco_nb.records import ChatMessage

__all__ = [
    "BatchModel",
    "CachedModel",
    "ChatMessage",
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
