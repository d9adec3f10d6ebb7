import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from examples import PAYLOADS, infected, talk
from syndisco_nb.display.page import Chapter, Facts, Image, Note, Page
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.markdown_text import escape_markdown
from syndisco_nb.display.writers.markdown_writer import markdown_document, markdown_output

READER = MarkdownIt("gfm-like", {"linkify": False})


def read(markdown):
    """Return the text that a reader sees, and the kinds of its tokens."""
    texts, kinds = [], []
    for block in READER.parse(markdown):
        kinds.append(block.type)
        for token in block.children or []:
            if token.type == "html_inline" and token.content in ("<span>", "</span>"):
                continue  # ours, around what would begin a formula: of the user's, these would be text
            kinds.append(token.type)
            texts.append("\n" if token.type in ("softbreak", "hardbreak") else token.content)
    return "".join(texts), set(kinds)


@given(st.text(min_size=1))
@example("1. a")
@example("- a")
@example("    code")
@example("a\n===")
@example("\\(x\\) $x$ 0")
@example("http://a.b www.a.b <a@b.c>")
def test_any_text_is_just_text(text):
    seen, kinds = read(f"x{escape_markdown(text)}" if not text.strip() else escape_markdown(text))
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "softbreak", "hardbreak"}
    assert "".join(seen.replace("\xa0", " ").removeprefix("x" if not text.strip() else "").split()) == "".join(
        clean(text).split()
    )


@pytest.mark.parametrize("payload", PAYLOADS[::3])
def test_no_payload_acts(payload):
    for thing in infected(payload)[:6]:
        _, kinds = read(thing._repr_mimebundle_()["text/markdown"])
        assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_block", "s_open"}


def test_no_dollar_begins_a_formula():
    assert escape_markdown("$5 or $6") == r"<span>\$</span>5 or <span>\$</span>6"
    assert read(escape_markdown("<span>$</span>"))[0] == "<span>$</span>"


def test_a_cut_off_reply_is_marked():
    assert "(turn 2, cut off at 40 tokens)" in talk().to_markdown()


def test_the_whole_of_it_holds_every_prompt_and_a_notebooks_does_not():
    assert talk(12).to_markdown().count("You are someone.") == 11 * 30
    assert "You are someone." not in talk(12)._repr_mimebundle_()["text/markdown"]


def test_a_prompt_cannot_end_its_fence():
    text = infected("```\n````\n# x")[0].to_markdown()
    assert "`````text\n```\n````\n# x\n`````" in text


def test_an_image_is_its_words_in_a_notebook_and_itself_in_a_file():
    page = Page("", "", (), (Image("Figure", b"png", "A *chart*.", "Caption."),))
    assert markdown_output(page).endswith("### Figure\n\nA \\*chart\\*.\n")
    tokens = READER.parse(markdown_document(page))
    (image,) = [child for token in tokens for child in token.children or [] if child.type == "image"]
    assert (image.attrs["src"], image.content) == ("data:image/png;base64,cG5n", "A \\*chart\\*.")
    assert read(markdown_document(page))[0].count("Caption.") == 1


def test_blocks_of_a_section_are_one_level_below_its_heading():
    page = Page("Report", "all", (), (Chapter("Design", (Facts("Facts", (("a", "b"),)), Note("A note."))),))
    assert markdown_output(page).split("\n\n")[1:] == ["### Design", "#### Facts", "- a: b", "A note.\n"]
