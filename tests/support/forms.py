"""Forms driven without a browser: typing, pressing and walking through them, and a study to fill in."""

import syndisco_nb as snb
from syndisco_nb.widgets.forms.controls import Button, FormControl

PEOPLE = [snb.LLMPersona(username="Ana", age=30), snb.LLMPersona(username="Ben")]


def typed(field, text):
    """Type it, as the page does."""
    field.set_state({"text": text})


def walk(widget):
    """Yield a widget, and all in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def inputs(form):
    """Yield the inputs of a form, and of the forms in it."""
    for field in form.fields.values():
        if isinstance(field, FormControl):
            yield field
        else:
            yield from inputs(field)


def clicked(form, label):
    """Click on a button, as the page does."""
    (button,) = [one for one in walk(form) if isinstance(one, Button) and one.label == label]
    button._handle_custom_msg({"kind": "press"}, [])


def a_study(model=None, turns=3):
    """Return the builder of a small study with two conditions."""
    return (
        snb.ExperimentBuilder(seed=7)
        .model(model or snb.ScriptedModel(["I agree.", "Why?", "Because."], name="talker"))
        .participants(PEOPLE)
        .topics(["Tax", "Toll"])
        .vary(moderator={"none": None, "facilitator": "Keep it civil."})
        .turns(turns)
        .discussions(2)
    )
