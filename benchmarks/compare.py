"""``make bench``: this package beside SynDisco and beside the engine's own limit; writes RESULTS.md.

RESULTS.md has a section for each kind of processor; a run replaces that of the machine it runs on.
"""

import json
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measure import TOKENS, TURNS

HERE = Path(__file__).parent
PLAN = [
    ("syndisco float32", 4),
    ("syndisco bfloat16", 2),
    ("openvino", 1),
    ("openvino", 8),
    ("openvino", 32),
    ("openvino", 128),
    ("transformers", 1),
    ("transformers", 8),
    ("transformers", 32),
    ("raw", 192),
    ("instant", 1000),
    ("instant", 10000),
    ("import", 1),
]


def measure(name: str, count: int) -> dict[str, Any]:
    print(f"{name} {count} …", flush=True)
    command = [sys.executable, str(HERE / "measure.py"), name, str(count)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"{name} failed:\n{result.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def table(rows: list[dict[str, Any]]) -> str:
    base = next(row for row in rows if row["name"] == "syndisco float32")
    limit = next(row for row in rows if row["name"] == "raw")["tokens_per_s"]
    lines = [
        "| | at once | discussions/min | × SynDisco | tokens/s | prompt + reply | % of raw | labels/min | × SynDisco |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if "discussions_per_min" not in row:
            continue
        tokens = row["tokens_per_s"]
        at_once = 1 if row["name"].startswith("syndisco") else row["count"]
        lines.append(
            f"| {row['name']} | {at_once} | {row['discussions_per_min']:.1f} "
            f"| {row['discussions_per_min'] / base['discussions_per_min']:.1f} "
            f"| {tokens:.0f} | {row['prompt_tokens']:.0f} + {row['reply_tokens']:.0f} "
            f"| {f'{100 * tokens / limit:.0f}' if row['name'] == 'openvino' else ''} "
            f"| {row['annotations_per_min']:.0f} | {row['annotations_per_min'] / base['annotations_per_min']:.1f} |"
        )
    raw = next(row for row in rows if row["name"] == "raw")
    small, large = (row for row in rows if row["name"] == "instant")
    notes = f"""
- OpenVINO alone, {raw["count"]} such requests ready at once ({raw["prompt_tokens"]:.0f} prompt and
  {raw["reply_tokens"]:.0f} reply tokens): {limit:.0f} tokens/s, its raw limit.
- Instant model, journal on, in memory: {small["turns_per_s"]:,.0f} turns/s with 1,000 discussions × 10 turns,
  {large["turns_per_s"]:,.0f} with 10,000 (memory grows by {large["memory_growth_mb"]:.0f} MB).
- Opening that run of 10,000: {large["open_run_s"]:.2f} s. Importing the package: {rows[-1]["import_s"]:.3f} s."""
    return "\n".join(lines) + "\n" + notes


def hardware() -> str:
    """Return what decides how fast this machine is: its cores, and the arithmetic that they have."""
    import torch

    arithmetic = "bfloat16 in hardware" if torch.cpu._is_avx512_bf16_supported() else "no bfloat16 in hardware"
    return f"{os.cpu_count()} cores, {platform.machine()}, {torch.backends.cpu.get_cpu_capability()}, {arithmetic}"


HEAD = f"""# Benchmark results

`make bench`, one process after the other. SynDisco 1.0.2 runs the same weights one prompt at a time, with the same
sampling, so that its replies are as long; in float32, as transformers loaded weights when it was written, and in
bfloat16, as transformers 5 does where the weights are stored so. Ratios are to float32. {TURNS} turns of at most
{TOKENS} tokens. Ours annotates with a scale, SynDisco by generating.
"""


def main() -> None:
    rows = [measure(name, count) for name, count in PLAN]
    section = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}.\n\n{table(rows)}\n"
    file = HERE / "RESULTS.md"
    _, *parts = re.split(r"^## (.*)\n\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = dict(zip(parts[::2], parts[1::2], strict=True)) | {hardware(): section}
    texts = [HEAD, *(f"## {name}\n\n{text.strip()}\n" for name, text in sections.items())]
    file.write_text("\n".join(texts), encoding="utf-8")
    print(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
