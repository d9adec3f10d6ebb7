"""JSON as people write it."""

import pytest

from syndisco_nb.backend.lenient_json import looks_like_json, only_list, read_json, refuse_nested


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[]", True),
        (' \n{"a": 1}', True),
        ("// people\n/* of\n2020 */ [1]", True),
        ("name,age\n[x],3", False),
        ("// no", False),
        ("", False),
    ],
)
def test_json_is_known_by_its_first_bracket(text, found):
    assert looks_like_json(text) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[\n // me\n {"a": "// no ,]",}, /* x\n */\n]', [{"a": "// no ,]"}]),
        ('{"a": 1}\n\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('["a", "b"]\n["c"]', [["a", "b"], ["c"]]),
        ('{"a": 1}', {"a": 1}),
        ('[\n{"a": 1},\n{"a": 2}\n]', [{"a": 1}, {"a": 2}]),
        ("[1]", [1]),
    ],
)
def test_json_and_json_lines_are_read(text, found):
    assert read_json(text) == found


@pytest.mark.parametrize(("text", "said"), [("[{", "line 1"), ('{"a": 1}\n{"a": \n', "^line 2: "), ("[1,,]", "line 1")])
def test_a_broken_text_is_an_error_that_names_the_line(text, said):
    with pytest.raises(ValueError, match=said):
        read_json(text)


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"people": [1], "version": 2}, [1]),
        ({"a": [1], "b": [2]}, {"a": [1], "b": [2]}),
        ({"name": "Ana", "job": {"title": "nurse"}, "likes": ["tea"]}, None),
        ([1], [1]),
        ("x", "x"),
    ],
)
def test_an_object_around_one_list_is_that_list(document, found):
    assert only_list(document) == (document if found is None else found)


def test_an_object_of_objects_is_refused_with_a_remedy():
    with pytest.raises(ValueError, match=r'an object of objects, name, age\. .*to_json\(orient="records"\)'):
        refuse_nested({"name": {"0": "Ana"}, "age": {"0": 3}})
    for document in ({"name": "Ana", "job": {}}, {}, [{}], "x"):
        refuse_nested(document)
