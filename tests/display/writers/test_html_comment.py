import re

import pytest

from syndisco_nb.display.writers.html_comment import comment_text


def body(text):
    """Return the HTML that is always shown, and that in the fold."""
    found = re.search(
        r'class="snb-say"[^>]*>(.*?)(?:<details class="snb-more">.*?</summary>(.*)</details>)?</div>',
        comment_text(text),
        re.DOTALL,
    )
    return found[1], found[2] or ""


@pytest.mark.parametrize(
    ("text", "shown", "folded"),
    [
        ("x" * 1200, "x" * 1200, ""),
        ("x" * 1201, "x" * 900, "x" * 301),
        ("word " * 300, "word " * 180, "word " * 120),
        ("Well. " + "a word " * 100 + "or so. " + "more words " * 100, None, "more words " * 100),
        ("a\n" * 700, "a\n" * 450, "a\n" * 250),
        ("<" * 1300, "&lt;" * 900, "&lt;" * 400),
    ],
)
def test_the_end_of_a_long_comment_is_folded_and_nothing_is_lost(text, shown, folded):
    before, after = body(text)
    assert after == folded
    assert before == (shown or text.removesuffix(folded))


def test_the_fold_says_how_much_there_is():
    assert "<summary><span>301 characters more</span></summary>" in comment_text("x" * 1201)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call `f(x)`, or `g`.", "Call <code>`f(x)`</code>, or <code>`g`</code>."),
        (
            "So:\n```python\na < b\n\n```\nRight?",
            'So:\n<code class="snb-lines">```python\na &lt; b\n\n```\n</code>Right?',
        ),
        ("```\ncut off", '<code class="snb-lines">```\ncut off</code>'),
        ("It`s a pity", "It`s a pity"),
        ("``quoted''", "``quoted&#x27;&#x27;"),
        ("a `b\nc` d", "a `b\nc` d"),
        ("`<b>`", "<code>`&lt;b&gt;`</code>"),
    ],
)
def test_code_has_a_face_of_its_own_and_keeps_its_text(text, expected):
    assert body(text) == (expected, "")


def test_code_goes_on_behind_the_fold():
    text = "```\n" + "line\n" * 300
    shown, folded = body(text)
    assert shown.startswith('<code class="snb-lines">```\n')
    assert folded.startswith('<code class="snb-lines">line\n')
    assert re.sub("</?code[^>]*>", "", shown + folded) == text


@pytest.mark.parametrize("text", ["`" * 20_000, "```\n" * 5_000, "`a\n" * 7_000, " " * 20_000 + "```"])
def test_backticks_without_end_take_no_time(text):
    shown, folded = body(text)  # a pattern that tries all ends would take hours
    assert re.sub("</?code[^>]*>", "", shown + folded) == text
