"""Models on the CPU at their fastest: GGUF files or OpenVINO folders, through openvino-genai.

The engine batches continuously: a request joins the running batch at its next step, and leaves when it is
finished, so short replies never wait for long ones. Prompts that begin alike share that part's work.
"""

import asyncio
import itertools
import logging
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.model.base import DEFAULT_SAMPLING, Completion, Model, Reply, Request, scored, settle
from syndisco_nb.backend.model.scoring import LabelTree, Question
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, ModelError, named_arguments, require_int
from syndisco_nb.loop import private_loop, run_async
from syndisco_nb.records import ChatMessage, Sampling

if TYPE_CHECKING:
    from syndisco_nb.backend.model.openvino_scoring import OpenVINOScorer

logger = logging.getLogger(__name__)

_SCORED_TOKENS = 8192  # at once: enough to keep the processor busy, and little enough to stop soon
_FED_TOKENS = 1024  # in one step of the engine; its own 256 makes small, slow matrix products
_ENDLESS = "a b " * 200_000

INSTALL = 'pip install "syndisco-nb[cpu]"'


class OpenVINOModel(Model):
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

    Raises
    ------
    InvalidInputError
        If there is no such file or folder.
    MissingDependencyError
        If openvino-genai is not installed.
    ModelError
        When loading: if the model cannot be read, or has no chat template.
    """

    sampling: Sampling

    @named_arguments
    def __init__(
        self,
        model_path: str | os.PathLike[str],
        name: str | None = None,
        max_out_tokens: int = DEFAULT_SAMPLING.max_tokens,
        sampling: Sampling | None = None,
        cache_gb: int = 2,
    ) -> None:
        self.path = _checked_path(model_path)
        super().__init__(name or self.path.stem)
        limit = require_int("max_out_tokens", max_out_tokens, 1)
        self.sampling = replace(sampling or DEFAULT_SAMPLING, max_tokens=limit)
        self.cache_gb = require_int("cache_gb", cache_gb, 1)
        self._waiting: list[tuple[Request, Reply]] = []
        self._serving = False
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="syndisco_nb_model")
        self._numbers = itertools.count()
        self._pipeline: Any = None
        self._tokenizer: Any = None
        self._most_tokens = 0
        self._scorer: OpenVINOScorer | None = None

    def settings(self) -> dict[str, Any]:
        """Return the path and all settings, as given."""
        return {**super().settings(), "model_path": str(self.path), "sampling": asdict(self.sampling)}

    def identity(self) -> dict[str, Any]:
        """Return the path."""
        return {"model_path": str(self.path)}

    def __repr__(self) -> str:
        return f"OpenVINOModel({str(self.path)!r}, name={self.name!r}, max_out_tokens={self.sampling.max_tokens})"

    async def load(self) -> None:
        """Load the model in its worker thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def complete(self, request: Request) -> Completion:
        """Answer one request, in the batch that is running."""
        return await run_async(self._enqueue(request))

    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, laid out by the model's chat template, ready for the reply."""
        self._load()
        return [int(token) for token in self._encode(messages).data[0]]

    async def _enqueue(self, request: Request) -> Completion:
        reply: Reply = private_loop().create_future()
        with self._lock:
            self._waiting.append((request, reply))
            if not self._serving:
                self._serving = True
                self._thread.submit(self._serve)
        return await reply

    def _serve(self) -> None:
        """Step the engine, in the worker thread, until nobody waits any more."""
        active: list[_Active] = []
        try:
            self._load()
            while True:
                with self._lock:
                    arrived, self._waiting = self._waiting, []
                    if not arrived and not active:
                        self._serving = False
                        return
                self._score([one for one in arrived if one[0].labels])
                free = [one for one in arrived if not one[0].labels]
                active += [started for request, reply in free if (started := self._start(request, reply))]
                if active:
                    self._pipeline.step()
                active = [one for one in active if not self._finish(one, len(active))]
        except Exception as error:
            with self._lock:
                arrived, self._waiting = self._waiting, []
                self._serving = False
            for reply in [*(reply for _, reply in arrived), *(one.reply for one in active)]:
                _settle(reply, error)

    def _score(self, waiting: Sequence[tuple[Request, Reply]]) -> None:
        """Answer requests with labels."""
        asked: list[tuple[Request, Reply, Question]] = []
        trees: dict[tuple[str, ...], LabelTree] = {}
        for request, reply in waiting:
            try:
                asked.append((request, reply, self._question(request, trees)))
            except Exception as error:  # one bad request must not stop the others
                _settle(reply, error)
        try:
            if asked:
                self._score_all(asked)
        except Exception as error:
            for _, reply, _ in asked:
                _settle(reply, error)

    def _score_all(self, asked: Sequence[tuple[Request, Reply, Question]]) -> None:
        from syndisco_nb.backend.model.openvino_scoring import OpenVINOScorer

        if self._scorer is None:
            self._scorer = OpenVINOScorer(Path(self._source()))
        for found, seconds in self._scorer.score([question for *_, question in asked], _SCORED_TOKENS):
            for number, probabilities in found.items():
                request, reply, question = asked[number]
                _settle(reply, scored(request.labels, probabilities, len(question.prompt), seconds, len(found)))
            if all(reply.cancelled() for _, reply, _ in asked):
                return

    def _question(self, request: Request, trees: dict[tuple[str, ...], LabelTree]) -> Question:
        """Return the request in tokens; `trees` keeps those of labels, which most requests share."""
        prompt = self.encode(request.messages)
        self._check_length(len(prompt), sum(map(len, request.labels)))
        labels = request.labels
        if labels not in trees:
            trees[labels] = LabelTree.of([self._tokens(label) for label in labels], self._end())
        return Question(tuple(prompt), trees[labels])

    def _start(self, request: Request, reply: Reply) -> "_Active | None":
        try:
            sampling = request.sampling or self.sampling
            tokens = self._encode(request.messages)
            self._check_length(int(tokens.shape[1]), sampling.max_tokens)
            handle = self._pipeline.add_request(
                next(self._numbers), tokens, self._generation_config(sampling, request.seed)
            )
        except Exception as error:  # one bad request must not stop the others
            _settle(reply, error)
            return None
        return _Active(reply, handle, sampling, int(tokens.shape[1]), time.perf_counter())

    def _finish(self, one: "_Active", batch_size: int) -> bool:
        """Answer a request that is finished; return whether it left the batch."""
        import openvino_genai

        if one.reply.cancelled():
            one.handle.cancel()
            return True
        status = one.handle.get_status()
        if status == openvino_genai.GenerationStatus.RUNNING:
            return False
        if status != openvino_genai.GenerationStatus.FINISHED:
            problem = (
                f"A prompt of {one.prompt_tokens} tokens with a reply of up to {one.sampling.max_tokens} does not fit "
                f"into the {self.cache_gb} GB attention cache of {self.name!r}. Lower the window, or raise cache_gb."
            )
            _settle(one.reply, ModelError(problem))
            return True
        output = one.handle.read_all()[0]
        stopped = output.finish_reason == openvino_genai.GenerationFinishReason.STOP
        text = self._tokenizer.decode(output.generated_ids, skip_special_tokens=True)
        _settle(
            one.reply,
            Completion(
                text=text,
                finish_reason="stop" if stopped else "length",
                sampling=one.sampling,
                prompt_tokens=one.prompt_tokens,
                completion_tokens=len(output.generated_ids),
                seconds=round(time.perf_counter() - one.started, 3),
                batch_size=batch_size,
            ),
        )
        return True

    def _encode(self, messages: Sequence[ChatMessage]) -> Any:
        chat = [{"role": message.role, "content": message.content} for message in messages]
        text = self._tokenizer.apply_chat_template(chat, add_generation_prompt=True)
        return self._tokenizer.encode(text, add_special_tokens=False).input_ids

    def _tokens(self, text: str) -> list[int]:
        return [int(token) for token in self._tokenizer.encode(text, add_special_tokens=False).input_ids.data[0]]

    def _end(self) -> int:
        return int(self._pipeline.get_config().eos_token_id)

    def _check_length(self, prompt_tokens: int, limit: int) -> None:
        if prompt_tokens + limit > self._most_tokens:
            raise ModelError(
                f"A prompt of {prompt_tokens} tokens or more with a reply of up to {limit} does not fit "
                f"into the {self._most_tokens} tokens that {self.name!r} takes. Lower the window or max_out_tokens."
            )

    def _generation_config(self, sampling: Sampling, seed: int) -> Any:
        import openvino_genai

        own = self._pipeline.get_config()
        config = openvino_genai.GenerationConfig()
        config.eos_token_id = own.eos_token_id
        config.stop_token_ids = own.stop_token_ids
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
        self._pipeline = pipeline
        logger.info("loaded %s", self.path)


@dataclass(frozen=True, slots=True)
class _Active:
    """A request in the running batch."""

    reply: Reply
    handle: Any
    sampling: Sampling
    prompt_tokens: int
    started: float


def _settle(reply: Reply, answer: Completion | Exception) -> None:
    reply.get_loop().call_soon_threadsafe(settle, reply, answer)


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
