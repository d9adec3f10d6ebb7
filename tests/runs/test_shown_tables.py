from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.shown_tables import SkippedFiles


def test_skipped_files_are_a_list_to_code_and_a_page_in_a_notebook():
    one = Skipped("notes.txt", "notes.txt is no record.")
    assert SkippedFiles() == []
    assert [*SkippedFiles([one])] == SkippedFiles([one]) == [one]
    assert "Nothing was skipped." in SkippedFiles()._repr_mimebundle_()["text/html"]
    assert "is no record." in SkippedFiles([one])._repr_mimebundle_()["text/plain"]
