"""Models on the CPU at their fastest: GGUF files or OpenVINO folders, through openvino-genai.

The engine batches continuously: a request joins the running batch at its next step, and leaves when it is
finished, so short replies never wait for long ones. Prompts that begin alike share that part's work.
"""

import functools
import itertools
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.base import DEFAULT_SAMPLING, MAX_TOKENS, Completion
from syndisco_nb.backend.model.batching import Answered, Waiting
from syndisco_nb.backend.model.chat import Chat
from syndisco_nb.backend.model.chat_model import ChatModel
from syndisco_nb.backend.model.openvino_tokenizer import OpenVINOTokenizer
from syndisco_nb.backend.model.scoring import Scorer
from syndisco_nb.backend.model.switches import DATE
from syndisco_nb.backend.model.thoughts import Thinking
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, ModelError, named_arguments, require_int
from syndisco_nb.records import Sampling

logger = logging.getLogger(__name__)

_SCORED_TOKENS = 8192  # at once: enough to keep the processor busy, and little enough to stop soon
_FED_TOKENS = 1024  # in one step of the engine; its own 256 makes small, slow matrix products
_ENDLESS = "a b " * 200_000

INSTALL = 'pip install "syndisco-nb[cpu]"'


class OpenVINOModel(ChatModel):
    """A model run by OpenVINO on the CPU; needs no torch.

    The weights are loaded at the first request. Each request is drawn by its own settings and seed.

    Parameters
    ----------
    model_path : str or path-like
        A .gguf file, or a folder that holds a model in OpenVINO format.
    name : str, optional
        What transcripts call the model; the file's or folder's name by default.
    max_out_tokens : int
        The longest reply, in tokens.
    sampling : Sampling, optional
        How replies are drawn; its `max_tokens` gives way to `max_out_tokens`.
    cache_gb : int
        Memory for the attention cache, in GB: what bounds how many requests run at once.
    thinking : bool or int, optional
        Whether the model is to think before it answers, or for how many tokens at most, where its chat template can
        switch that; by default as the template has it. Thoughts are kept as `Generation.reasoning`, never spoken.
    date : str
        The date that the chat template is told, if it asks for today's, so that prompts do not change from day to day.
    chat_template_kwargs : mapping, optional
        Further variables of the chat template, such as `enable_thinking`.

    Raises
    ------
    InvalidInputError
        If there is no such file or folder.
    MissingDependencyError
        If openvino-genai is not installed.
    ModelError
        When loading: if the model cannot be read, or has no chat template that can be used.
    """

    @named_arguments
    def __init__(
        self,
        model_path: str | os.PathLike[str],
        name: str | None = None,
        max_out_tokens: int = MAX_TOKENS,
        sampling: Sampling | None = None,
        cache_gb: int = 2,
        thinking: Thinking | None = None,
        date: str = DATE,
        chat_template_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        self.path = _checked_path(model_path)
        super().__init__(
            name or self.path.stem,
            _SCORED_TOKENS,
            replace(sampling or DEFAULT_SAMPLING, max_tokens=require_int("max_out_tokens", max_out_tokens, 1)),
            thinking,
            date,
            chat_template_kwargs,
        )
        self.cache_gb = require_int("cache_gb", cache_gb, 1)
        self._active: list[_Active] = []
        self._numbers = itertools.count()
        self._pipeline: Any = None
        self._tokenizer: Any = None
        self._most_tokens = 0
        self._scores: Scorer | None = None

    def settings(self) -> dict[str, Any]:
        """Return the path and all settings, as given."""
        own = {"model_path": str(self.path), "sampling": asdict(self.sampling)}
        return {**super().settings(), **own, **self._template_settings()}

    def identity(self) -> dict[str, Any]:
        """Return the path, and what the chat template is told."""
        return {"model_path": str(self.path), **self._template_settings()}

    def __repr__(self) -> str:
        return f"OpenVINOModel({str(self.path)!r}, name={self.name!r}, max_out_tokens={self.sampling.max_tokens})"

    def _add(self, one: Waiting) -> None:
        import numpy as np
        import openvino

        sampling = self._limited(one.request.sampling)
        prompt = self.encode(one.request.messages)
        self._check_length(len(prompt), sampling.max_tokens or 0)
        tokens = openvino.Tensor(np.array([prompt], np.int64))
        handle = self._pipeline.add_request(
            next(self._numbers), tokens, self._generation_config(sampling, one.request.seed)
        )
        one.begin()
        active = _Active(one, handle, sampling, len(prompt))
        if one.request.situation:
            one.request.situation.draft.read = functools.partial(self._draft, active.reply)
        self._active.append(active)

    def _step(self) -> list[Answered]:
        if not self._active:
            return []
        try:
            self._pipeline.step()
        except Exception:
            self._active = []
            raise
        for one in self._active:
            one.waiting.beside = max(one.waiting.beside, len(self._active))
            one.take()
        answered = {one: self._answer(one) for one in self._active if one.waiting.abandoned or not one.is_running}
        self._active = [one for one in self._active if one not in answered]
        return [(one.waiting, answer) for one, answer in answered.items()]

    def _answer(self, one: "_Active") -> Completion | Exception | None:
        """Return the answer to a request that leaves the batch."""
        import openvino_genai

        if one.waiting.abandoned:
            one.handle.cancel()
            return None
        if one.handle.get_status() != openvino_genai.GenerationStatus.FINISHED:
            return ModelError(
                f"A prompt of {one.prompt_tokens} tokens with a reply of up to {one.sampling.max_tokens} does not fit "
                f"into the {self.cache_gb} GB attention cache of {self.name!r}. Lower the window, or raise cache_gb."
            )
        is_cut = one.reason != openvino_genai.GenerationFinishReason.STOP
        spoken = self._spoken(one.reply, is_cut)
        if isinstance(spoken, ModelError):
            return spoken
        return Completion(
            text=spoken.text,
            finish_reason="length" if is_cut else "stop",
            sampling=one.sampling,
            prompt_tokens=one.prompt_tokens,
            completion_tokens=len(one.reply),
            seconds=one.waiting.seconds,
            batch_size=one.waiting.beside,
            reasoning=spoken.reasoning,
            reasoning_tokens=spoken.reasoning_tokens,
        )

    def _scorer(self) -> Scorer:
        from syndisco_nb.backend.model.openvino_scoring import OpenVINOScorer

        if self._scores is None:
            self._scores = OpenVINOScorer(Path(self._source()))
        return self._scores

    def _label(self, text: str) -> list[int]:
        return [int(token) for token in self._tokenizer.encode(text, add_special_tokens=False).input_ids.data[0]]

    def _label_ends(self) -> list[int]:
        config = self._pipeline.get_config()
        return sorted(token for token in {config.eos_token_id, *config.stop_token_ids} if token >= 0)

    def _check_length(self, prompt: int, reply: int) -> None:
        if prompt + reply > self._most_tokens:
            raise ModelError(
                f"A prompt of {prompt} tokens or more with a reply of up to {reply} does not fit "
                f"into the {self._most_tokens} tokens that {self.name!r} takes. Lower the window or max_out_tokens."
            )

    def _generation_config(self, sampling: Sampling, seed: int) -> Any:
        import openvino_genai

        own = self._pipeline.get_config()
        config = openvino_genai.GenerationConfig()
        config.eos_token_id = own.eos_token_id
        config.stop_token_ids = {*own.stop_token_ids, *self._chat.ends} - {own.eos_token_id}
        config.max_new_tokens = sampling.max_tokens
        config.repetition_penalty = sampling.repetition_penalty
        config.do_sample = sampling.temperature > 0
        if config.do_sample:
            config.temperature = sampling.temperature
            config.top_p = sampling.top_p
            if sampling.top_k:
                config.top_k = sampling.top_k
            config.rng_seed = seed % 2**32
        return config

    def _source(self) -> str:
        """Return where the engine finds the model; a subclass may have to make it first."""
        return str(self.path)

    def _load(self) -> None:
        if self._pipeline is not None:
            return
        genai = _import_genai()
        scheduler = genai.SchedulerConfig()
        scheduler.enable_prefix_caching = True
        scheduler.cache_size = self.cache_gb
        scheduler.max_num_batched_tokens = _FED_TOKENS
        try:
            pipeline = genai.ContinuousBatchingPipeline(self._source(), scheduler, "CPU", {})
            tokenizer = pipeline.get_tokenizer()
        except Exception as error:
            raise ModelError(
                f"The model {str(self.path)!r} cannot be loaded: {str(error).strip().splitlines()[-1]} Give a .gguf "
                "file of an architecture that openvino-genai reads, or an OpenVINO folder."
            ) from error
        if not tokenizer.chat_template:
            raise ModelError(
                f"The model {str(self.path)!r} has no chat template: it is not made for conversation. Use its "
                '"instruct" or "chat" variant.'
            )
        # The tokenizer cuts what exceeds the model's context without a word; so it tells how much that is.
        self._most_tokens = int(tokenizer.encode(_ENDLESS, add_special_tokens=False).input_ids.shape[1])
        self._tokenizer = tokenizer
        self._chat = Chat(OpenVINOTokenizer(tokenizer, self._switches.day), self._switches, str(self.path))
        own = pipeline.get_config()
        if not (ends := [int(end) for end in (own.eos_token_id, *sorted(own.stop_token_ids)) if end >= 0]):
            raise ModelError(
                f"The model {str(self.path)!r} names no token that ends a reply, so none would end. Use another file."
            )
        self._chat.end_with(ends)
        self._pipeline = pipeline
        logger.info("loaded %s", self.path)


@dataclass(eq=False, slots=True)
class _Active:
    """A request in the running batch, and what has been written of its reply."""

    waiting: Waiting
    handle: Any
    sampling: Sampling
    prompt_tokens: int
    reply: list[int] = field(default_factory=list)
    reason: Any = None

    def take(self) -> None:
        """Take from the engine what the last step has written."""
        if self.handle.can_read():
            output = self.handle.read()[0]
            self.reply += output.generated_ids
            self.reason = output.finish_reason

    @property
    def is_running(self) -> bool:
        import openvino_genai

        return bool(self.handle.get_status() == openvino_genai.GenerationStatus.RUNNING)


def _checked_path(given: str | os.PathLike[str]) -> Path:
    path = Path(given).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        return path
    if (path / "openvino_model.xml").is_file():
        return path
    raise InvalidInputError(
        f"model_path is {str(path)!r}, but there is no such .gguf file, and no folder with an openvino_model.xml. "
        "Give one of these."
    )


def _import_genai() -> Any:
    try:
        import openvino_genai
    except ImportError:
        raise MissingDependencyError(f"openvino-genai is not installed. Run: {INSTALL}") from None
    return openvino_genai
