"""``python benchmarks/gpu.py`` on a CUDA machine: this package beside SynDisco's way; writes RESULTS_GPU.md.

Where no weights can be had, models of well-known shapes with random weights do: speed depends on shapes
alone. They never end a reply, so every reply has its full length. SynDisco's way is one prompt at a time
through a transformers pipeline; SynDisco itself need not be installed.
"""

import asyncio
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measure import CONTEXT, INSTRUCTIONS, PEOPLE, TOKENS, TOPIC, TURNS

SHAPES: dict[str, dict[str, Any]] = {
    "Llama-3.2-1B": {
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 16,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 64,
        "tie_word_embeddings": True,
    },
    "7B": {
        "hidden_size": 4096,
        "intermediate_size": 11008,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "tie_word_embeddings": False,
    },
    "tiny": {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
    },
}
AT_ONCE = (1, 32, 128, 512)


def make(shape: str, folder: Path) -> None:
    """Write a randomly initialised model of this shape, with the bundled model's tokenizer."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    from syndisco_nb.backend.model.local.bundled import converted_folder

    tokenizer = AutoTokenizer.from_pretrained(converted_folder())
    config = LlamaConfig(
        vocab_size=128_256, max_position_embeddings=8192, dtype="bfloat16", eos_token_id=2, **SHAPES[shape]
    )
    torch.manual_seed(0)
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def one_at_a_time(folder: Path, device: str) -> float:
    """Return the tokens per second of a plain pipeline, asked one prompt after the other."""
    from transformers import pipeline

    generate = pipeline("text-generation", model=str(folder), device=device)
    chat = [{"role": "system", "content": CONTEXT}, {"role": "user", "content": f"{TOPIC} {INSTRUCTIONS}"}]
    generate(chat, max_new_tokens=4, min_new_tokens=4)
    started = time.perf_counter()
    for _ in range(8):
        generate(chat, max_new_tokens=TOKENS, min_new_tokens=TOKENS)
    return 8 * TOKENS / (time.perf_counter() - started)


def ours(folder: Path, device: str, at_once: int) -> tuple[float, float]:
    """Return tokens per second of discussions, and labels per second of annotations."""
    import syndisco_nb as snb

    llm = snb.TransformersModel(folder, max_out_tokens=TOKENS, device=device, batch_tokens=262_144)
    users = [snb.LLMActor(llm, name, traits, CONTEXT, INSTRUCTIONS) for name, traits in PEOPLE.items()]
    judge = snb.LLMActor(llm, "", [], CONTEXT, "You annotate comments.", snb.ActorType.ANNOTATOR)
    hello = (snb.ChatMessage("user", "Hello!"),)
    asyncio.run(llm.complete(snb.Request(hello, 1, snb.Sampling(max_tokens=4))))
    with tempfile.TemporaryDirectory() as work:
        experiment = snb.DiscussionExperiment(
            [TOPIC], users, num_turns=TURNS, num_discussions=at_once, seed=1, max_concurrency=at_once
        )
        started = time.perf_counter()
        run = experiment.begin(Path(work, "talks"))
        discussing = time.perf_counter() - started
        tokens = sum(one.generation.completion_tokens for talk in run for one in talk.messages if one.generation)
        started = time.perf_counter()
        labels = snb.AnnotationExperiment([judge], snb.Likert("toxicity", 1, 5), seed=1).begin(
            run, Path(work, "labels")
        )
        return tokens / discussing, sum(len(one.labels) for one in labels) / (time.perf_counter() - started)


def main(shapes: list[str]) -> None:
    import torch

    if torch.cuda.is_available():
        device, hardware = "cuda", torch.cuda.get_device_name()
    elif shapes == ["tiny"]:  # to try the script itself
        device, hardware = "cpu", platform.machine()
    else:
        raise SystemExit("There is no CUDA device here. `gpu.py tiny` tries the script on the CPU.")
    lines = ["| shape | | at once | tokens/s | × one at a time | labels/s |", "|---|---|---|---|---|---|"]
    for shape in shapes:
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work, shape)
            make(shape, folder)
            alone = one_at_a_time(folder, device)
            lines.append(f"| {shape} | transformers pipeline | 1 | {alone:.0f} | 1.0 | |")
            for at_once in AT_ONCE:
                tokens, labels = ours(folder, device, at_once)
                lines.append(
                    f"| {shape} | TransformersModel | {at_once} | {tokens:.0f} | {tokens / alone:.1f} | {labels:.0f} |"
                )
            print("\n".join(lines), flush=True)
    if device == "cuda":
        Path(__file__).with_name("RESULTS_GPU.md").write_text(
            f"# Benchmark results on a GPU\n\n{datetime.now(UTC):%Y-%m-%d}, {hardware}, {os.cpu_count()} cores, torch "
            f"{torch.__version__}; `python benchmarks/gpu.py`. Random weights, bfloat16, {TOKENS} tokens a reply.\n\n"
            + "\n".join(lines)
            + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main(sys.argv[1:] or ["Llama-3.2-1B", "7B"])
