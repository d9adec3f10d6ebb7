import re
from html.parser import HTMLParser

from examples import a_page
from syndisco_nb.display.page import Facts, Page, Share, Table
from syndisco_nb.display.writers.html_writer import html_document, html_output
from syndisco_nb.display.writers.safe_html import Html

VOID = {"meta", "img"}


def body(page):
    return re.sub(r"<style>.*?</style>", "", html_output(page), flags=re.DOTALL)


def open_elements(markup):
    """Return the elements that are not closed in the order in which they were opened."""
    stack = []
    parser = HTMLParser()
    parser.handle_starttag = lambda name, attributes: stack.append(name) if name not in VOID else None
    parser.handle_endtag = lambda name: stack.pop() if stack and stack[-1] == name else stack.append(f"/{name}")
    parser.feed(markup)
    return stack


def test_every_element_is_closed():
    assert open_elements(html_output(a_page())) == []
    assert open_elements(html_document(a_page())) == []


def test_every_block_is_written():
    text = re.sub(r"<[^>]*>", " ", body(a_page()))
    for block in (
        "Some facts",
        "A table",
        "Narrow",
        "A note.",
        "The prompt",
        "Who",
        "Talk",
        "Over time",
        "Both",
        "Open me",
        "A part",
        "Inside.",
    ):
        assert block in text
    assert "3 more in .rows" in text
    assert "A &lt;title&gt;" in text
    assert "1 of 4" in text


def test_a_warning_and_a_prompt_to_open_look_different_from_others():
    assert '<div class="snb-warning">A warning.</div>' in body(a_page())
    assert body(a_page()).count('class="snb-prompt"') == 0


def test_numbers_are_aligned_and_what_is_blank_is_a_dash():
    table = Table("", ("text", "number"), (("", 1_200), ("x", 3)))
    markup = body(Page("", "", (), (table,)))
    assert '<th scope="col">text</th><th scope="col" class="snb-number">number</th>' in markup
    assert '<td class="snb-number">1,200</td>' in markup
    assert ">\u2014</td>" in markup


def test_a_table_without_a_head_has_none():
    markup = body(Page("", "", (), (Table("", ("", ""), (("a", Share(0.5, "half")),)),)))
    assert "<th" not in markup
    assert "width:50.0%" in markup


def test_an_image_holds_its_bytes_and_its_words():
    markup = body(a_page())
    assert '<img src="data:image/png;base64,cG5n" alt="A chart. Toxicity &lt;3 by turn." width="600"' in markup
    assert '<div class="snb-note">Toxicity &lt;3 by turn.</div>' in markup


def test_a_section_without_a_title_has_no_heading():
    assert "snb-h" not in body(Page("", "", (), (Facts("", (("a", "b"),)),))).replace("snb-head", "")


def test_an_output_carries_its_style_and_a_document_a_head():
    assert html_output(a_page()).count("<style>") == 1
    document = html_document(Page("Kind", "a\n<b>"))
    assert document.startswith('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">')
    assert "<title>Kind: a &lt;b&gt;</title>" in document
    assert type(document) is Html
