"""Any Hugging Face chat model, from a folder or the hub, on CPU or GPU."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.base import DEFAULT_SAMPLING, Completion, Request, scored
from syndisco_nb.backend.model.batching import BatchingModel
from syndisco_nb.backend.model.loading import best_device, checked_path, fold_system, load, quiet_transformers
from syndisco_nb.errors import ModelError, named_arguments, require, require_int, suggestion
from syndisco_nb.records import ChatMessage, Sampling

_OURS = ("temperature", "top_p", "top_k", "repetition_penalty", "max_new_tokens", "max_length", "do_sample")
_OURS_TOO = ("eos_token_id", "pad_token_id")
_DTYPES = ("bfloat16", "float16", "float32")


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

    sampling: Sampling

    @named_arguments
    def __init__(
        self,
        model_path: str | os.PathLike[str],
        name: str | None = None,
        max_out_tokens: int = DEFAULT_SAMPLING.max_tokens,
        dtype: str | None = None,
        device: str | None = None,
        sampling: Sampling | None = None,
        model_kwargs: Mapping[str, Any] | None = None,
        tokenizer_kwargs: Mapping[str, Any] | None = None,
        generation_kwargs: Mapping[str, Any] | None = None,
        batch_tokens: int = 32_768,
    ) -> None:
        self.model_path = checked_path(model_path)
        super().__init__(name or Path(self.model_path).name, require_int("batch_tokens", batch_tokens, 1))
        limit = require_int("max_out_tokens", max_out_tokens, 1)
        self.sampling = replace(sampling or DEFAULT_SAMPLING, max_tokens=limit)
        self.dtype = dtype
        self.device = device
        self.model_kwargs = dict(model_kwargs or {})
        self.tokenizer_kwargs = dict(tokenizer_kwargs or {})
        self.generation_kwargs = dict(generation_kwargs or {})
        clash = sorted(set(self.generation_kwargs) & set(_OURS))
        require(not clash, f"generation_kwargs has {clash}. Use sampling=Sampling(...) and max_out_tokens.")
        clash = sorted(set(self.generation_kwargs) & set(_OURS_TOO))
        require(not clash, f"generation_kwargs has {clash}, which the model and its tokenizer decide. Leave them out.")
        require(dtype is None or dtype in _DTYPES, f"dtype is {dtype!r}, but must be one of: {', '.join(_DTYPES)}.")
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

    def identity(self) -> dict[str, Any]:
        """Return the path and what changes the weights or the text; not the device or precision."""
        settings = self.settings()
        return {key: settings[key] for key in ("model_path", "model_kwargs", "tokenizer_kwargs", "generation_kwargs")}

    def __repr__(self) -> str:
        return f"TransformersModel({self.model_path!r}, name={self.name!r}, max_out_tokens={self.sampling.max_tokens})"

    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, laid out by the model's chat template, ready for the reply."""
        self._load()
        chat = [{"role": message.role, "content": message.content} for message in messages]
        if not self._takes_system:
            chat = fold_system(chat)
        # Tokenised by the template itself: tokenising its text again would add a second BOS.
        return list(self._tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=False))

    def _source(self) -> str:
        """Return where transformers finds the model; a subclass may have to make it first."""
        return self.model_path

    def _max_tokens(self, request: Request) -> int:
        return sum(map(len, request.labels)) or (request.sampling or self.sampling).max_tokens

    def _load(self) -> None:
        if self._model is None:
            self._check_generation_kwargs()
            with quiet_transformers():
                source = self._source()
            self._model, self._tokenizer, self._takes_system = load(
                source,
                self.model_path,
                self.device or best_device(),
                self.dtype,
                self.model_kwargs,
                self.tokenizer_kwargs,
            )

    def _check_generation_kwargs(self) -> None:
        from transformers import GenerationConfig

        known = vars(GenerationConfig())
        for name in self.generation_kwargs:
            if name not in known:  # transformers itself would ignore it
                raise ModelError(
                    f"generation_kwargs has {name!r}, which transformers does not know.{suggestion(name, known)}"
                )

    def _generate(self, batch: Sequence[Request], abandoned: Callable[[], bool]) -> list[Completion | Exception]:
        rows = [
            _Row(self.encode(request.messages), request.sampling or self.sampling, request.seed, request.labels)
            for request in batch
        ]
        answers: list[Completion | Exception | None] = [self._too_long(row) for row in rows]
        fitting = [row for row, answer in zip(rows, answers, strict=True) if answer is None]
        free = [row for row in fitting if not row.labels]
        completions = dict(zip(map(id, free), self._decode(free, abandoned), strict=True)) if free else {}
        completions |= self._score([row for row in fitting if row.labels])
        return [completions[id(row)] if answer is None else answer for row, answer in zip(rows, answers, strict=True)]

    def _out_of_memory(self, error: Exception) -> bool:
        import torch

        if isinstance(error, torch.OutOfMemoryError) and torch.cuda.is_available():
            torch.cuda.empty_cache()
        # On the CPU, torch has no type of its own for it.
        on_cpu = isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
        return isinstance(error, torch.OutOfMemoryError) or on_cpu or super()._out_of_memory(error)

    def _score(self, rows: Sequence["_Row"]) -> dict[int, Completion]:
        from syndisco_nb.backend.model.scoring import LabelTree, Question
        from syndisco_nb.backend.model.transformers_scoring import TransformersScorer

        end = self._end_tokens()[0]
        trees = {
            labels: LabelTree.of([self._tokenizer.encode(label, add_special_tokens=False) for label in labels], end)
            for labels in {row.labels for row in rows}
        }
        questions = [Question(tuple(row.prompt), trees[row.labels]) for row in rows]
        return {
            id(rows[number]): scored(rows[number].labels, one, len(rows[number].prompt), seconds, len(found))
            for found, seconds in TransformersScorer(self._model).score(questions, self.batch_tokens)
            for number, one in found.items()
        }

    def _decode(self, rows: Sequence["_Row"], abandoned: Callable[[], bool]) -> list[Completion]:
        import torch
        from transformers import GenerationConfig

        from syndisco_nb.backend.model.sampler import RowSampler

        started = time.perf_counter()
        ends = self._end_tokens()
        pad = ends[0] if self._tokenizer.pad_token_id is None else self._tokenizer.pad_token_id
        width = max(len(row.prompt) for row in rows)
        padding = [width - len(row.prompt) for row in rows]
        device = self._model.device
        ids = torch.tensor([[pad] * left + row.prompt for left, row in zip(padding, rows, strict=True)], device=device)
        mask = torch.tensor([[0] * left + [1] * (width - left) for left in padding], device=device)
        limits = torch.tensor([row.sampling.max_tokens for row in rows], device=device)
        sampler = RowSampler([row.sampling for row in rows], [row.seed for row in rows], width, [*ends, pad], device)

        def finished(input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
            return (input_ids.shape[1] - width >= limits) | abandoned()

        with torch.inference_mode():
            replies = self._model.generate(
                ids,
                attention_mask=mask,
                generation_config=GenerationConfig(
                    do_sample=False,
                    max_new_tokens=int(limits.max()),
                    eos_token_id=ends,
                    pad_token_id=pad,
                    **self.generation_kwargs,
                ),
                logits_processor=[sampler],
                stopping_criteria=[finished],
            )[:, width:].tolist()
        seconds = round(time.perf_counter() - started, 3)
        return [
            self._completion(row, reply, ends, seconds, len(rows)) for row, reply in zip(rows, replies, strict=True)
        ]

    def _completion(
        self, row: "_Row", reply: list[int], ends: list[int], seconds: float, batch_size: int
    ) -> Completion:
        reply = reply[: row.sampling.max_tokens]
        end = next((place for place, token in enumerate(reply) if token in ends), None)
        return Completion(
            text=self._tokenizer.decode(reply[:end], skip_special_tokens=True),
            finish_reason="length" if end is None else "stop",
            sampling=row.sampling,
            prompt_tokens=len(row.prompt),
            completion_tokens=len(reply) if end is None else end + 1,
            seconds=seconds,
            batch_size=batch_size,
        )

    def _end_tokens(self) -> list[int]:
        ends = self._model.generation_config.eos_token_id
        ends = self._tokenizer.eos_token_id if ends is None else ends
        return list(ends) if isinstance(ends, list | tuple) else [ends]

    def _too_long(self, row: "_Row") -> ModelError | None:
        most = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        limit = row.sampling.max_tokens
        if most is None or len(row.prompt) + limit <= most:
            return None
        return ModelError(
            f"A prompt of {len(row.prompt)} tokens with a reply of up to {limit} does not fit into the {most} tokens "
            f"that {self.name!r} takes. Lower the window or max_out_tokens."
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a batch."""

    prompt: list[int]
    sampling: Sampling
    seed: int
    labels: tuple[str, ...] = ()
