"""Find and load a Hugging Face model: what `TransformersModel` does before it can answer."""

import contextlib
import logging
import os
import textwrap
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from syndisco_nb.errors import InvalidInputError, ModelError

logger = logging.getLogger(__name__)

_loading = threading.Lock()  # transformers makes models on a "meta" device that all threads share meanwhile


def checked_path(given: str | os.PathLike[str]) -> str:
    """Return the path as text, if it is a folder or may be a hub id."""
    path = os.fspath(given)
    if not isinstance(path, str) or not path.strip():
        raise InvalidInputError(f"model_path is {given!r}, but must be a folder or a hub id.")
    local = not isinstance(given, str) or path.startswith((".", "~", os.sep)) or path.count("/") > 1 or "\\" in path
    path = os.path.expanduser(path)
    if local and not os.path.isdir(path):
        raise InvalidInputError(
            f"model_path is {path!r}, but there is no such folder. Give a folder that holds a model in "
            'Hugging Face format, or a hub id such as "Qwen/Qwen3-4B".'
        )
    return path


def load(
    source: str,
    name: str,
    device: str,
    dtype: str | None,
    model_kwargs: Mapping[str, Any],
    tokenizer_kwargs: Mapping[str, Any],
) -> tuple[Any, Any, bool]:
    """Return model, tokenizer, and whether the chat template has a place for a system message.

    Raises
    ------
    ModelError
        If any of it cannot be loaded; `name` is what the message calls the model.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        with _alone(name), quiet_transformers():
            kind = getattr(torch, dtype) if dtype else _best_dtype(device)
            tokenizer = AutoTokenizer.from_pretrained(source, **tokenizer_kwargs)
            _check_chat_template(tokenizer, name)
            model = AutoModelForCausalLM.from_pretrained(source, **{"dtype": kind, **model_kwargs})
            if "device_map" not in model_kwargs:
                model = model.to(device)
    except ModelError:
        raise
    except Exception as error:
        reason = textwrap.shorten(str(error) or type(error).__name__, 300, placeholder=" …")
        remedy = (
            "Give a folder that holds a model in Hugging Face format, or a hub id, with the hub in reach."
            if isinstance(error, OSError | ValueError)
            else f"Check the device ({device!r}), model_kwargs, and whether its files are whole."
        )
        raise ModelError(f"The model {name!r} cannot be loaded: {reason.rstrip('.')}. {remedy}") from error
    logger.info("loaded %s (%s) on %s", name, model.dtype, model.device)
    return model.eval(), tokenizer, _takes_system(tokenizer)


@contextlib.contextmanager
def _alone(name: str) -> Iterator[None]:
    """Wait until no other model is being loaded, and say so if one is."""
    if not _loading.acquire(blocking=False):
        logger.warning("%r waits for another model to be loaded, perhaps by a call that was interrupted", name)
        _loading.acquire()
    try:
        yield
    finally:
        _loading.release()


@contextlib.contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep the library's own progress bars out of ours."""
    from transformers import modeling_gguf_pytorch_utils as gguf
    from transformers.utils import logging as transformers_logging

    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    gguf_bar = gguf.tqdm  # the one bar that does not listen
    gguf.tqdm = lambda items, **_: items
    try:
        yield
    finally:
        gguf.tqdm = gguf_bar
        if shown:
            transformers_logging.enable_progress_bar()


def best_device() -> str:
    """Return the fastest device there is."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def fold_system(chat: list[dict[str, str]]) -> list[dict[str, str]]:
    """Put the system message before the first user message."""
    if len(chat) < 2 or chat[0]["role"] != "system":
        return chat
    first = {"role": chat[1]["role"], "content": f"{chat[0]['content']}\n\n{chat[1]['content']}"}
    return [first, *chat[2:]]


def _best_dtype(device: str) -> Any:
    import torch

    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    has_bf16 = device == "cpu" and torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if has_bf16 else torch.float32


def _check_chat_template(tokenizer: Any, model_path: str) -> None:
    if not getattr(tokenizer, "chat_template", None):
        raise ModelError(
            f"The model {model_path!r} has no chat template: it is not made for conversation. Use its "
            '"instruct" or "chat" variant, or give tokenizer_kwargs={"chat_template": ...}.'
        )


def _takes_system(tokenizer: Any) -> bool:
    """Return whether the chat template has a place for a system message; some refuse it, some drop it."""
    mark = "\u2063system\u2063"
    chat = [{"role": "system", "content": mark}, {"role": "user", "content": "b"}]
    try:
        text = tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
    except Exception as error:  # a template raises what it likes
        text = str(error)
    if mark not in text:
        logger.info("the chat template takes no system message; it goes into the user's")
    return mark in text
