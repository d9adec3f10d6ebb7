"""People in a table, driven without a browser."""

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, PersonaError

MAYA = snb.LLMPersona(
    username="Maya", age=41, personality_characteristics=["blunt", "warm"], languages=["el", "en"], children=2
)
BEN = snb.LLMPersona(username="Ben")


@pytest.fixture
def form():
    return snb.PeopleForm([MAYA, BEN])


def heard(form, **content):
    """Send what the page sends."""
    form.grid._handle_custom_msg(content, [])


class TestTheTable:
    def test_it_holds_exactly_who_was_given(self, form):
        assert form.value == snb.People([MAYA, BEN])
        assert type(form.value) is snb.People
        assert [name for name, *_ in form.grid.columns][-2:] == ["languages", "children"]
        assert form.grid.rows[0][-2:] == ["el; en", "2"]

    def test_cells_are_typed_into(self, form):
        heard(form, kind="edit", row=1, column="age", text="30")
        heard(form, kind="edit", row=1, column="personality_characteristics", text="shy; kind ;")
        heard(form, kind="edit", row=0, column="languages", text="el; en; de")
        assert form.value[1] == snb.LLMPersona(username="Ben", age=30, personality_characteristics=["shy", "kind"])
        assert form.value[0].languages == ("el", "en", "de")

    def test_an_error_stands_in_its_row_and_keeps_what_was_typed(self, form):
        heard(form, kind="edit", row=1, column="age", text="-7")
        with pytest.raises(PersonaError) as raised:
            snb.LLMPersona(username="Ben", age="-7")
        assert form.errors == {"1.age": str(raised.value)}
        assert form.grid.faults == [[1, "age", str(raised.value)]]
        assert form.grid.rows[1][1] == "-7"
        with pytest.raises(InvalidInputError, match="must be years"):
            _ = form.value
        heard(form, kind="edit", row=1, column="age", text="7")
        assert form.grid.faults == []

    def test_nobody_is_told_off_for_a_row_that_was_just_added(self, form):
        form.add()
        assert list(form.errors) == ["2.username"]
        assert form.grid.faults == []
        form.show(form.errors, everything=True)
        assert form.grid.faults[0][:2] == [2, "username"]

    def test_names_twice_are_said(self, form):
        heard(form, kind="edit", row=1, column="username", text=" Maya ")
        assert form.errors == {"1.username": "The name 'Maya' is that of row 1, too. Give another."}

    def test_rows_are_duplicated_and_removed(self, form):
        heard(form, kind="duplicate", row=0)
        heard(form, kind="duplicate", row=0)
        assert [one.username for one in form.value] == ["Maya", "Maya 3", "Maya 2", "Ben"]
        assert form.value[1].age == 41
        heard(form, kind="remove", row=0)
        assert [one.username for one in form.value] == ["Maya 3", "Maya 2", "Ben"]
        heard(form, kind="remove", row=9)  # pressed twice
        with pytest.raises(InvalidInputError, match="row is 9, but there are 3"):
            form.remove(9)

    def test_an_error_moves_along_with_its_row(self, form):
        heard(form, kind="edit", row=1, column="age", text="-7")
        heard(form, kind="remove", row=0)
        assert [fault[:2] for fault in form.grid.faults] == [[0, "age"]]
        heard(form, kind="edit", row=0, column="age", text="-7")
        form.duplicate(0)
        form.add()
        assert [fault[:2] for fault in form.grid.faults] == [[1, "age"], [0, "age"]]

    def test_a_column_of_ones_own(self, form):
        form.add_column("hobby")
        heard(form, kind="edit", row=1, column="hobby", text="chess")
        assert form.value[1].hobby == "chess"

    def test_changes_are_told_once(self, form):
        told = []
        form.on_change(lambda: told.append(len(form)))
        form.add(snb.LLMPersona(username="Cem"))
        heard(form, kind="edit", row=1, column="age", text="30")
        form.value = [BEN]
        assert told == [3, 3, 1]


class TestWritten:
    @pytest.mark.parametrize("name", ["people.yaml", "people.json"])
    def test_what_is_saved_is_loaded(self, form, tmp_path, name):
        other = snb.PeopleForm()
        other.load(form.save(tmp_path / name))
        assert other.value == form.value
        if name.endswith("json"):
            assert snb.load_personas(tmp_path / name) == form.value

    def test_a_csv_is_loaded_as_code_would(self, tmp_path):
        (tmp_path / "people.csv").write_text("username,personality_characteristics\nAna,blunt; warm\n")
        form = snb.PeopleForm()
        form.load(tmp_path / "people.csv")
        assert form.value == snb.load_personas(tmp_path / "people.csv")

    def test_the_code_makes_equal_people(self, form):
        namespace = {}
        exec(form.code(), namespace)  # noqa: S102
        assert snb.People(namespace["people"]) == form.value

    def test_a_stored_notebook_shows_them(self, form):
        assert repr(form) == "<PeopleForm: 2 people>"
        assert "Maya" in form._repr_mimebundle_()["text/html"]
