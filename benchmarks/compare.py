"""``make bench``: this package beside SynDisco and beside the engine's own limit; writes RESULTS.md."""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PLAN = [
    ("syndisco", 3),
    ("openvino", 1),
    ("openvino", 8),
    ("openvino", 32),
    ("openvino", 128),
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
    base = next(row for row in rows if row["name"] == "syndisco")
    limit = next(row for row in rows if row["name"] == "raw")["tokens_per_s"]
    lines = [
        "| | discussions at once | discussions/min | × SynDisco | tokens/s | % of raw | annotations/min | × SynDisco |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if "discussions_per_min" not in row:
            continue
        tokens = row.get("tokens_per_s")
        at_once = 1 if row is base else row["count"]
        lines.append(
            f"| {row['name']} | {at_once} | {row['discussions_per_min']:.1f} "
            f"| {row['discussions_per_min'] / base['discussions_per_min']:.1f} "
            f"| {f'{tokens:.0f}' if tokens else ''} "
            f"| {f'{100 * tokens / limit:.0f}' if tokens and row['name'] == 'openvino' else ''} "
            f"| {row['annotations_per_min']:.0f} | {row['annotations_per_min'] / base['annotations_per_min']:.1f} |"
        )
    small, large = (row for row in rows if row["name"] == "instant")
    notes = f"""
- OpenVINO alone, {PLAN[7][1]} ready requests of such prompts: {limit:.0f} tokens/s (its raw limit).
- Instant model, journal on, in memory: {small["turns_per_s"]:,.0f} turns/s with 1,000 discussions × 10 turns,
  {large["turns_per_s"]:,.0f} with 10,000 (memory grows by {large["memory_growth_mb"]:.0f} MB).
- Opening that run of 10,000: {large["open_run_s"]:.2f} s. Importing the package: {rows[-1]["import_s"]:.3f} s."""
    return "\n".join(lines) + "\n" + notes


def main() -> None:
    rows = [measure(name, count) for name, count in PLAN]
    made = next(row for row in rows if row["name"] == "openvino" and row["count"] == 32)
    (HERE / "RESULTS.md").write_text(
        "# Benchmark results\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}; `make bench`. SynDisco 1.0.2 runs the same weights, one prompt at a time, in "
        "bfloat16: that is how transformers 5 loads them for it (earlier versions took float32, about half as fast). "
        "Ours annotates with a scale, SynDisco by generating. 6 turns of at most 48 tokens; here "
        f"{made['prompt_tokens']:.0f} prompt and {made['reply_tokens']:.0f} reply tokens a comment.\n\n"
        f"{table(rows)}\n",
        encoding="utf-8",
    )
    print((HERE / "RESULTS.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
