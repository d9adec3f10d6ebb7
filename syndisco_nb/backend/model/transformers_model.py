"""Any Hugging Face chat model, from a folder or the hub, on CPU or GPU."""

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.base import Completion, Request
from syndisco_nb.backend.model.batching import BatchingModel
from syndisco_nb.errors import InvalidInputError, ModelError, named_arguments, require, require_int
from syndisco_nb.records import ChatMessage, Sampling

logger = logging.getLogger(__name__)

_OURS = ("temperature", "top_p", "top_k", "repetition_penalty", "max_new_tokens", "max_length", "do_sample")


class TransformersModel(BatchingModel):
    """A Hugging Face model that answers by its chat template.

    The weights are loaded at the first request. Every reply is drawn by its request's own settings and
    seed, whatever else is in the batch.

    Parameters
    ----------
    model_path : str or path-like
        A folder, or a hub id such as "Qwen/Qwen3-4B".
    name : str, optional
        What transcripts call the model; the last part of the path by default.
    max_out_tokens : int
        The longest reply, in tokens.
    dtype : str, optional
        For example "bfloat16" or "float32". By default bfloat16 where the device computes in it, and
        float32 elsewhere.
    device : str, optional
        "cpu", "cuda", "cuda:1", "mps"; by default the fastest there is.
    sampling : Sampling, optional
        How replies are drawn; its `max_tokens` gives way to `max_out_tokens`.
    model_kwargs : mapping, optional
        Further arguments of `AutoModelForCausalLM.from_pretrained`, such as a quantisation.
    tokenizer_kwargs : mapping, optional
        Further arguments of `AutoTokenizer.from_pretrained`, such as a `chat_template`.
    generation_kwargs : mapping, optional
        Further arguments of `GenerationConfig`, such as `no_repeat_ngram_size`.
    batch_tokens : int
        The largest batch: number of requests times the length of the longest, prompt and reply.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used, a folder that does not exist among them.
    ModelError
        When loading: if there is no such model, or it has no chat template.
    """

    @named_arguments
    def __init__(
        self,
        model_path: str | os.PathLike[str],
        name: str | None = None,
        max_out_tokens: int = 500,
        dtype: str | None = None,
        device: str | None = None,
        sampling: Sampling | None = None,
        model_kwargs: Mapping[str, Any] | None = None,
        tokenizer_kwargs: Mapping[str, Any] | None = None,
        generation_kwargs: Mapping[str, Any] | None = None,
        batch_tokens: int = 32_768,
    ) -> None:
        require_int("max_out_tokens", max_out_tokens, 1)
        require_int("batch_tokens", batch_tokens, 1)
        self.model_path = _model_path(model_path)
        super().__init__(name or Path(self.model_path).name, batch_tokens)
        wanted = asdict(sampling or Sampling(top_p=0.95, top_k=50))
        self.sampling = Sampling(**{**wanted, "max_tokens": max_out_tokens})
        self.dtype = dtype
        self.device = device
        self.model_kwargs = dict(model_kwargs or {})
        self.tokenizer_kwargs = dict(tokenizer_kwargs or {})
        self.generation_kwargs = dict(generation_kwargs or {})
        clash = sorted(set(self.generation_kwargs) & set(_OURS))
        require(not clash, f"generation_kwargs has {clash}. Use sampling=Sampling(...) and max_out_tokens.")
        self._model: Any = None
        self._tokenizer: Any = None
        self._takes_system = True

    def settings(self) -> dict[str, Any]:
        """Return the path and all settings, as given."""
        return {
            **super().settings(),
            "model_path": self.model_path,
            "dtype": self.dtype,
            "device": self.device,
            "sampling": asdict(self.sampling),
            "model_kwargs": {key: repr(value) for key, value in self.model_kwargs.items()},
            "tokenizer_kwargs": {key: repr(value) for key, value in self.tokenizer_kwargs.items()},
            "generation_kwargs": {key: repr(value) for key, value in self.generation_kwargs.items()},
        }

    def __repr__(self) -> str:
        return f"TransformersModel({self.model_path!r}, name={self.name!r}, max_out_tokens={self.sampling.max_tokens})"

    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, laid out by the model's chat template, ready for the reply."""
        self._load()
        chat = [{"role": message.role, "content": message.content} for message in messages]
        if not self._takes_system:
            chat = _fold_system(chat)
        # Tokenised by the template itself: tokenising its text again would add a second BOS.
        return list(self._tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=False))

    def _source(self) -> str:
        """Return where transformers finds the model; a subclass may have to make it first."""
        return self.model_path

    def _max_tokens(self, request: Request) -> int:
        return (request.sampling or self.sampling).max_tokens

    def _load(self) -> None:
        if self._model is not None:
            return
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        device = self.device or _best_device()
        dtype = getattr(torch, self.dtype) if self.dtype else _best_dtype(device)
        try:
            with _quiet_transformers():
                source = self._source()
                tokenizer = AutoTokenizer.from_pretrained(source, **self.tokenizer_kwargs)
                _check_chat_template(tokenizer, self.model_path)
                model = AutoModelForCausalLM.from_pretrained(source, **{"dtype": dtype, **self.model_kwargs})
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The model {self.model_path!r} cannot be loaded: {str(error).strip().splitlines()[0]} "
                "Give a folder that holds a model in Hugging Face format, or a hub id, with the hub in reach."
            ) from error
        if "device_map" not in self.model_kwargs:
            model = model.to(device)
        self._takes_system = _takes_system(tokenizer)
        self._tokenizer = tokenizer
        self._model = model.eval()
        logger.info("loaded %s (%s) on %s", self.model_path, model.dtype, model.device)

    def _generate(self, batch: Sequence[Request], abandoned: Callable[[], bool]) -> list[Completion]:
        import torch
        from transformers import GenerationConfig

        from syndisco_nb.backend.model.sampler import RowSampler

        started = time.perf_counter()
        samplings = [request.sampling or self.sampling for request in batch]
        limits = [sampling.max_tokens for sampling in samplings]
        prompts = [self.encode(request.messages) for request in batch]
        self._check_length(prompts, limits)
        ends = self._end_tokens()
        pad = ends[0] if self._tokenizer.pad_token_id is None else self._tokenizer.pad_token_id
        width = max(map(len, prompts))
        device = self._model.device
        ids = torch.tensor([[pad] * (width - len(prompt)) + prompt for prompt in prompts], device=device)
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts], device=device)
        longest = torch.tensor(limits, device=device)

        def finished(input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
            return (input_ids.shape[1] - width >= longest) | abandoned()

        with torch.inference_mode():
            rows = self._model.generate(
                ids,
                attention_mask=mask,
                generation_config=GenerationConfig(
                    do_sample=False,
                    max_new_tokens=max(limits),
                    eos_token_id=ends,
                    pad_token_id=pad,
                    **self.generation_kwargs,
                ),
                logits_processor=[RowSampler(samplings, [r.seed for r in batch], width, [*ends, pad], device)],
                stopping_criteria=[finished],
            )[:, width:].tolist()
        seconds = time.perf_counter() - started
        return [
            self._completion(prompt, row[:limit], ends, sampling, seconds, len(batch))
            for prompt, row, limit, sampling in zip(prompts, rows, limits, samplings, strict=True)
        ]

    def _completion(
        self, prompt: list[int], row: list[int], ends: list[int], sampling: Sampling, seconds: float, batch_size: int
    ) -> Completion:
        end = next((place for place, token in enumerate(row) if token in ends), None)
        reply = row if end is None else row[:end]
        return Completion(
            text=self._tokenizer.decode(reply, skip_special_tokens=True),
            finish_reason="length" if end is None else "stop",
            sampling=sampling,
            prompt_tokens=len(prompt),
            completion_tokens=len(reply) + (end is not None),
            seconds=round(seconds, 3),
            batch_size=batch_size,
        )

    def _end_tokens(self) -> list[int]:
        ends = self._model.generation_config.eos_token_id
        ends = self._tokenizer.eos_token_id if ends is None else ends
        return list(ends) if isinstance(ends, list | tuple) else [ends]

    def _check_length(self, prompts: list[list[int]], limits: list[int]) -> None:
        most = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        for prompt, limit in zip(prompts, limits, strict=True):
            if most is not None and len(prompt) + limit > most:
                raise ModelError(
                    f"A prompt of {len(prompt)} tokens with a reply of up to {limit} does not fit into the "
                    f"{most} tokens that {self.name!r} takes. Lower the window or max_out_tokens."
                )


@contextlib.contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Keep the library's own progress bars out of ours."""
    from transformers.utils import logging as transformers_logging

    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()


def _model_path(given: str | os.PathLike[str]) -> str:
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


def _best_device() -> str:
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
    if not getattr(tokenizer, "chat_template", None):
        raise ModelError(
            f"The model {model_path!r} has no chat template: it is not made for conversation. Use its "
            '"instruct" or "chat" variant, or give tokenizer_kwargs={"chat_template": ...}.'
        )


def _takes_system(tokenizer: Any) -> bool:
    """Return whether the chat template has a place for a system message (Gemma's, for one, has none)."""
    chat = [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]
    try:
        tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
    except Exception as error:  # the template raises what it likes
        logger.info("the chat template takes no system message (%s); it goes into the user's", error)
        return False
    return True


def _fold_system(chat: list[dict[str, str]]) -> list[dict[str, str]]:
    """Put the system message before the first user message."""
    if len(chat) < 2 or chat[0]["role"] != "system":
        return chat
    first = {"role": chat[1]["role"], "content": f"{chat[0]['content']}\n\n{chat[1]['content']}"}
    return [first, *chat[2:]]
