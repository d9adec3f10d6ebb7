from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.safe_html import Html, join, tag


def read(markup):
    """Return the text and the tags that a parser finds."""
    texts, tags = [], []
    parser = HTMLParser(convert_charrefs=True)
    parser.handle_data = texts.append
    parser.handle_starttag = lambda name, attributes: tags.append((name, dict(attributes)))
    parser.feed(markup)
    parser.close()
    return "".join(texts), tags


@given(st.text(), st.text())
def test_any_text_is_text_in_an_element_and_in_an_attribute(text, title):
    found, tags = read(tag("b", text, title=title))
    assert found == clean(text)
    assert tags == [("b", {"title": clean(title)})]


def test_only_html_is_not_escaped():
    assert tag("p", Html("<b>"), "<b>") == "<p><b>&lt;b&gt;</p>"
    assert join(["<", Html("<br>")]) == "&lt;<br>"
    assert type(tag("p")) is Html


def test_html_put_together_with_text_is_text_again():
    assert tag("p", Html("<b>") + "<i>") == "<p>&lt;b&gt;&lt;i&gt;</p>"


def test_nothing_is_left_out_quietly_but_none():
    assert tag("p", "", None, class_=None, data_i=0) == '<p data-i="0"></p>'
