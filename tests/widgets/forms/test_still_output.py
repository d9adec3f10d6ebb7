"""The page of a form that a saved notebook shows: made with the form, and kept up to date."""

import threading

import pytest
from support.forms import typed

import syndisco_nb as snb
from syndisco_nb.widgets.forms.still_output import StillOutput, still_bundle

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def form():
    return snb.PersonaForm(snb.LLMPersona(username="Ana"))


class Handle:
    """The handle of an output that was shown."""

    def __init__(self):
        self.updated, self.seen = [], threading.Event()

    def update(self, bundle, raw):
        self.updated.append(bundle["text/html"])
        self.seen.set()


def test_it_is_an_output_of_its_own_below_the_widget(form, monkeypatch):
    published = []
    monkeypatch.setattr("IPython.display.display", lambda data, **options: published.append((data, options)))
    form._ipython_display_()
    (widget, _), (still, options) = published
    assert widget[WIDGET]["model_id"] == form.model_id
    assert (widget["text/html"], widget["text/plain"]) == ("", repr(form))
    assert options["display_id"]
    assert still["text/html"].startswith('<div class="snb-still">')
    assert "Ana" in still["text/html"]
    assert WIDGET not in still


def test_it_follows_the_form_once_somebody_fills_it_in(form):
    handle = Handle()
    form._still._handles.append(handle)
    typed(form["age"], "30")
    assert not form._still._waiting  # nobody is there
    form._head._handle_custom_msg({"kind": "shown"}, [])
    for age in ("31", "32", "41"):
        typed(form["age"], age)
    assert handle.seen.wait(60)
    assert len(handle.updated) == 1  # changes are put together
    assert "41" in handle.updated[0]


def test_without_an_output_there_is_nothing_to_update(form):
    still = StillOutput(form)
    still.watched = True
    still.update()
    assert not still._waiting
    assert set(still_bundle(form)) == {"text/html", "text/markdown", "text/plain"}


@pytest.mark.parametrize("make", [snb.PersonaForm, snb.ModelForm, snb.PeopleForm, snb.ExperimentForm])
def test_a_host_without_ipywidgets_gets_the_code(make):
    form = make()
    html = form._repr_html_()
    assert "JupyterLab, Jupyter Notebook and VS Code" in html
    assert '<pre class="snb-code"><code>' in html
    assert "import syndisco_nb as snb" in html
    assert form._repr_mimebundle_()["text/html"] == html
