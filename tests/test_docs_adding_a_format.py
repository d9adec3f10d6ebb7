"""The example of docs/design/adding_a_format.md, as a reader would try it."""

import json
import re
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.formats import foreign_format

PAGE = Path(__file__).parents[1] / "docs" / "design" / "adding_a_format.md"


@pytest.fixture
def _debates(monkeypatch):
    monkeypatch.setattr(foreign_format, "_FORMATS", [*foreign_format.all_formats()])
    monkeypatch.setattr(foreign_format, "all_formats", lambda: foreign_format._FORMATS)
    code = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)[1]
    exec(compile(code, PAGE.name, "exec"), {"__name__": "debates"})  # noqa: S102


@pytest.mark.usefixtures("_debates")
def test_the_example_reads_debates_and_names_what_is_wrong_with_others(tmp_path):
    speeches = [{"by": "Ana", "said": "Why?"}, {"by": "Ben", "said": " "}]
    (tmp_path / "a.json").write_text(json.dumps({"debate": "Tax", "speeches": speeches}))
    (tmp_path / "b.json").write_text(json.dumps({"debate": "Tax", "speeches": [{"by": "Ana"}]}))
    corpus = snb.load(tmp_path)
    assert [(talk.name, len(talk), len(talk.silences)) for talk in corpus] == [("Tax", 1, 1)]
    assert [str(one) for one in corpus.skipped] == ["b.json: cannot be read: speeches.0.said: Field required."]
