"""The benchmark of large studies, at a small size, so that it still runs when its day comes."""

import importlib.util
from pathlib import Path

import pytest

import syndisco_nb as snb

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
LINE = [
    {"discussions": n, "run_s": 0.5 + n / 500, "run_mb": 50 + n / 1000, "disk_mb": n / 64, "read_mb": 100 + n / 50}
    | {"open_s": 0.1, "table_s": 0.2, "page_s": 0.3, "report_s": 0.4}
    for n in (100, 1000, 10_000)
]
TOKENS = {"answers": 10.0, "prompt_tokens": 250.0, "reply_tokens": 40.0, "tokens_per_s": 200.0}


@pytest.fixture(scope="module")
def scale():
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(BENCHMARKS)
        spec = importlib.util.spec_from_file_location("scale", BENCHMARKS / "scale.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


def test_it_writes_the_tables_between_the_marks(scale, tmp_path, monkeypatch):
    counted = {"asking": TOKENS}  # a scripted model counts none
    monkeypatch.setattr(
        scale, "measure", lambda name, folder, count: scale.MEASURED[name](folder, count) | counted.get(name, {})
    )
    monkeypatch.setattr(snb, "bundled_model", lambda **_: snb.ScriptedModel(["Four words of reply."]), raising=False)
    document = tmp_path / "scale.md"
    document.write_text("# Scale\n<!-- scale: begin -->\nbefore it\n<!-- scale: end -->\nAfter.\n")
    scale.main(["--counts", "2", "4", "8", "--pilot", "2", "--gpu-tokens-per-s", "5000"], document)
    text = document.read_text()
    assert text.startswith("# Scale\n<!-- scale: begin -->\n20")
    assert text.endswith("<!-- scale: end -->\nAfter.\n")
    assert "before it" not in text
    assert "\n| 8 | " in text
    assert "These are 10,000,000 answers" in text
    assert "| one GPU, as given | " in text


def test_a_line_is_foretold_and_a_curve_is_not(scale):
    assert scale.slope(LINE, "run_s") == pytest.approx(1 / 500)
    assert scale.foretold(LINE, "run_s") == pytest.approx(0, abs=1e-9)
    curved = [row | {"run_s": row["discussions"] ** 2} for row in LINE]
    assert scale.foretold(curved, "run_s") > 100
    assert "takes 2.0 ms (0.20 ms a turn), 1.0 kB of memory" in scale.growth(LINE)


def test_a_million_is_computed_from_what_was_measured(scale):
    lines = scale.million(LINE, TOKENS, {"7B": 4000.0}, 10_000).splitlines()
    assert lines[2:6] == [
        "| the package itself, on one core | 33 minutes | |",
        "| this computer, the bundled model | 23 days | |",
        "| one GPU, 7B | 28 hours | |",
        "| eight GPUs, 7B | 3 hours | |",
    ]
    assert all("| 17 hours | $" in line for line in lines[6 : 6 + len(scale.HOSTED)])
    assert "They take 15 GB of the disk and 1.0 GB of memory" in lines[-1]


def test_the_speed_of_a_gpu_is_the_best_on_record(scale):
    table = "| 7B | transformers pipeline | 1 | 30 | 1.0 | |\n| 7B | TransformersModel | 1 | 29 | 1 | 5 |\n"
    assert scale.gpus(table + "| 7B | TransformersModel | 512 | 4100 | 137 | 80 |\n") == {"7B": 4100.0}
