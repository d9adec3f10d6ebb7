import sys

import pandas as pd
import pytest

from syndisco_nb.analysis.paper_tables import save_table
from syndisco_nb.errors import InvalidInputError, MissingDependencyError

FRAME = pd.DataFrame({"A & B": ["−0.31", "5%"], "<b>": ["1", "2"]}, index=["Words_per comment", "Silences"])


def save(tmp_path, name):
    return save_table(FRAME, tmp_path / "tables" / name, "Table of 50% & more.", "Left out: 3 #1.")


def test_latex_is_escaped(tmp_path):
    text = save(tmp_path, "one.tex").read_text("utf-8")
    assert r"& A \& B & \textless{}b\textgreater{} \\" in text
    assert r"Words\_per comment & $-$0.31 & 1 \\" in text
    assert r"\caption{Table of 50\% \& more.}" in text
    assert r"Left out: 3 \#1." in text


def test_word_has_the_table(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document(str(save(tmp_path, "one.docx")))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert ["Words_per comment", "−0.31", "1"] in cells
    assert any("Table of 50% & more." in paragraph.text for paragraph in document.paragraphs)


def test_html_is_escaped_and_needs_no_encoding(tmp_path):
    text = save(tmp_path, "one.HTML").read_text("ascii")
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert "&#8722;0.31" in text


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(InvalidInputError, match=r"one\.pdf', but must end in \.tex, \.docx, \.html"):
        save(tmp_path, "one.pdf")


def test_the_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "maketables", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'syndisco-nb\[paper\]'"):
        save(tmp_path, "one.tex")
