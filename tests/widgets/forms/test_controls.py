"""Buttons, uploads and the other controls of a form that hold no value."""

import pytest

from syndisco_nb.widgets.forms.controls import Button, CodeBlock, FoldButton, TitleControl, Upload


def clicked(button):
    button._handle_custom_msg({"kind": "press"}, [])


def test_what_goes_wrong_with_a_click_is_said_below_the_button():
    def pressed():
        raise RuntimeError("<b>The cable is out.</b>")

    button = Button("Go", pressed)
    clicked(button)
    assert button.message == "RuntimeError: <b>The cable is out.</b>"
    with pytest.raises(RuntimeError):
        button.press()


def test_a_click_that_works_takes_the_message_away():
    pressed = []
    button = Button("Go", lambda: pressed.append(1))
    button.message = "It did not work."
    clicked(button)
    assert (pressed, button.message) == ([1], "")


def test_a_disabled_button_does_nothing():
    pressed = []
    button = Button("Go", lambda: pressed.append(1))
    button.disabled = True
    clicked(button)
    button.press()
    assert not pressed


def test_an_uploaded_file_is_handed_on():
    files = []
    upload = Upload("Choose", lambda name, content: files.append((name, content)), [".csv", ".json"])
    upload._handle_custom_msg({"kind": "file", "name": "a.csv"}, [memoryview(b"a,b")])
    assert files == [("a.csv", b"a,b")]
    assert upload.placeholder == ".csv,.json"


def test_each_control_tells_the_page_its_kind():
    controls = [TitleControl("A", "b"), FoldButton("C", opened=False), CodeBlock("1 + 1")]
    assert [one.kind for one in controls] == ["head", "fold", "code"]
    assert (controls[1].text, FoldButton("C").text, controls[2].text) == ("", "yes", "1 + 1")
    assert repr(controls[0]) == "<TitleControl 'A'>"
