import pytest

from syndisco_nb.display.writers.markdown_text import escape_flat, escape_markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("*no* <b> [x](y) `c` a_b ~s~ t|u #h @m ^", r"\*no\* \<b\> \[x\](y) \`c\` a\_b \~s\~ t\|u \#h \@m \^"),
        ("- a\n1. b\n+ c", "\\- a\n1\\. b\n\\+ c"),
        ("    code", "&nbsp;&nbsp;&nbsp;&nbsp;code"),
        ("  - a", "&nbsp;&nbsp;\\- a"),
        ("http://a.b www.a.b", "http:/&#47;a.b www\\.a.b"),
        ("\\(x\\)", "<span>&#92;</span>(x<span>&#92;</span>)"),
        ("a\x1bb", "a␛b"),
    ],
)
def test_what_would_act_is_escaped(text, markdown):
    assert escape_markdown(text) == markdown


def test_a_flat_text_has_one_line():
    assert escape_flat("a\n# b") == r"a \# b"
