"""``python benchmarks/scale.py``: time and memory of large studies, and needs of a million; writes docs/scale.md.

A scripted model shows what the package itself takes. The tokens of a turn are measured on the bundled model, the speed
of a GPU is read from RESULTS_GPU.md or given, and prices are those that `genai-prices` has today.
"""

import argparse
import asyncio
import importlib.metadata
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measure import CONTEXT, INSTRUCTIONS, PEOPLE, TOKENS, TOPIC

DOCUMENT = Path(__file__).parents[1] / "docs" / "scale.md"
MARKED = re.compile(r"(?<=<!-- scale: begin -->\n).*(?=<!-- scale: end -->)", re.DOTALL)
COUNTS = (100, 1000, 10_000)
TURNS = 10
PILOT = 32
MILLION = 1_000_000
HOSTED = ("gpt-5-mini", "claude-haiku-4-5", "gemini-2.5-flash", "mistral-small-latest")


def study(model: Any, discussions: int) -> Any:
    """Return the design of a study of so many discussions, half of them in each of two conditions."""
    import syndisco_nb as snb

    people = [snb.LLMPersona(**dict(trait.split(": ", 1) for trait in traits)) for traits in PEOPLE.values()]
    return (
        snb.ExperimentBuilder(seed=7)
        .model(model)
        .participants(people)
        .topics([TOPIC])
        .context(CONTEXT)
        .vary(instructions={"plain": INSTRUCTIONS, "civil": f"{INSTRUCTIONS} Stay civil."})
        .turns(TURNS)
        .discussions(discussions // 2)
    )


def running(folder: Path, discussions: int) -> dict[str, float]:
    """Run a study whose model answers at once."""
    import syndisco_nb as snb

    design = study(snb.ScriptedModel(["I agree.", "Why?", "It is not so simple as you say."]), discussions)
    before = _peak_mb()
    seconds = _timed(lambda: design.run(folder))
    files = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    return {"run_s": seconds, "run_mb": _peak_mb(), "grown_mb": _peak_mb() - before, "disk_mb": sum(files) / 2**20}


def reading(folder: Path, _: int) -> dict[str, float]:
    """Open that study, and look at it."""
    import pandas  # noqa: F401 - not part of the time of a table

    import syndisco_nb as snb

    opened: list[snb.Study] = []
    return {
        "open_s": _timed(lambda: opened.append(snb.Study(folder))),
        "table_s": _timed(opened[0].to_dataframe),
        "page_s": _timed(opened[0]._repr_mimebundle_),
        "report_s": _timed(lambda: opened[0].report(folder / "report.html")),
        "read_mb": _peak_mb(),
    }


def asking(folder: Path, discussions: int) -> dict[str, float]:
    """Run a study on the bundled model, for its tokens."""
    import syndisco_nb as snb

    model = snb.bundled_model(max_out_tokens=TOKENS)
    warm_up = snb.Request((snb.ChatMessage("user", "Hello!"),), seed=1, sampling=snb.Sampling(max_tokens=1))
    asyncio.run(model.complete(warm_up))  # loads the weights
    seconds = _timed(lambda: study(model, discussions).run(folder))
    made = [m.generation for talks in snb.Study(folder).values() for talk in talks for m in talk.messages]
    counted = [one for one in made if one]
    return {
        "answers": len(counted) / discussions,
        "prompt_tokens": sum(one.prompt_tokens for one in counted) / len(counted),
        "reply_tokens": sum(one.completion_tokens for one in counted) / len(counted),
        "tokens_per_s": sum(one.completion_tokens for one in counted) / seconds,
    }


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak_mb() -> float:
    """Return the most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


MEASURED: dict[str, Callable[[Path, int], dict[str, float]]] = {
    "running": running,
    "reading": reading,
    "asking": asking,
}


def measure(name: str, folder: Path, discussions: int) -> dict[str, float]:
    """Return a measurement, made in a process of its own: its peak of memory is not another's."""
    print(f"{name} {discussions:,} …", flush=True)
    command = [sys.executable, __file__, "--measure", name, str(folder), str(discussions)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"{name} failed:\n{result.stderr[-3000:]}")
    found: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return found


def measured(counts: Sequence[int]) -> list[dict[str, float]]:
    """Return a row for each number of discussions."""
    rows = []
    for count in counts:
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work, "study")
            row = measure("running", folder, count) | measure("reading", folder, count)
            rows.append({"discussions": count, **row})
    return rows


def slope(rows: Sequence[dict[str, float]], name: str) -> float:
    """Return the growth from the last row but one to the last, for each discussion."""
    first, last = rows[-2:]
    return (last[name] - first[name]) / (last["discussions"] - first["discussions"])


def foretold(rows: Sequence[dict[str, float]], name: str) -> float:
    """Return how far the last row is from the line through the others' first and last, in percent of that line."""
    first, second, last = rows[0], rows[-2], rows[-1]
    line = second[name] + slope([first, second], name) * (last["discussions"] - second["discussions"])
    return 100 * (last[name] - line) / line


def growth(rows: Sequence[dict[str, float]]) -> str:
    """Return the table of the line."""
    lines = [
        "| discussions | run | memory | folder | open | table of comments | page | report | memory to read |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        cells = [f"{row['run_s']:.1f} s", f"{row['run_mb']:.0f} MB", f"{row['disk_mb']:,.1f} MB"]
        cells += [f"{row[name]:.2f} s" for name in ("open_s", "table_s", "page_s", "report_s")]
        lines.append(f"| {row['discussions']:,} | " + " | ".join([*cells, f"{row['read_mb']:.0f} MB"]) + " |")
    grown = {name: 1000 * slope(rows, name) for name in ("run_s", "run_mb", "disk_mb", "read_mb")}
    return "\n".join(lines) + (
        f"\n\nEach discussion of {TURNS} turns takes {grown['run_s']:.1f} ms ({grown['run_s'] / TURNS:.2f} ms a turn), "
        f"{grown['run_mb']:.1f} kB of memory while it runs, {grown['disk_mb']:.0f} kB of the folder and "
        f"{grown['read_mb']:.0f} kB to read. The line through the smaller studies foretells the time of the largest "
        f"within {abs(foretold(rows, 'run_s')):.0f} %, its folder within {abs(foretold(rows, 'disk_mb')):.0f} %."
    )


def million(rows: Sequence[dict[str, float]], tokens: dict[str, float], gpus: dict[str, float], per_minute: int) -> str:
    """Return the table of a million discussions.

    Parameters
    ----------
    rows : list of dict
        Of `measured`.
    tokens : dict
        Of `asking`.
    gpus : dict of str to float
        Reply tokens per second of one GPU, by model.
    per_minute : int
        Requests that a hosted service allows in a minute; 0 if unknown.
    """
    answers = round(MILLION * tokens["answers"])
    replies = answers * tokens["reply_tokens"]
    own = MILLION * slope(rows, "run_s")
    lines = [
        "| where | time | price |",
        "|---|--:|--:|",
        f"| the package itself, on one core | {_long(own)} | |",
        f"| this computer, the bundled model | {_long(replies / tokens['tokens_per_s'])} | |",
    ]
    for model, rate in gpus.items():
        lines.append(f"| one GPU, {model} | {_long(max(own, replies / rate))} | |")
        lines.append(f"| eight GPUs, {model} | {_long(max(own, replies / rate / 8))} | |")
    if not gpus:
        lines += ["| one GPU | not measured | |", "| eight GPUs | not measured | |"]
    at_limit = _long(60 * answers / per_minute) if per_minute else "as the limit allows"
    for model in HOSTED:
        now, batch = (_price(model, answers, tokens, **how) for how in ({}, {"processing": "batch"}))
        lines.append(f"| {model} | {at_limit} | ${now:,.0f}, in batches ${batch:,.0f} |")
    memory = rows[-1]["run_mb"] + (MILLION - rows[-1]["discussions"]) * slope(rows, "run_mb")
    return "\n".join(lines) + (
        f"\n\nThese are {answers:,} answers, on average {tokens['prompt_tokens']:.0f} tokens of prompt and "
        f"{tokens['reply_tokens']:.0f} of reply, as the bundled model counts them. They take "
        f"{MILLION * slope(rows, 'disk_mb') / 1024:,.0f} GB of the disk and {memory / 1024:.1f} GB of memory while "
        f"they run. Prices are those of genai-prices {importlib.metadata.version('genai-prices')} on "
        f"{datetime.now(UTC):%Y-%m-%d}, without any discount for cached prompts."
    )


def _price(model: str, answers: int, tokens: dict[str, float], **how: str) -> float:
    from genai_prices import Usage, calc_price

    one = Usage(input_tokens=round(tokens["prompt_tokens"]), output_tokens=round(tokens["reply_tokens"]))
    return answers * float(calc_price(one, model, price_context=how).total_price)


def _long(seconds: float) -> str:
    """Return a time in the largest unit of which there are two."""
    units = [("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1)]
    unit, size = next((one for one in units if seconds >= 2 * one[1]), units[-1])
    return f"{seconds / size:,.0f} {unit}"


def gpus(text: str) -> dict[str, float]:
    """Return the most tokens per second of each model in RESULTS_GPU.md."""
    rates: dict[str, float] = {}
    for model, rate in re.findall(r"^\| (\S+) \| TransformersModel \| \d+ \| (\d+) \|", text, re.MULTILINE):
        rates[model] = max(rates.get(model, 0.0), float(rate))
    return rates


def setting() -> str:
    """Return the day, the computer and the versions."""
    information = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", information.read_text()) if information.exists() else []
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("syndisco-nb", "openvino-genai")]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({names[0] if names else platform.machine()}), "
        f"Python {platform.python_version()}, {', '.join(versions)}; `python benchmarks/scale.py`."
    )


def main(arguments: Sequence[str], document: Path = DOCUMENT) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, help="numbers of discussions, three at least")
    parser.add_argument("--pilot", type=int, default=PILOT, help="discussions of the bundled model")
    parser.add_argument("--gpu-tokens-per-s", type=float, help="reply tokens per second of one GPU with your model")
    parser.add_argument("--requests-per-min", type=int, default=0, help="limit of your account at a hosted service")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.measure:
        name, folder, count = given.measure
        print(json.dumps(MEASURED[name](Path(folder), int(count))))
        return
    rates = gpus(Path(__file__).with_name("RESULTS_GPU.md").read_text(encoding="utf-8"))
    if given.gpu_tokens_per_s:
        rates["as given"] = given.gpu_tokens_per_s
    rows = measured(given.counts)
    with tempfile.TemporaryDirectory() as work:
        tokens = measure("asking", Path(work, "study"), given.pilot)
    text = f"{setting()}\n\n{growth(rows)}\n\n### A million discussions\n\n"
    text += f"{million(rows, tokens, rates, given.requests_per_min)}\n"
    document.write_text(MARKED.sub(lambda _: text, document.read_text(encoding="utf-8")), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
