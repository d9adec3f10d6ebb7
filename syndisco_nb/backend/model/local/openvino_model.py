"""Models from GGUF files or OpenVINO folders, run by OpenVINO on the CPU.

Of openvino-genai, only the reader of GGUF files and the tokenizer are used. Tokens are drawn here, so that a reply is
the one that the same model has with transformers.
"""

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
from syndisco_nb.backend.model.local.fingerprints import fingerprint
from syndisco_nb.backend.model.local.openvino_tokenizer import OpenVINOTokenizer
from syndisco_nb.backend.model.local.scoring import Scorer
from syndisco_nb.backend.model.local.template_variables import DATE
from syndisco_nb.backend.model.thoughts import Thinking
from syndisco_nb.errors import (
    InvalidInputError,
    MissingDependencyError,
    ModelError,
    named_arguments,
    require_int,
)
from syndisco_nb.records import Sampling

if TYPE_CHECKING:
    from syndisco_nb.backend.model.local.openvino_decoding import PagedRow

logger = logging.getLogger(__name__)

_SCORED_TOKENS = 8192  # per batch: enough to keep the processor busy, and few enough to stop soon
_LONG_TEXT = "a b " * 200_000

INSTALL = 'pip install "syndisco-nb[cpu]"'


class OpenVINOModel(ChatModel):
    """A model run by OpenVINO on the CPU; needs no torch.

    The weights are loaded at the first request. Every reply depends on the settings and seed of its request alone.
    Requests join the running batch between two tokens and leave it when they are answered, so that short replies never
    wait for long ones; prefixes that prompts share are computed once.

    Parameters
    ----------
    model_path : str or path-like
        A .gguf file, or a folder that holds a model in OpenVINO format.
    name : str, optional
        The name in transcripts; by default that of the file or folder.
    max_out_tokens : int
        The longest reply, in tokens.
    sampling : Sampling, optional
        Settings for requests that have none; `max_out_tokens` replaces its `max_tokens`.
    cache_gb : int
        Memory for the attention cache, in GB, which limits the number of requests in the batch.
    thinking : bool or int, optional
        Whether the model thinks before it answers, or the largest number of tokens for that, if its chat template has
        a switch; by default as the template has it. Thoughts are kept as `Generation.reasoning`, and not spoken.
    date : str
        Today's date for the chat template, fixed so that prompts do not change from day to day.
    chat_template_kwargs : mapping, optional
        Further variables of the chat template, such as `enable_thinking`.

    Raises
    ------
    InvalidInputError
        If there is no such file or folder.
    MissingDependencyError
        If openvino-genai is not installed.
    ModelError
        When loading: if the model cannot be read, or has no usable chat template.

    Examples
    --------
    >>> from syndisco_nb import OpenVINOModel
    >>> from syndisco_nb.backend.model.local.bundled import gguf_path
    >>> OpenVINOModel(gguf_path(), max_out_tokens=60)
    OpenVINOModel('...SmolLM2-135M-Instruct.Q4_1.gguf', ..., max_out_tokens=60)
    """

    form_label = "GGUF or OpenVINO model on this computer's CPU"
    form_rank = 3
    requires = Requirement(("openvino_genai",), INSTALL)
    _properties: Mapping[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}

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
        self._graph: Any = None
        self._tokenizer: Any = None
        self._context_tokens = 0

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {"model_path": str(self.path), "cache_gb": self.cache_gb, **self._chat_arguments()}

    def settings(self) -> dict[str, Any]:
        """Return all settings as given, and a fingerprint of the weights."""
        own = {"model_path": str(self.path), **self._weights(), "sampling": asdict(self.sampling)}
        return {**super().settings(), **own, **self._template_settings()}

    def identity(self) -> dict[str, Any]:
        """Return a fingerprint of the weights, and the variables of the chat template."""
        return {**self._weights(), **self._template_settings()}

    def _weights(self) -> dict[str, Any]:
        return {"weights": self._fingerprint}

    @functools.cached_property
    def _fingerprint(self) -> str:
        return fingerprint(self.path)

    def __repr__(self) -> str:
        return f"OpenVINOModel({str(self.path)!r}, name={self.name!r}, max_out_tokens={self.sampling.max_tokens})"

    def _row(
        self, pending: PendingRequest, prompt: list[int], sampling: Sampling, resolved: ResolvedSampling
    ) -> "PagedRow":
        from syndisco_nb.backend.model.local.openvino_decoding import PagedRow

        row = PagedRow(pending, prompt, sampling, resolved)
        if not self._decoder.fits(row):
            raise ModelError(
                f"A prompt of {len(prompt)} tokens with a reply of up to {resolved.max_tokens} does not fit "
                f"into the {self.cache_gb} GB attention cache of {self.name!r}. Lower the window, or raise cache_gb."
            )
        return row

    def _decode(self) -> list[Answered]:
        try:
            return self._answers(self._decoder.step(self._queue))
        except Exception:
            self._queue = []
            self._decoder.clear()
            raise

    def _scorer(self) -> Scorer:
        return self._scores

    @functools.cached_property
    def _scores(self) -> Scorer:
        from syndisco_nb.backend.model.local.openvino_scoring import OpenVINOScorer

        return OpenVINOScorer(self._graph)

    def _check_length(self, prompt: int, reply: int) -> None:
        if prompt + reply > self._context_tokens:
            raise ModelError(
                f"A prompt of {prompt} tokens or more with a reply of up to {reply} does not fit "
                f"into the {self._context_tokens} tokens that {self.name!r} takes. Lower the window or max_out_tokens."
            )

    def _source(self) -> str:
        """Return the path of the model; a subclass may have to convert it first."""
        return str(self.path)

    def _load(self) -> None:
        if self._decoder is not None:
            return
        genai = _import_genai()
        from syndisco_nb.backend.model.local.openvino_decoding import OpenVINODecoder
        from syndisco_nb.backend.model.local.openvino_graph import OpenVINOGraph, end_tokens, graph_folder

        try:
            folder = graph_folder(Path(self._source()))
            tokenizer = genai.Tokenizer(str(folder))
            graph = OpenVINOGraph(folder, self._properties)
        except ModelError:
            raise
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
        # The tokenizer silently cuts a text to the model's context, whose size it does not tell otherwise.
        self._context_tokens = int(tokenizer.encode(_LONG_TEXT, add_special_tokens=False).input_ids.shape[1])
        self._tokenizer = tokenizer
        self._graph = graph
        self._chat = ChatTemplate(OpenVINOTokenizer(tokenizer, self._variables.day), self._variables, str(self.path))
        if not (ends := end_tokens(folder) or [end for end in [tokenizer.get_eos_token_id()] if end >= 0]):
            raise ModelError(
                f"The model {str(self.path)!r} names no token that ends a reply, so none would end. Use another file."
            )
        self._chat.end_with(ends)
        self._decoder = OpenVINODecoder(graph, self._chat.ends, self.cache_gb * 2**30)
        logger.info("loaded %s", self.path)


def _checked_path(given: str | os.PathLike[str]) -> Path:
    path = Path(given).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        return path
    if (path / "openvino_model.xml").is_file():
        return path
    raise InvalidInputError(
        f"model_path is {str(path)!r}, but there is no such .gguf file, and no folder with an openvino_model.xml. "
        "Give one of these.",
        field="model_path",
    )


def _import_genai() -> Any:
    try:
        import openvino_genai
    except ImportError:
        raise MissingDependencyError(f"openvino-genai is not installed. Run: {INSTALL}") from None
    return openvino_genai
