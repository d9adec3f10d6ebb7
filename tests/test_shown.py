import pytest

from syndisco_nb.shown import Shown


class Broken(Shown):
    def __repr__(self):
        return "<Broken \ud800>"


class Hopeless(Shown):
    def __repr__(self):
        raise ZeroDivisionError


@pytest.fixture
def failing(monkeypatch):
    from syndisco_nb import display

    def fail(thing):
        raise KeyError("no such field")

    monkeypatch.setattr(display, "bundle", fail)


def test_a_failing_display_falls_back_to_the_repr_and_says_why(failing):
    text = Broken()._repr_mimebundle_()["text/plain"]
    assert text == "<Broken ?>\n(It cannot be shown in full: KeyError: 'no such field')"


def test_not_even_a_failing_repr_fails_the_cell(failing):
    assert Hopeless()._repr_mimebundle_()["text/plain"].startswith("<Hopeless>")


def test_a_failing_repr_alone_falls_back():
    assert Hopeless()._repr_mimebundle_()["text/plain"].startswith("<Hopeless>")


def test_what_has_no_page_of_its_own_shows_its_repr():
    bundle = Broken()._repr_mimebundle_()
    assert "Broken" in bundle["text/html"]
    bundle["text/html"].encode()


def test_the_notebook_may_ask_for_some_kinds_only():
    assert set(Broken()._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    assert set(Broken()._repr_mimebundle_(exclude={"text/html"})) == {"text/plain", "text/markdown"}


def test_an_interrupt_is_not_swallowed(monkeypatch):
    from syndisco_nb import display

    def interrupted(thing):
        raise KeyboardInterrupt

    monkeypatch.setattr(display, "bundle", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Broken()._repr_mimebundle_()
