import pytest

import syndisco_nb as snb
from examples import a_page
from syndisco_nb import display
from syndisco_nb.display.options import EVERYTHING
from syndisco_nb.display.registry import make_page
from syndisco_nb.display.writers.formats import FILE_FORMATS, NOTEBOOK_FORMATS, file_format, notebook_format
from syndisco_nb.errors import UnknownNameError


def test_the_formats_of_the_package_are_registered():
    assert set(NOTEBOOK_FORMATS) == {"text/plain", "text/markdown", "text/html"}
    assert {"html", "markdown"} <= set(FILE_FORMATS)


@pytest.fixture
def _restored():
    before = dict(FILE_FORMATS), dict(NOTEBOOK_FORMATS)
    yield
    for formats, held in zip((FILE_FORMATS, NOTEBOOK_FORMATS), before, strict=True):
        formats.clear()
        formats.update(held)


@pytest.mark.usefixtures("_restored")
def test_a_format_is_one_registered_function(tmp_path):
    @file_format("title")
    @notebook_format("text/title")
    def title_only(page):
        return page.title

    sampling = snb.Sampling(max_tokens=3)
    title = title_only(make_page(sampling, EVERYTHING))
    assert "3 tokens" in title
    assert display.bundle(sampling)["text/title"] == title
    assert display.export(sampling, "title") == title
    assert display.save(sampling, tmp_path / "sampling.txt", "title").read_text() == title


def test_an_unknown_format_is_refused_with_those_there_are():
    with pytest.raises(UnknownNameError, match=r"no format 'htm'. Did you mean 'html'.*There are: html, "):
        display.export(snb.Sampling(), "htm")


def test_both_ways_of_writing_give_text_and_no_type_of_ours():
    for write in (*NOTEBOOK_FORMATS.values(), *FILE_FORMATS.values()):
        assert write(a_page())
    assert {type(text) for text in display.bundle(snb.Sampling()).values()} == {str}
    assert type(display.export(snb.Sampling(), "html")) is str
