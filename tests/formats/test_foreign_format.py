"""The list of formats."""

from syndisco_nb.formats.foreign_format import all_formats, format_of
from syndisco_nb.formats.source_file import SourceFile


def test_every_module_of_a_format_registers_itself_once():
    names = [one.name for one in all_formats()]
    assert "a file of this package" in names
    assert len(names) == len(set(names)) == len(all_formats())


def test_nothing_recognises_a_text_of_prose(tmp_path):
    (tmp_path / "a.txt").write_text("It rained. We stayed at home.\n")
    assert format_of(SourceFile(tmp_path / "a.txt")) is None
