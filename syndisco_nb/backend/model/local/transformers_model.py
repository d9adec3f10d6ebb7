"""Any Hugging Face chat model, from a folder or the hub, on CPU or GPU."""

import functools
import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.kinds import Requirement
from syndisco_nb.backend.model.base import DEFAULT_SAMPLING, MAX_TOKENS, Drawing
from syndisco_nb.backend.model.local.batching import Answered, Waiting
from syndisco_nb.backend.model.local.chat import Chat
from syndisco_nb.backend.model.local.chat_model import ChatModel
from syndisco_nb.backend.model.local.loading import (
    HubTokenizer,
    best_device,
    check_installed,
    checked_path,
    load_tokenizer,
    load_weights,
    quiet_transformers,
)
from syndisco_nb.backend.model.local.processors import check_generation_kwargs, make_processors
from syndisco_nb.backend.model.local.scoring import Scorer
from syndisco_nb.backend.model.local.switches import DATE
from syndisco_nb.backend.model.local.weights import fingerprint, snapshot
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.backend.model.thoughts import Thinking
from syndisco_nb.errors import ModelError, named_arguments, require, require_int
from syndisco_nb.records import Sampling

if TYPE_CHECKING:
    from syndisco_nb.backend.model.local.decoding import Row

_DTYPES = ("bfloat16", "float16", "float32")


class TransformersModel(ChatModel):
    """A Hugging Face model that answers by its chat template.

    The weights are loaded at the first request. Every reply is drawn by its request's own settings and
    seed, whatever else is in the batch. Requests join the running batch between two tokens, the longest first,
    and leave it when they are answered; of a model with layers other than attention, they join when the batch
    is finished.

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
        Further settings of `GenerationConfig`: `bad_words_ids`, `begin_suppress_tokens`,
        `exponential_decay_length_penalty`, `min_new_tokens`, `no_repeat_ngram_size`, `sequence_bias` or
        `suppress_tokens`.
    thinking : bool or int, optional
        Whether the model is to think before it answers, or for how many tokens at most, where its chat template can
        switch that; by default as the template has it. Thoughts are kept as `Generation.reasoning`, never spoken.
    date : str
        The date that the chat template is told, if it asks for today's, so that prompts do not change from day to day.
    chat_template_kwargs : mapping, optional
        Further variables of the chat template, such as `enable_thinking` or `reasoning_effort`.
    batch_tokens : int
        The largest batch: number of requests times the length of the longest, prompt and reply. Up to an eighth
        more is kept of what prompts have in common. A batch that does not fit into memory is halved.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used, a folder that does not exist among them.
    MissingDependencyError
        When loading: if a package that the model needs is not installed.
    ModelError
        When loading: if there is no such model, it has no chat template or one that cannot be used, or no token ends
        its replies.
    """

    words = "A Hugging Face model on this computer"
    rank = 2
    requires = Requirement(("torch", "transformers"), "pip install torch transformers")
    _exact = "Load it with dtype='float32' or 'bfloat16'."

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
        refuse_secrets("model_kwargs", self.model_kwargs)
        refuse_secrets("tokenizer_kwargs", self.tokenizer_kwargs)
        refuse_secrets("generation_kwargs", self.generation_kwargs)
        check_generation_kwargs(self.generation_kwargs)
        require(dtype is None or dtype in _DTYPES, f"dtype is {dtype!r}, but must be one of: {', '.join(_DTYPES)}.")
        self._model: Any = None
        self._tokenizer: Any = None
        self._decoder: Any = None
        self._queue: list[Row] = []

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        own = ("model_path", "dtype", "device", "model_kwargs", "tokenizer_kwargs", "generation_kwargs", "batch_tokens")
        template = ("thinking", "date", "chat_template_kwargs")
        first = {name: getattr(self, name) for name in own}
        last = {name: getattr(self, name) for name in template}
        return {**first, **last, **self._sampling_arguments(DEFAULT_SAMPLING)}

    def settings(self) -> dict[str, Any]:
        """Return the path and all settings, as given; of a folder, with a fingerprint of its weights."""
        return {
            **super().settings(),
            "model_path": self.model_path,
            **({"weights": self._fingerprint} if self._fingerprint else {}),
            "dtype": self.dtype,
            "device": self.device,
            "sampling": asdict(self.sampling),
            "model_kwargs": {key: _shown(value) for key, value in self.model_kwargs.items()},
            "tokenizer_kwargs": {key: repr(value) for key, value in self.tokenizer_kwargs.items()},
            "generation_kwargs": {key: repr(value) for key, value in self.generation_kwargs.items()},
            **self._template_settings(),
        }

    def identity(self) -> dict[str, Any]:
        """Return the weights and what changes them or the text; not the device or precision.

        The weights are told by a fingerprint of their folder, wherever that is; of a model from the hub, by its name,
        and by the commit of the copy on this computer if there is one.
        """
        settings = self.settings()
        told = {key: settings[key] for key in ("model_kwargs", "tokenizer_kwargs", "generation_kwargs")}
        told |= self._template_settings()
        if self._fingerprint:
            return {"weights": self._fingerprint, **told}
        commit = snapshot(self.model_path, self.model_kwargs.get("revision"))
        return {"model_path": self.model_path, "commit": commit, **told}

    @functools.cached_property
    def _fingerprint(self) -> str | None:
        folder = Path(self.model_path)
        return fingerprint(folder) if folder.is_dir() else None

    def __repr__(self) -> str:
        return f"TransformersModel({self.model_path!r}, name={self.name!r}, max_out_tokens={self.sampling.max_tokens})"

    def _source(self) -> str:
        """Return where transformers finds the model; a subclass may have to make it first."""
        return self.model_path

    def _load(self) -> None:
        if self._model is not None:
            return
        check_installed()
        with quiet_transformers():
            source = self._source()
            self._tokenizer = load_tokenizer(source, self.model_path, self.tokenizer_kwargs)
            self._chat = Chat(HubTokenizer(self._tokenizer, self._switches.day), self._switches, self.model_path)
            device = self.device or best_device()
            model = load_weights(source, self.model_path, device, self.dtype, self.model_kwargs)
        from syndisco_nb.backend.model.local.decoding import Decoder

        self._chat.end_with(self._own_ends(model))
        ends = self._ends(model)
        try:
            make_processors(self.generation_kwargs, 1, ends, "cpu")
        except (TypeError, ValueError) as error:
            raise ModelError(
                f"generation_kwargs is {self.generation_kwargs!r}, which cannot be used: {error}"
            ) from error
        self._decoder = Decoder(model, ends)
        self._model = model

    def _add(self, one: Waiting) -> None:
        from syndisco_nb.backend.model.local.decoding import Row

        prompt, sampling = self.encode(one.request.messages), self._limited(one.request.sampling)
        drawing = Drawing.of(sampling, MAX_TOKENS)
        self._check_length(len(prompt), drawing.max_tokens)
        require(
            len(prompt) > 1,
            f"The chat template of {self.name!r} makes an empty prompt of this chat. Check the template.",
        )
        device = str(self._model.device)
        processors = make_processors(self.generation_kwargs, len(prompt), self._ends(self._model), device)
        row = Row(one, prompt, sampling, drawing, one.request.seed, processors)
        if one.request.situation:
            one.request.situation.draft.read = functools.partial(self._draft, row.reply)
        self._queue.append(row)

    def _step(self) -> list[Answered]:
        left = [row for row in (*self._decoder.rows, *self._queue) if row.waiting.abandoned]
        self._queue = [row for row in self._queue if not row.waiting.abandoned]
        self._decoder.drop(set(left).intersection(self._decoder.rows))
        answered: list[Answered] = [(row.waiting, None) for row in left]
        joining = self._joining()
        rows = [*self._decoder.rows, *joining]
        if not rows:
            return answered
        try:
            finished = self._decoder.step(joining, self.batch_tokens)
            return answered + [
                (row.waiting, self._overflowed() if row.overflowed else self._completion(row)) for row in finished
            ]
        except Exception as error:
            self._decoder.clear()
            if not self._out_of_memory(error):
                return answered + [(row.waiting, error) for row in rows]
            reason = str(error)
        # Outside of the except clause, so that nothing the failed attempt made is still held.
        if len(rows) == 1:
            return [*answered, (rows[0].waiting, self._too_large(reason))]
        self._halve(len(rows) // 2 * max(row.most_tokens for row in rows), len(rows))
        self._queue += rows  # they go on where they were
        return answered

    def _joining(self) -> list["Row"]:
        """Take of those who wait as many as there is room for, the longest first, so that little is padded."""
        joining: dict[Row, None] = {}
        count, longest = len(self._decoder.rows), max((row.most_tokens for row in self._decoder.rows), default=0)
        for row in sorted(self._queue, key=lambda row: -row.most_tokens) if self._decoder.takes_more else ():
            if not count or (count + 1) * max(longest, row.most_tokens) <= self.batch_tokens:
                count, longest = count + 1, max(longest, row.most_tokens)
                row.waiting.begin()
                joining[row] = None
        self._queue = [row for row in self._queue if row not in joining]
        return list(joining)

    def _scorer(self) -> Scorer:
        from syndisco_nb.backend.model.local.transformers_scoring import transformers_scorer

        return transformers_scorer(self._model)

    def _label(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def _label_ends(self) -> list[int]:
        return self._ends(self._model)

    def _ends(self, model: Any) -> list[int]:
        return list(self._chat.ends)

    def _own_ends(self, model: Any) -> list[int]:
        """Return the tokens that end a reply, as the model or its tokenizer names them."""
        ends = model.generation_config.eos_token_id
        ends = self._tokenizer.eos_token_id if ends is None else ends
        if ends is None:
            found = self._tokenizer.convert_ids_to_tokens(self._chat.ends[0]) if self._chat.ends else "..."
            raise ModelError(
                f"The model {self.model_path!r} names no token that ends a reply, so none would end. Give "
                f'tokenizer_kwargs={{"eos_token": "{found}"}}.'
            )
        return list(ends) if isinstance(ends, list | tuple) else [ends]

    def _check_length(self, prompt: int, reply: int) -> None:
        most = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        if most is not None and prompt + reply > most:
            raise ModelError(
                f"A prompt of {prompt} tokens with a reply of up to {reply} does not fit into the {most} tokens "
                f"that {self.name!r} takes. Lower the window or max_out_tokens."
            )

    def _out_of_memory(self, error: Exception) -> bool:
        import torch

        if isinstance(error, torch.OutOfMemoryError) and torch.cuda.is_available():
            torch.cuda.empty_cache()
        # On the CPU, torch has no type of its own for it.
        on_cpu = isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
        return isinstance(error, torch.OutOfMemoryError) or on_cpu or super()._out_of_memory(error)


def _shown(value: Any) -> str:
    """Return an argument as text; a quantisation, which keeps that to itself, with its settings."""
    return f"{type(value).__name__}({value.to_dict()!r})" if hasattr(value, "to_dict") else repr(value)
