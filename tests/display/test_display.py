"""What holds for everything that shows itself."""

import copy
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import get_args, get_type_hints

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from strategies import ANNOTATION_SETS, GENERATIONS, LABELS, MESSAGES, PARTICIPANTS, SAMPLINGS, TRANSCRIPTS

import syndisco_nb as snb
from examples import a_page, everything, infected, talk
from syndisco_nb import display, records
from syndisco_nb.display.options import options
from syndisco_nb.display.page import (
    Chapter,
    Conversation,
    Facts,
    Fold,
    Gap,
    Image,
    Listing,
    Note,
    Prompt,
    Share,
    SideBySide,
    Speakers,
    Table,
    Trajectory,
    cell_text,
)
from syndisco_nb.display.registry import make_page
from syndisco_nb.display.writers.formats import NOTEBOOK_FORMATS
from syndisco_nb.running import verification
from syndisco_nb.runs import failures, head, layout
from syndisco_nb.shown import Shown

MODULES = (records, failures, layout, head, verification)
LIMIT_S = 0.020
LIMIT_BYTES = 300_000


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    return everything(tmp_path_factory.mktemp("run"))


def text_of(markup):
    found = []
    parser = HTMLParser()
    parser.handle_data = found.append
    parser.feed(re.sub(r"<style>.*?</style>", "", markup, flags=re.S))
    return " ".join(" ".join(found).split())


def flat(text):
    return " ".join(text.replace("\\", "").replace("*", "").split())


def texts_of(page):
    """Return every text that all formats must show: all but what is folded, and bars."""
    yield from (page.kind, page.title, *(text for pair in (*page.facts, *page.origin) for text in pair))
    yield from [page.progress.text] if page.progress else []
    for block in page.blocks:
        yield from texts_of_block(block)


def texts_of_block(block):
    match block:
        case Note():
            yield block.text
        case Fold() | Chapter() | Listing():
            yield from texts_of_inner(block)
        case Prompt():
            yield block.title
            yield from (text for message in block.texts for text in message if not block.folded)
        case Facts():
            yield from (block.title, *(text for pair in block.pairs for text in pair))
        case Table():
            yield from (block.title, *block.head, block.more)
            yield from (text_of_cell(cell) for row in block.rows for cell in row)
        case Speakers():
            yield block.title
            yield from (text for person in block.people for text in (person.name, person.contribution))
        case Conversation():
            yield block.title
            yield from (text for entry in block.entries for text in texts_of_entry(entry))
        case Trajectory() | Image():
            yield from texts_of_graphic(block)
        case SideBySide():
            yield from (block.title, *block.heads, block.more, *(turn for turn, *_ in block.rows))
            shown = (entry for _, left, right, same in block.rows for entry in (*left, *(() if same else right)))
            yield from (text for entry in shown for text in (entry.name, entry.text))


def texts_of_inner(block):
    if isinstance(block, Listing):
        yield from (block.title, block.more)
        yield from (cell_text(cell) for row in block.rows for cell in row.cells)
    elif isinstance(block, Fold):
        yield block.summary
    else:
        yield block.title
        yield from (text for inner in block.blocks for text in texts_of_block(inner))


def texts_of_graphic(block):
    yield block.title
    if isinstance(block, Image):
        yield block.caption
    else:
        yield from (block.legend, *block.categories)
        yield from (text for point in block.points for text in (point.name, point.text))


def text_of_cell(cell):
    return cell.text if isinstance(cell, Share) else f"{cell:,}" if isinstance(cell, int) else cell


def texts_of_entry(entry):
    if isinstance(entry, Gap):
        yield entry.text
        return
    yield from (entry.name, entry.text, entry.cut, entry.speaks_for)
    for rating in entry.ratings:
        yield rating.scale
        yield from (text for answer in rating.answers for text in (answer.annotator, answer.value or answer.raw))


def test_the_three_formats_show_the_same_texts(things):
    pages = {name: make_page(thing, options.limits) for name, thing in things.items()}
    for name, page in {**pages, "every block": a_page()}.items():
        shown = {mime: flat(write(page)) for mime, write in NOTEBOOK_FORMATS.items() if mime != "text/html"}
        shown["text/html"] = flat(text_of(NOTEBOOK_FORMATS["text/html"](page)))
        for mime, text in shown.items():
            missing = [wanted for wanted in texts_of(page) if flat(wanted) not in text]
            assert not missing, (name, mime, missing)


def test_nothing_falls_back(things):
    for name, thing in things.items():
        assert len(thing._repr_mimebundle_()) == 3, name


def test_every_shown_class_of_ours_has_a_page_of_its_own(things):
    classes = set()
    waiting = [Shown]
    while waiting:
        waiting += (found := waiting.pop().__subclasses__())
        classes |= {one for one in found if getattr(sys.modules[one.__module__], one.__name__, None) is one}
    fallback = make_page.dispatch(object)
    ours = {one for one in classes if one.__module__.startswith("syndisco_nb.")}
    without = {one for one in ours if make_page.dispatch(one) is fallback}
    assert {one.__name__ for one in without if not one.__subclasses__()} == set()  # all others are bases


def test_equal_objects_give_equal_bytes(things):
    for name, thing in things.items():
        again = thing._repr_mimebundle_()
        assert thing._repr_mimebundle_() == again, name
    one, other = talk(), copy.deepcopy(talk())
    assert one._repr_mimebundle_() == other._repr_mimebundle_()


def test_no_html_has_an_id_a_script_or_an_address(things):
    for name, thing in things.items():
        markup = thing._repr_mimebundle_()["text/html"]
        assert not re.search(r"<script|\sid=|https?:|url\(|@import|\son\w+=", markup), name


ANYTHING = st.one_of(TRANSCRIPTS, ANNOTATION_SETS, LABELS, MESSAGES, GENERATIONS, PARTICIPANTS, SAMPLINGS)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_no_repr_raises_whatever_is_in_the_object(thing):
    bundle = display.bundle(thing)
    for text in bundle.values():
        text.encode()
    assert "\n" not in repr(thing)


@settings(max_examples=40, deadline=None)
@given(TRANSCRIPTS, TRANSCRIPTS, st.lists(ANNOTATION_SETS, min_size=1, max_size=3))
def test_neither_does_one_of_several(left, right, sets):
    own = [replace(labels, discussion_id=left.id) for labels in sets]
    for thing in (snb.compare(left, right), snb.annotated(left, own)):
        for text in display.bundle(thing).values():
            assert text.encode()


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1))
def test_nor_one_of_anything_else(text):
    try:
        things = infected(text)
    except snb.SyndiscoError:
        reject()
    for thing in things:
        assert len(thing._repr_mimebundle_()) == 3, type(thing)
        assert len(repr(thing).splitlines()) == 1, type(thing)


FIELDS = st.dictionaries(st.text("abcdefgh", min_size=1), st.text() | st.integers())


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1), FIELDS)
def test_nor_a_persona(name, known):
    try:
        persona = snb.LLMPersona(name, **{f"x{key}": value for key, value in known.items()})
        people = snb.People([persona])
    except snb.SyndiscoError:
        reject()
    for thing in (persona, people):
        assert all(display.bundle(thing).values())


TEXTS = {"usual": "A comment, as long as they are. ", "markup": "<&\"'>" * 60, "wide": "字" * 300, "long": "x" * 9_000}


@pytest.mark.parametrize("length", [1, 50, 199, 201, 1000])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_output_is_larger_than_it_may_be(length, text):
    assert len(talk(length, text)._repr_mimebundle_()["text/html"].encode()) < LIMIT_BYTES


def test_neither_is_one_with_many_labels_or_a_run(tmp_path):
    from examples import labels_of

    transcript = talk(300)
    sets = [labels_of(transcript, f"judge {n}", [1, 4, None]) for n in range(5)]
    assert len(display.bundle(snb.annotated(transcript, sets))["text/html"].encode()) < LIMIT_BYTES
    assert len(display.bundle(snb.compare(transcript, talk(400)))["text/html"].encode()) < LIMIT_BYTES
    model = snb.ScriptedModel(["A comment. " * 60, "Another one. " * 40])
    users = [snb.LLMActor(model, f"Person {n}", ["age: 3"] * 20, "c" * 500, "i" * 500) for n in range(12)]
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=40, num_discussions=30, num_active_users=12, seed=1).begin(
        tmp_path
    )
    markup = run._repr_mimebundle_()["text/html"]
    assert len(markup.encode()) < LIMIT_BYTES
    assert markup.count('<details class="snb-fold snb-line"') == 10


@pytest.mark.seconds
def test_a_thousand_turns_take_no_time():
    transcript = talk(1000)
    seconds = []
    for _ in range(15):
        start = time.perf_counter()
        display.bundle(transcript)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < LIMIT_S


def parts(thing):
    """Return all that something is made of, itself included."""
    if is_dataclass(thing) and not isinstance(thing, type):
        return [thing, *(part for field in fields(thing) for part in parts(getattr(thing, field.name)))]
    inner = thing.values() if isinstance(thing, Mapping) else thing if isinstance(thing, tuple | list) else ()
    return [part for one in inner for part in parts(one)]


def holds_text(hint):
    return hint is str or any(map(holds_text, get_args(hint)))


def test_a_payload_gets_into_every_text_of_every_record():
    held = [(module, value) for module in MODULES for value in vars(module).values() if isinstance(value, type)]
    ours = {value for module, value in held if is_dataclass(value) and value.__module__.startswith(module.__name__)}
    wanted = {(kind.__name__, name) for kind in ours for name, hint in get_type_hints(kind).items() if holds_text(hint)}
    payload = "<b>"
    found = {
        (type(part).__name__, field.name)
        for thing in infected(payload)
        for part in parts(thing)
        for field in fields(part)
        if payload in str(getattr(part, field.name))
    }
    assert len(wanted) > 30
    missing = wanted - found - {("Transcript", "cast")}  # of a run, whose names stand on its pages
    assert {kind for kind, _ in missing} == {"RunHead"}  # of a run, which test_pages makes of payloads


def test_a_repr_is_one_line_whatever_people_are_called():
    for thing in infected("Ana\nand\u2028Ben"):
        assert len(repr(thing).splitlines()) == 1, type(thing)
