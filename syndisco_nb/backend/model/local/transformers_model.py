"""Any Hugging Face chat model, from a folder or the hub, on CPU or GPU."""

import functools
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.kinds import Requirement
from syndisco_nb.backend.model.base import DEFAULT_SAMPLING, MAX_TOKENS, ResolvedSampling
from syndisco_nb.backend.model.local.batching import Answered, PendingRequest
from syndisco_nb.backend.model.local.chat_model import ChatModel
from syndisco_nb.backend.model.local.chat_template import ChatTemplate
from syndisco_nb.backend.model.local.fingerprints import fingerprint, snapshot
from syndisco_nb.backend.model.local.hub_tokenizer import HubTokenizer
from syndisco_nb.backend.model.local.loading import (
    best_device,
    check_installed,
    checked_path,
    load_tokenizer,
    load_weights,
    quiet_transformers,
)
from syndisco_nb.backend.model.local.logits_processors import check_generation_kwargs, make_processors
from syndisco_nb.backend.model.local.scoring import Scorer
from syndisco_nb.backend.model.local.template_variables import DATE
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.backend.model.thoughts import Thinking
from syndisco_nb.errors import ModelError, named_arguments, require, require_int
from syndisco_nb.records import Sampling

if TYPE_CHECKING:
    from syndisco_nb.backend.model.local.transformers_decoding import PaddedRow

logger = logging.getLogger(__name__)

_DTYPES = ("bfloat16", "float16", "float32")


class TransformersModel(ChatModel):
    """A Hugging Face model that answers by its chat template.

    The weights are loaded at the first request. Every reply depends on the settings and seed of its request alone, not
    on the batch. Requests join the running batch between two tokens, the longest first, and leave it when they are
    answered. For a model with layers other than attention (linear attention, state spaces), they join when the batch is
    finished; for one whose cache cannot be batched at all, `transformers.generate` answers them one at a time.

    Parameters
    ----------
    model_path : str or path-like
        A folder, or a hub id such as "Qwen/Qwen3-4B".
    name : str, optional
        The name in transcripts; the last part of the path by default.
    max_out_tokens : int
        The longest reply, in tokens.
    dtype : str, optional
        For example "bfloat16" or "float32". By default bfloat16 where the device computes in it, and
        float32 elsewhere.
    device : str, optional
        "cpu", "cuda", "cuda:1", "mps"; by default the fastest available.
    sampling : Sampling, optional
        Settings for requests that have none; `max_out_tokens` replaces its `max_tokens`.
    model_kwargs : mapping, optional
        Further arguments of `AutoModelForCausalLM.from_pretrained`, such as a quantisation.
    tokenizer_kwargs : mapping, optional
        Further arguments of `AutoTokenizer.from_pretrained`, such as a `chat_template`.
    generation_kwargs : mapping, optional
        Further settings of `GenerationConfig`: `bad_words_ids`, `begin_suppress_tokens`,
        `exponential_decay_length_penalty`, `min_new_tokens`, `no_repeat_ngram_size`, `sequence_bias` or
        `suppress_tokens`.
    thinking : bool or int, optional
        Whether the model thinks before it answers, or the largest number of tokens for that, if its chat template has
        a switch; by default as the template has it. Thoughts are kept as `Generation.reasoning`, and not spoken.
    date : str
        Today's date for the chat template, fixed so that prompts do not change from day to day.
    chat_template_kwargs : mapping, optional
        Further variables of the chat template, such as `enable_thinking` or `reasoning_effort`.
    batch_tokens : int
        The largest batch: number of requests times the length of the longest, prompt and reply. Up to an eighth more is
        kept for shared prefixes. A batch that does not fit into memory is halved.

    Raises
    ------
    InvalidInputError
        If an argument cannot work, such as a folder that does not exist.
    MissingDependencyError
        When loading: if a package is missing that the model needs.
    ModelError
        When loading: if there is no such model, transformers cannot run it, it has no usable chat template, or no token
        ends its replies.

    Examples
    --------
    >>> from syndisco_nb import TransformersModel
    >>> TransformersModel("Qwen/Qwen3-4B-Instruct-2507", max_out_tokens=200)
    TransformersModel('Qwen/Qwen3-4B-Instruct-2507', name='Qwen3-4B-Instruct-2507', max_out_tokens=200)
    """

    form_label = "Hugging Face model on this computer"
    form_rank = 2
    requires = Requirement(("torch", "transformers"), "pip install torch transformers")
    _overflow_remedy = "Load it with dtype='float32' or 'bfloat16'."

    @named_arguments
    def __init__(
        self,
        model_path: str | os.PathLike[str],
        name: str | None = None,
        max_out_tokens: int = MAX_TOKENS,
        dtype: str | None = None,
        device: str | None = None,
        sampling: Sampling | None = None,
        model_kwargs: Mapping[str, Any] | None = None,
        tokenizer_kwargs: Mapping[str, Any] | None = None,
        generation_kwargs: Mapping[str, Any] | None = None,
        batch_tokens: int = 32_768,
        thinking: Thinking | None = None,
        date: str = DATE,
        chat_template_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        self.model_path = checked_path(model_path)
        super().__init__(
            name or Path(self.model_path).name,
            require_int("batch_tokens", batch_tokens, 1),
            replace(sampling or DEFAULT_SAMPLING, max_tokens=require_int("max_out_tokens", max_out_tokens, 1)),
            thinking,
            date,
            chat_template_kwargs,
        )
        self.dtype = dtype
        self.device = device
        self.model_kwargs = dict(model_kwargs or {})
        self.tokenizer_kwargs = dict(tokenizer_kwargs or {})
        self.generation_kwargs = dict(generation_kwargs or {})
        refuse_secrets(
            {
                "model_kwargs": self.model_kwargs,
                "tokenizer_kwargs": self.tokenizer_kwargs,
                "generation_kwargs": self.generation_kwargs,
            }
        )
        check_generation_kwargs(self.generation_kwargs)
        require(
            dtype is None or dtype in _DTYPES, f"dtype is {dtype!r}, but must be one of: {', '.join(_DTYPES)}.", "dtype"
        )
        self._model: Any = None
        self._tokenizer: Any = None

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        own = ("model_path", "dtype", "device", "model_kwargs", "tokenizer_kwargs", "generation_kwargs", "batch_tokens")
        return {**{name: getattr(self, name) for name in own}, **self._chat_arguments()}

    def settings(self) -> dict[str, Any]:
        """Return all settings as given, and a fingerprint of the weights if they are in a folder."""
        return {
            **super().settings(),
            "model_path": self.model_path,
            **({"weights": self._fingerprint} if self._fingerprint else {}),
            "dtype": self.dtype,
            "device": self.device,
            "sampling": asdict(self.sampling),
            "model_kwargs": {key: _argument_text(value) for key, value in self.model_kwargs.items()},
            "tokenizer_kwargs": {key: repr(value) for key, value in self.tokenizer_kwargs.items()},
            "generation_kwargs": {key: repr(value) for key, value in self.generation_kwargs.items()},
            **self._template_settings(),
        }

    def identity(self) -> dict[str, Any]:
        """Return the identity of the weights, and the settings that change them or the prompt.

        Device and precision do not count. Weights in a folder are identified by a fingerprint, a hub model by its id
        and the commit in the local cache, if there is one.
        """
        settings = self.settings()
        relevant = {key: settings[key] for key in ("model_kwargs", "tokenizer_kwargs", "generation_kwargs")}
        relevant |= self._template_settings()
        if self._fingerprint:
            return {"weights": self._fingerprint, **relevant}
        commit = snapshot(self.model_path, self.model_kwargs.get("revision"))
        return {"model_path": self.model_path, "commit": commit, **relevant}

    @functools.cached_property
    def _fingerprint(self) -> str | None:
        folder = Path(self.model_path)
        return fingerprint(folder) if folder.is_dir() else None

    def __repr__(self) -> str:
        return f"TransformersModel({self.model_path!r}, name={self.name!r}, max_out_tokens={self.sampling.max_tokens})"

    def _source(self) -> str:
        """Return the folder or hub id of the model; a subclass may have to convert it first."""
        return self.model_path

    def _load(self) -> None:
        if self._model is not None:
            return
        check_installed()
        with quiet_transformers():
            source = self._source()
            self._tokenizer = load_tokenizer(source, self.model_path, self.tokenizer_kwargs)
            self._chat = ChatTemplate(
                HubTokenizer(self._tokenizer, self._variables.day), self._variables, self.model_path
            )
            device = self.device or best_device()
            model = load_weights(source, self.model_path, device, self.dtype, self.model_kwargs)
        self._chat.end_with(self._own_ends(model))
        try:
            make_processors(self.generation_kwargs, 1, self._chat.ends, "cpu")
        except (TypeError, ValueError) as error:
            raise ModelError(
                f"generation_kwargs is {self.generation_kwargs!r}, which cannot be used: {error}"
            ) from error
        self._decoder = self._new_decoder(model)
        self._model = model

    def _new_decoder(self, model: Any) -> Any:
        """Return the fastest decoder that can run the model."""
        from syndisco_nb.backend.model.local.forward_pass import ForwardPass
        from syndisco_nb.backend.model.local.generate_decoding import GenerateDecoder
        from syndisco_nb.backend.model.local.running_cache import check_cache_classes
        from syndisco_nb.backend.model.local.transformers_decoding import TransformersDecoder

        check_cache_classes()
        forward = ForwardPass(model)
        if forward.fills_cache():
            return TransformersDecoder(forward, self._chat.ends)
        logger.warning("%r answers one request at a time: its cache is of a kind that cannot be batched", self.name)
        return GenerateDecoder(forward, self._chat.ends)

    def _row(
        self, pending: PendingRequest, prompt: list[int], sampling: Sampling, resolved: ResolvedSampling
    ) -> "PaddedRow":
        from syndisco_nb.backend.model.local.transformers_decoding import PaddedRow

        device = str(self._model.device)
        processors = make_processors(self.generation_kwargs, len(prompt), self._chat.ends, device)
        return PaddedRow(pending, prompt, sampling, resolved, processors=processors)

    def _decode(self) -> list[Answered]:
        joining = self._joining()
        rows = [*self._decoder.rows, *joining]
        try:
            return self._answers(self._decoder.step(joining, self.batch_tokens))
        except Exception as error:
            self._decoder.clear()
            if not self._out_of_memory(error):
                return [(row.pending, error) for row in rows]
            reason = str(error)
        # Outside the except clause, which would keep the tensors of the failed attempt alive.
        if len(rows) == 1:
            return [(rows[0].pending, self._too_large_error(reason))]
        self._shrink_batches(len(rows) // 2 * max(row.max_tokens for row in rows), len(rows))
        self._queue += rows  # they go on where they were
        return []

    def _joining(self) -> list["PaddedRow"]:
        """Take as many replies from the queue as fit into the batch, the longest first, so that little is padded."""
        joining: dict[PaddedRow, None] = {}
        count, longest = len(self._decoder.rows), max((row.max_tokens for row in self._decoder.rows), default=0)
        for row in sorted(self._queue, key=lambda row: -row.max_tokens):
            fits = not count or (count + 1) * max(longest, row.max_tokens) <= self.batch_tokens
            if fits and self._decoder.can_join(len(joining)):
                count, longest = count + 1, max(longest, row.max_tokens)
                row.pending.begin()
                joining[row] = None
        self._queue = [row for row in self._queue if row not in joining]
        return list(joining)

    def _scorer(self) -> Scorer:
        from syndisco_nb.backend.model.local.transformers_scoring import transformers_scorer

        return transformers_scorer(self._model)

    def _own_ends(self, model: Any) -> list[int]:
        """Return the tokens that end a reply according to the model or its tokenizer."""
        ends = model.generation_config.eos_token_id
        ends = self._tokenizer.eos_token_id if ends is None else ends
        if ends is None:
            example = self._tokenizer.convert_ids_to_tokens(self._chat.ends[0]) if self._chat.ends else "..."
            raise ModelError(
                f"The model {self.model_path!r} names no token that ends a reply, so none would end. Give "
                f'tokenizer_kwargs={{"eos_token": "{example}"}}.'
            )
        return list(ends) if isinstance(ends, list | tuple) else [ends]

    def _check_length(self, prompt: int, reply: int) -> None:
        limit = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        if limit is not None and prompt + reply > limit:
            raise ModelError(
                f"A prompt of {prompt} tokens with a reply of up to {reply} does not fit into the {limit} tokens "
                f"that {self.name!r} takes. Lower the window or max_out_tokens."
            )

    def _out_of_memory(self, error: Exception) -> bool:
        import torch

        if isinstance(error, torch.OutOfMemoryError) and torch.cuda.is_available():
            torch.cuda.empty_cache()
        # On the CPU, torch raises a plain RuntimeError.
        on_cpu = isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
        return isinstance(error, torch.OutOfMemoryError) or on_cpu or super()._out_of_memory(error)


def _argument_text(value: Any) -> str:
    """Return an argument as text; a quantisation, whose repr lacks them, with its settings."""
    return f"{type(value).__name__}({value.to_dict()!r})" if hasattr(value, "to_dict") else repr(value)
