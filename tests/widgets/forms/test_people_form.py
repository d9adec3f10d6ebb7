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
        message = str(raised.value).replace("age is", "Age is")
        assert form.errors == {"1.age": message}
        assert form.grid.faults == [[1, "age", message]]
        assert form.grid.rows[1][1] == "-7"
        with pytest.raises(InvalidInputError, match="must be years"):
            _ = form.value
        heard(form, kind="edit", row=1, column="age", text="7")
        assert form.grid.faults == []

    def test_an_empty_row_is_nobody(self, form):
        form.add()
        heard(form, kind="edit", row=2, column="age", text=" ")
        assert (form.errors, form.value, len(form)) == ({}, snb.People([MAYA, BEN]), 3)
        assert repr(form) == "<PeopleForm: 2 people>"

    def test_rows_are_counted_as_on_screen_and_people_as_in_code(self, form):
        form.add()
        heard(form, kind="edit", row=2, column="username", text="Cem")
        heard(form, kind="edit", row=0, column="username", text="")
        for column in list(MAYA.attributes)[1:]:
            heard(form, kind="edit", row=0, column=column, text="")
        heard(form, kind="edit", row=2, column="age", text="-7")
        assert list(form.errors) == ["1.age"]
        assert form.grid.faults[0][:2] == [2, "age"]

    def test_a_person_needs_a_name_once_anything_is_filled_in(self, form):
        form.add()
        heard(form, kind="edit", row=2, column="age", text="7")
        assert form.errors == {"2.username": "Name is empty. Give every person a name."}
        assert form.grid.faults == []
        form.show(form.errors, everything=True)
        assert form.grid.faults[0][:2] == [2, "username"]

    def test_names_twice_are_said(self, form):
        heard(form, kind="edit", row=1, column="username", text=" Maya ")
        assert form.errors == {"1.username": "Row 1 is already called Maya. Choose another name."}

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

    def test_the_focus_goes_to_what_was_added_or_left(self, form, monkeypatch):
        focused = []
        monkeypatch.setattr(form.grid, "send", lambda message: focused.append(message["row"]))
        heard(form, kind="duplicate", row=0)
        heard(form, kind="add", row=2)
        heard(form, kind="remove", row=3)
        heard(form, kind="remove", row=0)
        assert (focused, form.names) == ([1, 3, 2, 0], ["Maya 2", "Ben"])
        heard(form, kind="remove", row=0)
        assert not form.add_button.focused
        heard(form, kind="remove", row=0)
        assert form.add_button.focused

    def test_changes_are_undone_one_by_one(self, form):
        assert form.undo_button.disabled
        heard(form, kind="edit", row=1, column="age", text="30")
        heard(form, kind="remove", row=0)
        form.undo_button.press()
        assert form.names == ["Maya", "Ben"]
        assert form.value[1].age == 30
        form.undo()
        assert (form.value, form.undo_button.disabled) == (snb.People([MAYA, BEN]), True)
        form.undo()
        form.value = [BEN]
        assert form.undo_button.disabled

    def test_changes_are_told_once(self, form):
        told = []
        form.on_change(lambda: told.append(len(form)))
        form.add(snb.LLMPersona(username="Cem"))
        heard(form, kind="edit", row=1, column="age", text="30")
        form.value = [BEN]
        assert told == [3, 3, 1]


class TestPasted:
    def test_cells_go_where_the_focus_is_and_rows_are_added(self, form):
        heard(form, kind="paste", row=1, column="age", text="30\tfemale\n\tmale\r\n")
        assert form.given[1] == snb.LLMPersona(username="Ben", age=30, sex="female")
        assert form.errors == {"2.username": "Name is empty. Give every person a name."}
        heard(form, kind="paste", row=2, column="username", text="Cem\nDana\n")
        assert [(one.username, one.sex) for one in form.value[2:]] == [("Cem", "male"), ("Dana", None)]
        form.undo()
        form.undo()
        assert form.value == snb.People([MAYA, BEN])

    @pytest.mark.parametrize("row", [1, 2])
    def test_a_table_with_headings_is_added_at_the_end(self, form, row):
        if row == 2:
            form.add()
        text = 'AGE\tname\tOccupation\tCharacteristics\tPet\n40\tAna\tnurse\t"blunt;\nwarm"\tcat\n'
        heard(form, kind="paste", row=row, column="age", text=text)
        ana = snb.LLMPersona(
            "Ana", age=40, current_employment="nurse", personality_characteristics=["blunt", "warm"], Pet="cat"
        )
        assert form.value == snb.People([MAYA, BEN, ana])

    def test_a_fault_in_pasted_cells_is_shown_in_its_row(self, form):
        heard(form, kind="paste", row=0, column="username", text="Name,Age\nAna,-7\nBen,8")
        assert [fault[:2] for fault in form.grid.faults] == [[3, "username"], [2, "age"]]

    def test_too_many_cells_are_refused_with_a_remedy(self, form):
        last = form.grid.columns[-1][0]
        heard(form, kind="paste", row=0, column=last, text="1\t2")
        assert form.grid.message.startswith("The pasted rows have 2 cells, but there is 1 column for them.")
        assert form.value == snb.People([MAYA, BEN])
        heard(form, kind="edit", row=1, column="age", text="30")
        assert form.grid.message == ""


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
