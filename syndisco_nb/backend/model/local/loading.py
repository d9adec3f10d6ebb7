"""Find and load the tokenizer and weights of a Hugging Face model."""

import contextlib
import importlib.util
import logging
import os
import re
import textwrap
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.local.engine_versions import check_engine
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, ModelError

logger = logging.getLogger(__name__)

_HUB_ID = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)
_PATIENCE_S = 5

_loading = threading.RLock()  # transformers builds models on a "meta" device that is set for all threads


def checked_path(given: str | os.PathLike[str]) -> str:
    """Return a model path as text.

    Raises
    ------
    InvalidInputError
        If it is neither a folder nor a possible hub id.
    """
    path = os.fspath(given)
    if not isinstance(path, str) or not path.strip():
        raise InvalidInputError(f"model_path is {given!r}, but must be a folder or a hub id.", field="model_path")
    path = os.path.expanduser(path)
    if os.path.isdir(path):
        return path
    parent = Path(path).parent
    if not isinstance(given, str) or not _HUB_ID.fullmatch(path) or (parent != Path() and parent.exists()):
        hint = " A GGUF file runs in an OpenVINOModel." if path.endswith(".gguf") else ""
        if isinstance(given, str) and _HUB_ID.fullmatch(path):
            hint = f" (There is a folder {str(parent)!r} here, so it is taken as a path. Work elsewhere for the hub's.)"
        raise InvalidInputError(
            f"model_path is {path!r}, but there is no such folder. Give a folder that holds a model in "
            f'Hugging Face format, or a hub id such as "Qwen/Qwen3-4B".{hint}',
            field="model_path",
        )
    return path


def check_installed() -> None:
    """Raise `MissingDependencyError` if torch or transformers is not installed."""
    missing = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingDependencyError(
            f"A TransformersModel needs {' and '.join(missing)}, which is missing. Run: pip install {' '.join(missing)}"
        )


def load_tokenizer(source: str, name: str, tokenizer_kwargs: Mapping[str, Any]) -> Any:
    """Return a tokenizer that has a chat template.

    Parameters
    ----------
    source : str
        A folder or hub id.
    name : str
        The name of the model in errors.
    tokenizer_kwargs : mapping

    Raises
    ------
    MissingDependencyError
        If a package that the model needs is not installed.
    ModelError
        If it cannot be loaded, or has no chat template.
    """
    with _translate_errors(name), _one_at_a_time(name), quiet_transformers():
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(source, **_reach(source), **tokenizer_kwargs)
    _check_chat_template(tokenizer, name)
    return tokenizer


def load_weights(source: str, name: str, device: str, dtype: str | None, model_kwargs: Mapping[str, Any]) -> Any:
    """Return a model in evaluation mode.

    Parameters
    ----------
    source : str
        A folder or hub id.
    name : str
        The name of the model in errors.
    device : str
    dtype : str, optional
        By default the fastest that is exact enough on the device.
    model_kwargs : mapping

    Raises
    ------
    MissingDependencyError
        If a package that the model needs is not installed.
    ModelError
        If it cannot be loaded.
    """
    with _translate_errors(name, device), _one_at_a_time(name), quiet_transformers():
        import torch
        from transformers import AutoModelForCausalLM

        torch_dtype = getattr(torch, dtype) if dtype else _best_dtype(device)
        model = AutoModelForCausalLM.from_pretrained(source, **{"dtype": torch_dtype, **_reach(source), **model_kwargs})
        if "device_map" not in model_kwargs:
            model = model.to(device)
    logger.info("loaded %s (%s) on %s", name, model.dtype, model.device)
    return model.eval()


@contextlib.contextmanager
def _translate_errors(name: str, device: str = "") -> Iterator[None]:
    """Turn any error of loading into one of ours, with a remedy."""
    try:
        yield
    except ImportError as error:
        reason = _brief(error)
        needed = re.search(r"pip install (?:-U |--upgrade )?[\"'`]?([\w.-]+(?:\[[\w,-]+\])?)", str(error))
        package = needed[1] if needed else (error.name or "transformers").partition(".")[0]
        raise MissingDependencyError(
            f"The model {name!r} needs {package}: {reason}. Run: pip install {package}"
        ) from error
    except Exception as error:
        remedy = (
            "Give a folder that holds a model in Hugging Face format, or a hub id, with the hub in reach."
            if isinstance(error, OSError | ValueError)
            else f"Check the device ({device!r}), model_kwargs, and whether its files are whole."
        )
        raise ModelError(f"The model {name!r} cannot be loaded: {_brief(error)}. {remedy}") from error


def _brief(error: Exception) -> str:
    return textwrap.shorten(str(error) or type(error).__name__, 300, placeholder=" …").rstrip(".")


def _reach(source: str) -> dict[str, bool]:
    """Return {"local_files_only": True} for a hub id while the hub is out of reach; transformers tries for a minute."""
    if os.path.isdir(source):
        return {}
    from huggingface_hub import constants, get_session

    try:
        get_session().head(constants.ENDPOINT, timeout=_PATIENCE_S)
    except Exception as error:  # no name, no route, no answer, offline mode
        logger.info("the hub is not in reach (%s); only the files on this computer are used", error)
        return {"local_files_only": True}
    return {}


@contextlib.contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    """Wait until no other model is being loaded, and log that if one is."""
    if not _loading.acquire(blocking=False):
        logger.warning("%r waits for another model to be loaded, perhaps by a call that was interrupted", name)
        _loading.acquire()
    try:
        yield
    finally:
        _loading.release()


@contextlib.contextmanager
def quiet_transformers() -> Iterator[None]:
    """Switch off the progress bars of transformers; one thread at a time."""
    from transformers import modeling_gguf_pytorch_utils as gguf
    from transformers.utils import logging as transformers_logging

    with _loading:
        shown = transformers_logging.is_progress_bar_enabled()
        transformers_logging.disable_progress_bar()
        check_engine("transformers", hasattr(gguf, "tqdm"), "GGUF files are read under a bar of tqdm")
        gguf_bar = gguf.tqdm  # this bar ignores the switch
        gguf.tqdm = lambda items, **_: items
        try:
            yield
        finally:
            gguf.tqdm = gguf_bar
            if shown:
                transformers_logging.enable_progress_bar()


def best_device() -> str:
    """Return the fastest available device."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _best_dtype(device: str) -> Any:
    import torch

    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    has_bf16 = device == "cpu" and torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if has_bf16 else torch.float32


def _check_chat_template(tokenizer: Any, model_path: str) -> None:
    template = getattr(tokenizer, "chat_template", None)
    if not template:
        raise ModelError(
            f"The model {model_path!r} has no chat template: it is not made for conversation. Use its "
            '"instruct" or "chat" variant, or give tokenizer_kwargs={"chat_template": ...}.'
        )
    if isinstance(template, Mapping) and "default" not in template:
        raise ModelError(
            f"The model {model_path!r} has several chat templates ({', '.join(sorted(template))}), none of which is "
            'the default. Give the text of one as tokenizer_kwargs={"chat_template": ...}.'
        )
