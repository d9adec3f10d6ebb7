"""The files that people have personas in, and texts that are pasted."""

import json
import re

import pandas as pd
import pytest
from support.table_bytes import excel_bytes, spss_bytes, stata_bytes

from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.persona_files import load_personas, read_personas
from syndisco_nb.errors import InvalidInputError, PersonaError

GUIDE = {
    "username": "Emma35",
    "age": 38,
    "sex": "female",
    "education_level": "Bachelor's",
    "sexual_orientation": "Heterosexual",
    "demographic_group": "Latino",
    "current_employment": "Registered Nurse",
    "special_instructions": "Be brief",
    "personality_characteristics": ["compassionate", "patient"],
}


@pytest.fixture
def write(tmp_path):
    def written(name, content):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return written


@pytest.fixture
def refused(write):
    """Return the message with which a file is refused."""

    def message(name, content):
        with pytest.raises(PersonaError) as caught:
            load_personas(write(name, content))
        assert str(write(name, content)) in str(caught.value)
        return str(caught.value)

    return message


def test_a_json_array_is_read(write):
    people = load_personas(write("people.json", [GUIDE, {"username": "Ben"}]))
    assert people == (LLMPersona(**GUIDE), LLMPersona("Ben"))
    assert isinstance(people, People)


def test_a_path_may_be_text(write):
    path = write("people.json", [GUIDE])
    assert load_personas(str(path)) == load_personas(path)


def test_a_single_object_is_read(write):
    assert load_personas(write("one.json", GUIDE)) == (LLMPersona(**GUIDE),)


def test_the_ending_may_be_in_capitals(write):
    assert load_personas(write("ONE.JSON", GUIDE)) == (LLMPersona(**GUIDE),)


def test_json_with_a_byte_order_mark_is_read(write):
    content = b"\xef\xbb\xbf" + json.dumps([GUIDE]).encode()
    assert load_personas(write("people.json", content)) == (LLMPersona(**GUIDE),)


def test_names_beyond_ascii_are_read(write):
    assert load_personas(write("people.json", '[{"username": "Ελένη"}]'))[0].username == "Ελένη"


def test_extra_keys_become_attributes(write):
    (persona,) = load_personas(write("people.json", {"username": "Ana", "hobby": "chess", "id": 7, "none": None}))
    assert persona.to_attribute_list() == ["username: Ana", "hobby: chess", "id: 7"]


@pytest.mark.parametrize("key", ["self", "class", "attributes", "_attributes", "to_attribute_list", "a b", "", "name"])
def test_any_key_may_be_an_extra_one(write, key):
    (persona,) = load_personas(write("people.json", {"username": "Ana", key: "x"}))
    assert persona.username == "Ana"
    assert persona.to_attribute_list() == ["username: Ana", f"{key}: x"]


def test_intent_is_the_old_name_of_special_instructions(write):
    (persona,) = load_personas(write("people.json", {"username": "Ana", "intent": "Troll"}))
    assert persona == LLMPersona("Ana", special_instructions="Troll")


@pytest.mark.parametrize("empty", ["", None])
def test_intent_fills_empty_special_instructions(write, empty):
    entry = {"username": "Ana", "intent": "Troll", "special_instructions": empty}
    assert load_personas(write("people.json", entry))[0].special_instructions == "Troll"


def test_intent_does_not_replace_special_instructions(write):
    entry = {"username": "Ana", "intent": "Troll", "special_instructions": "Be kind"}
    assert load_personas(write("people.json", entry))[0].special_instructions == "Be kind"


def test_json_lines_are_read(write):
    content = json.dumps(GUIDE) + "\n\n" + '{"username": "Ben"}' + "\n"
    assert load_personas(write("people.jsonl", content)) == (LLMPersona(**GUIDE), LLMPersona("Ben"))


@pytest.mark.parametrize("breaker", ["\u2028", "\u2029", "\x85"])
def test_json_lines_end_at_newlines_only(write, breaker):
    entry = {"username": "Ana", "special_instructions": f"One.{breaker}Two."}
    content = json.dumps(entry, ensure_ascii=False) + "\n"
    assert load_personas(write("people.jsonl", content))[0].special_instructions == f"One.{breaker}Two."


CSV = "username,age,sex,personality_characteristics,hobby\nAna,25-34,f,kind; patient;,chess\nBen,-1,,,\n"


@pytest.mark.parametrize(
    "content",
    [CSV, CSV.encode("utf-8-sig"), CSV.replace("\n", "\r\n").encode(), CSV.replace("\n", "\r").encode()],
    ids=["plain", "byte order mark", "windows", "old mac"],
)
def test_csv_is_read(write, content):
    assert load_personas(write("people.csv", content)) == (
        LLMPersona("Ana", age="25-34", sex="f", personality_characteristics=["kind", "patient"], hobby="chess"),
        LLMPersona("Ben"),
    )


def test_csv_cells_may_hold_commas_quotes_and_line_breaks(write):
    content = 'username,special_instructions\nAna,"One, ""two"".\nThree."\n'
    assert load_personas(write("people.csv", content))[0].special_instructions == 'One, "two".\nThree.'


def test_csv_ages_in_digits_are_numbers(write):
    assert load_personas(write("people.csv", "username,age\nAna,41\n"))[0].age == 41


def test_csv_ages_are_years_as_pandas_writes_them(write):
    assert [one.age for one in load_personas(write("people.csv", ",name,age\n0,Ana,34.0\n1,Ben,\n"))] == [34, None]


def test_csv_rows_may_be_short(write):
    assert load_personas(write("people.csv", "username,age,sex\nAna\n")) == (LLMPersona("Ana"),)


def test_csv_spaces_in_the_head_are_ignored(write):
    assert load_personas(write("people.csv", "username, age\nAna,41\n")) == (LLMPersona("Ana", age=41),)


def test_a_huge_csv_cell_is_read_or_refused_by_name(write):
    path = write("people.csv", f"username,special_instructions\nAna,{'x' * 200_000}\n")
    try:
        outcome = load_personas(path)[0].special_instructions
    except PersonaError as error:
        outcome = str(error)
    assert outcome == "x" * 200_000 or outcome.startswith(f"{path}")


def test_a_repeated_name_is_refused_by_file_entries_and_field(refused):
    message = refused("people.json", [{"username": "Ana"}, {"username": "Ben"}, {"username": " Ana "}])
    for part in ("people.json", "entry 1", "entry 3", "'Ana'"):
        assert part in message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", 3),
        ("age", 200),
        ("age", "-7"),
        ("age", True),
        ("age", [3]),
        ("sex", 1),
        ("sexual_orientation", ["x"]),
        ("current_employment", False),
        ("education_level", 12),
        ("special_instructions", ["a"]),
        ("personality_characteristics", 3),
        ("personality_characteristics", [3]),
    ],
)
@pytest.mark.parametrize("name", ["people.json", "people.jsonl"])
def test_a_bad_value_is_refused_by_file_entry_and_field(refused, name, field, value):
    entries = [{"username": "Ana"}, {"username": "Ben"} | {field: value}]
    message = refused(name, entries if name == "people.json" else "\n".join(map(json.dumps, entries)))
    assert f"{name}, entry 2: {field}" in message
    assert repr(value) in message


def test_a_bad_csv_value_is_refused_by_file_entry_and_field(refused):
    message = refused("people.csv", "username,age\nAna,3\nBen,200\n")
    assert "people.csv, row 2: age is '200'" in message


@pytest.mark.parametrize("entry", ["Ana", 3, None, ["Ana"]])
def test_an_entry_that_is_no_object_is_refused_by_number(refused, entry):
    assert "entry 2" in refused("people.json", [{"username": "Ana"}, entry])


def test_a_missing_name_is_refused_with_the_nearest_key(refused):
    message = refused("people.json", [{"user_name": "Ana"}])
    assert "entry 1 has no name" in message
    assert "Did you mean 'user_name'?" in message


@pytest.mark.parametrize(
    "content", ["", "[", "{'username': 'Ana'}", '[{"username": "Ana"}', "hello", b"\x00\x01", "[" * 10**5], ids=len
)
def test_broken_json_is_refused_by_file(refused, content):
    assert "cannot be read" in refused("people.json", content)


def test_a_broken_json_line_is_refused_by_its_number(refused):
    message = refused("people.jsonl", '{"username": "Ana"}\n{"username": "Ben"}\n{"username": \n')
    assert re.search(r"\b(line|entry) 3\b", message)


@pytest.mark.parametrize(("name", "content"), [("a.json", "[]"), ("a.jsonl", "\n"), ("a.csv", "age\n")])
def test_a_file_without_personas_is_refused(refused, name, content):
    assert "holds no persona" in refused(name, content)


def test_a_file_that_is_not_utf8_is_read_as_excel_writes_it_with_a_warning(write):
    with pytest.warns(UserWarning, match=r"people\.csv is not UTF-8 and was read as Windows-1252"):
        (persona,) = load_personas(write("people.csv", "username;age\nJürgen;51\n".encode("cp1252")))
    assert persona == LLMPersona("Jürgen", age=51)


@pytest.mark.parametrize("name", ["a.json", "a.csv"])
def test_a_file_that_is_no_text_at_all_is_refused(refused, name):
    assert "it is not text" in refused(name, b"\xff\x00\x81 \x00")
    assert "Save it as UTF-8" in refused(name, b"username\n\x81\x8d\n")


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "content",
    [
        "username;age\nAna;41\n",
        "sep=;\nusername;age\nAna;41\n",
        "username\tage\nAna\t41\n",
        "username,age,,\n,,,\nAna,41,,\n\n",
        ",username,age\n0,Ana,41\n",
        "Unnamed: 0,username,age\n0,Ana,41\n",
    ],
    ids=["semicolons", "sep", "tabs", "empty columns", "index", "pandas index"],
)
def test_a_table_is_read_in_any_of_its_usual_forms(write, coding, content):
    assert load_personas(write("people.csv", content.encode(coding))) == (LLMPersona("Ana", age=41),)


def test_a_cell_that_says_none_is_an_answer_and_digits_stay_as_they_are(write):
    (persona,) = load_personas(write("people.csv", "username,faith,zip,kids\nAna,None,02138,NA\n"))
    assert persona.to_attribute_list() == ["username: Ana", "faith: None", "zip: 02138", "kids: NA"]


def test_two_columns_of_one_name_are_refused(refused):
    assert "2 columns are called 'age'" in refused("people.csv", "username,age,age\nAna,1,2\n")


def test_json_written_by_hand_may_have_comments_and_trailing_commas(write):
    content = '[\n // me\n {"username": "Zoe", "url": "http://x", "said": ",]"}, /* and\nmore */\n]'
    (persona,) = load_personas(write("people.json", content))
    assert persona.to_attribute_list() == ["username: Zoe", "url: http://x", "said: ,]"]


def test_a_persona_of_tinytroupe_is_read_with_its_nested_values(write):
    inner = {"name": "Ana Paz", "age": 34, "occupation": {"title": "nurse"}, "traits": [{"trait": "calm"}, "x"]}
    (persona,) = load_personas(write("ana.json", {"type": "TinyPerson", "persona": inner}))
    assert persona.to_attribute_list() == [
        "username: Ana Paz",
        "age: 34",
        "occupation title: nurse",
        "traits: trait: calm, x",
    ]


def test_agents_of_edsl_are_read_from_their_list_and_from_json_lines(write):
    agents = [
        {"traits": {"age": 45, "home": {"town": "Oslo"}}, "name": "Robin", "edsl_class_name": "Agent"},
        {"traits": {"job": "cook"}, "name": "Kim", "instruction": "Be brief", "codebook": {"job": "Occupation"}},
    ]
    expected = (
        LLMPersona("Robin", age=45, **{"home town": "Oslo"}),
        LLMPersona("Kim", special_instructions="Be brief", job="cook"),
    )
    document = {"agent_list": agents, "codebook": {"age": "Age"}, "edsl_version": "1.0", "edsl_class_name": "AgentList"}
    assert load_personas(write("agents.json", document)) == expected
    lines = [{"edsl_class_name": "AgentList", "n_agents": 2}, *agents]
    assert load_personas(write("agents.jsonl", "\n".join(map(json.dumps, lines)))) == expected
    nameless = [{"traits": {"age": age}} for age in (20, 70)]
    assert load_personas(write("a.json", {"agent_list": nameless})) == (
        LLMPersona("Person 1", age=20),
        LLMPersona("Person 2", age=70),
    )


def test_a_persona_of_sdialog_is_read_without_its_metadata(write):
    document = {
        "name": "John Doe",
        "age": 62,
        "race": "",
        "_metadata": {"version": "0.3", "id": 3, "className": "Patient"},
    }
    assert load_personas(write("john.json", document)) == (LLMPersona("John Doe", age=62),)


def test_personas_of_personahub_are_numbered(write):
    content = '{"persona": "A nurse in Oslo."}\n{"persona": "A cook."}\n'
    people = load_personas(write("persona.jsonl", content))
    assert [person.to_attribute_list() for person in people] == [
        ["username: Person 1", "persona: A nurse in Oslo."],
        ["username: Person 2", "persona: A cook."],
    ]


@pytest.mark.parametrize("heading", ["name", "Name", "USERNAME", "Username"])
def test_a_name_is_a_username_however_its_column_is_written(write, heading):
    assert load_personas(write("people.csv", f"{heading};age\nAna;41\n")) == (LLMPersona("Ana", age=41),)


def test_a_name_missing_in_one_row_only_is_an_error(refused):
    assert ", row 2 has no name. Give every person a name." in refused("people.csv", "name,age\nAna,3\n,4\n")
    assert ", entry 2 has no name" in refused("people.json", [{"name": "Ana"}, {"age": 3}])


def test_a_column_that_is_meant_to_have_names_is_asked_for(refused):
    message = refused("people.csv", "surname,age\nPaz,3\n")
    assert "row 1 has no name" in message
    assert message.endswith("Did you mean 'surname'? Say so: columns={\"username\": 'surname'}.")


def test_no_people_are_made_of_what_is_no_table_of_them(refused):
    for content in ("Should buses be free?\nBan cars?\n", "Ana\nBen\n", "Ana,34\nBen,45\n", "Ana,f\nBen,m\nCem,f\n"):
        assert ", row 1 has no name. The first line must name the columns: name, age, …; it is" in refused(
            "people.csv", content
        )
    assert "it holds no persona" in refused("people.json", "[{}]")
    frame = pd.DataFrame({"name": ["Ana"], "age": [3]})
    assert 'Give a list of objects; pandas writes one with frame.to_json(orient="records")' in refused(
        "p", frame.to_json()
    )


def test_a_code_for_no_age_is_named_with_the_argument_that_takes_it(refused):
    assert refused("gss.csv", "age,sex\n34,1\n-100,2\n").endswith("If that is a code, say so: missing=['-100'].")


def test_an_empty_cell_of_pandas_is_missing_in_json_too(write):
    assert load_personas(write("people.json", '[{"name": "Ana", "hobby": NaN}]')) == (LLMPersona("Ana"),)


GSS = {
    "YEAR": [2022.0, 2022.0, 2022.0],
    "AGE": [34.0, 89.0, -100.0],
    "SEX": [1.0, 2.0, 2.0],
    "DEGREE": [3.0, -99.0, 1.0],
    "PARTYID": [0.0, 7.0, -97.0],
    "RELIG": ["None", "NA", ""],
}
GSS_LABELS = {
    "AGE": {89: "89 or older", -100: "Inapplicable"},
    "SEX": {1: "MALE", 2: "FEMALE"},
    "DEGREE": {1: "High school", 3: "Bachelor's", -99: "No answer"},
    "PARTYID": {0: "Strong democrat", 7: "Other party", -97: "Skipped on web"},
}
GSS_COLUMNS = {"age": "AGE", "sex": "SEX", "education_level": "DEGREE", "party": "PARTYID", "religion": "RELIG"}
GSS_PEOPLE = [
    ["username: Person 1", "age: 34", "sex: male", "education_level: Bachelor's", "party: Strong democrat"],
    ["username: Person 2", "age: 89 or older", "sex: female", "party: Other party"],
    ["username: Person 3", "sex: female", "education_level: High school"],
]


@pytest.mark.parametrize("kind", ["spss", "stata", "csv", "dataframe", "list of dicts"])
def test_a_survey_with_codes_is_read_in_one_call(write, kind):
    frame = pd.DataFrame(GSS)
    sources = {
        "spss": lambda: write(
            "gss",
            spss_bytes(GSS, GSS_LABELS, {name: [{"lo": -100, "hi": -1}] for name in ("AGE", "DEGREE", "PARTYID")}),
        ),
        "stata": lambda: write("gss", stata_bytes(GSS, GSS_LABELS)),
        "csv": lambda: write("gss", frame.to_csv(float_format="%.0f")),
        "dataframe": lambda: frame,
        "list of dicts": lambda: frame.to_dict("records"),
    }
    labels = GSS_LABELS if kind in ("csv", "dataframe", "list of dicts") else {}
    people = load_personas(
        sources[kind](),
        columns=GSS_COLUMNS,
        labels=labels | {"SEX": {1: "male", 2: "female"}},
        missing=[-100, "No answer", "Skipped on web"],
    )
    found = [person.to_attribute_list() for person in people]
    assert [[one for one in person if "religion" not in one and "YEAR" not in one] for person in found] == GSS_PEOPLE
    assert ["religion: None" in found[0], "religion: NA" in found[1]] == [True, True]
    assert all("YEAR: 2022" in person for person in found)


def test_one_column_alone_is_enough_where_it_is_a_field_or_chosen(write):
    assert load_personas(write("p", "age\n34\n")) == (LLMPersona("Person 1", age=34),)
    assert load_personas(write("p", "persona\nA nurse.\n")) == (LLMPersona("Person 1", persona="A nurse."),)
    assert load_personas(write("p", "PARTY\nPARTY\n"), columns=["PARTY"]) == (LLMPersona("Person 1", PARTY="PARTY"),)
    assert load_personas(pd.DataFrame({"party": ["x"]})) == (LLMPersona("Person 1", party="x"),)


def test_only_the_columns_of_a_list_are_taken(write):
    path = write("gss.csv", pd.DataFrame(GSS).to_csv())
    (first, *_) = load_personas(path, columns=["SEX", "RELIG"])
    assert first.to_attribute_list() == ["username: Person 1", "sex: 1.0", "RELIG: None"]


def test_a_sheet_of_excel_is_chosen(write):
    data = excel_bytes(sheets={"About": [["note"], ["x"]], "People": [["name", "zip"], ["Ana", 2138]]}, formats={})
    assert load_personas(write("people.xlsx", data), sheet="People") == (LLMPersona("Ana", zip="2138"),)
    with pytest.raises(InvalidInputError, match="sheet is 'people', but the file has 'About', 'People'"):
        load_personas(write("people.xlsx", data), sheet="people")


def test_numbers_in_files_of_tables_are_texts_and_in_json_numbers(write):
    assert load_personas(write("p", excel_bytes(["name", "kids"], ["Ana", 2])))[0].kids == "2"
    assert load_personas(write("p", [{"name": "Ana", "kids": 2}]))[0].kids == 2


def test_codes_in_a_dataframe_become_texts_where_a_field_is_text():
    frame = pd.DataFrame({"username": [7, 8], "sex": [1, 2], "kids": [2.0, None], "score": [0.5, 1.5]})
    people = load_personas(frame)
    assert people[0].attributes == {"username": "7", "sex": "1", "kids": 2, "score": 0.5}
    assert people[1].attributes == {"username": "8", "sex": "2", "score": 1.5}


def test_a_column_that_is_not_there_is_an_error_of_the_argument(write):
    path = write("gss.csv", pd.DataFrame(GSS).to_csv())
    with pytest.raises(InvalidInputError, match=r"columns names a column 'AG'.* Did you mean 'AGE'\?") as caught:
        load_personas(path, columns={"age": "AG"})
    assert caught.value.field == "columns"
    with pytest.raises(InvalidInputError, match=r"columns=\{'age': 'AGE'\}"):
        load_personas(path, columns={"AGE": "age"})


def test_repeated_names_are_numbered_on_request(write):
    path = write("people.json", [{"username": "P", "age": "-1"}] * 3 + [{"username": "P 2"}])
    with pytest.raises(PersonaError, match=r"load_personas\(\.\.\., rename=True\)"):
        load_personas(path)
    assert [person.username for person in load_personas(path, rename=True)] == ["P", "P 2", "P 3", "P 2 2"]


@pytest.mark.parametrize("name", ["people.txt", "people", "people.xlsx"])
def test_the_name_of_a_file_does_not_matter(write, name):
    for content in ('[{"username": "Ana"}]', '{"username": "Ana"}\n', "username\nAna\n"):
        assert load_personas(write(name, content)) == (LLMPersona("Ana"),)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(PersonaError, match=r"missing\.json cannot be read: No such file"):
        load_personas(tmp_path / "missing.json")


def test_a_folder_is_refused_by_name(tmp_path):
    with pytest.raises(PersonaError, match="cannot be read"):
        load_personas(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "username,age\nAna,41\n",
        "username\tage\r\nAna\t41\r\n",
        '[{"username": "Ana", "age": 41}]',
        '{"username": "Ana",\n "age": 41}',
        '{"username": "Ana", "age": 41}\n{"username": "Ben"}',
    ],
    ids=["csv", "spreadsheet", "array", "object", "lines"],
)
def test_a_text_shows_what_it_is(text):
    assert read_personas(text)[0] == LLMPersona("Ana", age=41)


def test_what_is_wrong_with_a_text_is_said_of_it():
    with pytest.raises(
        PersonaError,
        match=r"^Row 2: Age is '-7', but .* If that is a code, list it under Values that mean no answer\.$",
    ) as caught:
        read_personas("username,age\nAna,7\nBen,-7")
    assert caught.value.field == "1.age"
    with pytest.raises(PersonaError, match=r"^The text: the name 'Ana' is used by row 1 and again by row 2") as caught:
        read_personas("username,age\nAna,7\nAna,8")
    assert caught.value.field == "1.username"
    with pytest.raises(PersonaError, match=r"^Row 1 has no name\. Did you mean 'user_name'\? Call that column Name\.$"):
        read_personas("user_name,age\nAna,7")
    with pytest.raises(PersonaError, match=r"^The text cannot be read"):
        read_personas("[{")
    with pytest.raises(PersonaError, match=r"^The text cannot be read: it is empty"):
        read_personas("")


def test_headings_are_fields_in_any_case():
    row = {"Name": "Ana", "AGE": 41, "Sex": 2, "Education level": "school", "Hobby": "chess"}
    people = load_personas([row], labels={"Sex": {2: "female"}})
    assert people[0].attributes == {
        "username": "Ana",
        "age": 41,
        "sex": "female",
        "education_level": "school",
        "Hobby": "chess",
    }
    with pytest.raises(PersonaError, match=r"age is -9.*missing=\[-9\]"):
        load_personas([{"Name": "Ana", "AGE": -9}])


def test_headings_on_screen_are_fields():
    row = {"Name": "Ana", "occupation": "nurse", "Education": "school", "CHARACTERISTICS": ["calm"]}
    assert load_personas([row])[0] == LLMPersona(
        "Ana", current_employment="nurse", education_level="school", personality_characteristics=["calm"]
    )


def test_two_headings_for_one_field_are_both_kept():
    both = load_personas([{"name": "Ana", "Occupation": "cook", "current_employment": "nurse"}])[0]
    assert (both.current_employment, both.Occupation) == ("nurse", "cook")
    assert load_personas([{"name": "Ana", "Age": 41, "AGE": 42}])[0].attributes == {
        "username": "Ana",
        "age": 41,
        "AGE": 42,
    }
