"""Further columns of a table: about a discussion, a speaker, or a comment."""

from syndisco_nb.formats.tables.column_scopes import column_scopes, fact_name


def scope(column, *discussions):
    rows = [[{"by": by} | ({} if value is None else {column: value}) for by, value in one] for one in discussions]
    return column_scopes([column], rows, "by")[column]


def test_a_column_is_about_the_largest_thing_that_it_is_constant_for():
    assert scope("x", [("Ana", 1), ("Ben", 1)], [("Ana", 2)]) == "discussion"
    assert scope("x", [("Ana", 1), ("Ben", 2)], [("Ana", 1)]) == "speaker"
    assert scope("x", [("Ana", 1), ("Ben", 2)], [("Ana", 3)]) == "comment"


def test_a_column_that_is_sometimes_empty_is_about_comments():
    assert scope("x", [("Ana", 1), ("Ben", None), ("Ana", 1)]) == "comment"


def test_nothing_is_constant_where_each_has_one_row():
    assert scope("x", [("Ana", 1)], [("Ben", 2)]) == "comment"
    assert scope("x", [("Ana", 1), ("Ben", 2)]) == "comment"


def test_columns_of_our_own_tables_go_by_name():
    rows = [("Ana", 1), ("Ana", 1)]
    assert (scope("speaker_age", rows), scope("meta_age", rows)) == ("speaker", "comment")
    assert (scope("condition", [("Ana", 1)]), scope("condition_x", [("Ana", 1)])) == ("discussion", "discussion")
    assert list(map(fact_name, ("speaker_age", "meta_x", "condition", "speaker_"))) == [
        "age",
        "x",
        "condition",
        "speaker_",
    ]
