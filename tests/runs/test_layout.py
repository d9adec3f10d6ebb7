from syndisco_nb.runs.layout import OWN_FILES, Skipped, head_copy, journal_path, unit_path


def test_files_stand_where_a_user_was_told(tmp_path):
    assert unit_path(tmp_path, "discussion-00007") == tmp_path / "discussion-00007.json"
    assert journal_path(tmp_path, "discussion-00007") == tmp_path / "journal" / "discussion-00007.jsonl"
    assert head_copy(tmp_path) == tmp_path / "journal" / "run.json.last"
    assert OWN_FILES == ("run.json", "failures.jsonl", "order.jsonl")


def test_a_skipped_file_is_named_once():
    assert str(Skipped("a.json", "a.json is empty.")) == "a.json: is empty."
    assert str(Skipped("a.txt", "it is not a .json file")) == "a.txt: it is not a .json file"
