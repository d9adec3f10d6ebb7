"""Words on screen: the plain ones of the field, and none of the roundabout ones that have been replaced."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "syndisco_nb"
REPLACED = {
    "to mend": "errors are fixed",
    "to be mended": "errors are fixed",
    "Mend ": "Fix",
    "as usual": "the default",
    "Folder of the ": "Run folder, Labels folder",
    "File of the design": "Design file",
    "Made if it does not exist": "Created if missing",
    "What differs": "Conditions, Different settings",
    "In all else": "Everything else stays the same",
    "in all else": "everything else",
    "Who answers for some": "Other models",
    "out tokens": "Max reply tokens",
    "Patience s": "Retry for (seconds)",
    "Base url": "Server URL",
    "comes along": "Small bundled model",
    "written down beforehand": "Scripted replies",
    "was replied to": "The previous speaker replies",
    "last but one": "previous speaker",
    "Such as:": "e.g.",
    "if need be": "optional, if needed",
    "Trying out": "Estimating",
    "comments to ask for": "comments",
    "as all are told": "Context given to everyone",
    "How often a participant": "Number of turns",
    "the same one again": "same speaker twice",
    "nobody is silent": "simulated discussions",
    "ended by itself": "finished",
    "they disagree": "disagreement",
    "how probable": "probability",
    "How often: ": "the scale's name",
    "What they share": "Shared history",
    "the same since then": "identical turns after the fork",
    "not begun": "not started",
    "under way": "in progress",
    "set aside": "skipped",
    "Say something": "Add comment",
    "ended without a word": "The process was killed.",
    "Some of it failed": "Some discussions failed",
    "nothing is wrong": "No problems found",
    "Taken back": "Undone.",
    "the last of these": "Next comment",
    "the others’ labels": "other annotators",
    "Nothing to say now": "Waiting for your turn.",
    "Say nothing": "Pass",
    "Who you are here": "Your role",
    "labelled by each": "labels per annotator",
    "as chance would": "chance level",
    "95 %": "95%",
    "What is done": "Finished work",
    "What was done": "Finished work",
    "what is done": "finished work",
    "longest length": "token limit",
    "Take back": "Undo",
    "discussions of each condition": "discussions per condition",
}
"""Words that no reader sees, and those that stand for them."""


def texts(file):
    """Return the strings of a Python file that are no docstrings, or all strings and texts of a JavaScript one."""
    code = file.read_text(encoding="utf-8")
    if file.suffix == ".js":
        without_comments = re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", code, flags=re.DOTALL)
        return re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", without_comments)
    tree = ast.parse(code)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]


def replaced(text):
    return [f"{words!r} (better: {better}) in {text!r}" for words, better in REPLACED.items() if words in text]


@pytest.mark.parametrize("suffix", ["py", "js"])
def test_no_text_has_words_that_were_replaced(suffix):
    files = sorted(PACKAGE.rglob(f"*.{suffix}"))
    assert files
    found = [f"{file.name}: {words}" for file in files for text in texts(file) for words in replaced(text)]
    assert not found, "\n".join(found)


def test_a_replaced_word_is_noticed():
    assert replaced("3 things to mend")
