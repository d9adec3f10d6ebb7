"""What is shown, as static pages in a browser: both themes, no style, no harm, no network."""

import re
from dataclasses import replace

import pytest
from support.sizes import size

import syndisco_nb as snb
from examples import PAYLOADS, everything, infected, talk
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.stylesheet import sheet
from syndisco_nb.wording import replace_surrogates

THEMES = pytest.mark.parametrize("theme", ["light", "dark"])

# What a notebook that is not trusted loses on the way to the page; see JupyterLab's sanitizer.
STRIP = """() => {
    document.querySelectorAll('style').forEach(style => style.remove());
    for (const one of document.querySelectorAll('*'))
        for (const attribute of [...one.attributes])
            if (/^(id|role|tabindex|hidden|aria-.*|data-.*)$/.test(attribute.name)) one.removeAttribute(attribute.name);
}"""
NAKED = """() => document.querySelectorAll('*').forEach(one => {
    one.removeAttribute('style'); one.removeAttribute('class'); if (one.localName == 'style') one.remove(); })"""
OURS = "style, div, header, b, bdi, dl, dt, dd, span, i, ul, ol, li, article, details, summary, code"
# What a pointer or the keyboard reaches, but is smaller than 24 px, or has its focus ring cut off by an element around.
UNFIT = """() => [...document.querySelectorAll('.snb :is(summary, a, button, input, [tabindex])')].map(one => {
    const target = one.closest('label') ?? one;
    const {left, top, right, bottom, width, height} = target.getBoundingClientRect();
    if (!width) return '';
    if (height < 24 || width < 24) return `${one.outerHTML.slice(0, 90)} is ${width} x ${height}`;
    for (let outer = target.parentElement; outer.closest('.snb'); outer = outer.parentElement) {
        const box = outer.getBoundingClientRect();
        const cut = Math.max(box.left - left, box.top - top, right - box.right, bottom - box.bottom) > -3.5;
        if (getComputedStyle(outer).overflow != 'visible' && cut) return `${one.outerHTML.slice(0, 90)} is cut off`;
    }
    return ''; }).filter(Boolean)"""
# Selectors that something on the page answers to, but that its own style sheet leaves out.
MISSED = """whole => {
    const selectors = rules => [...rules].flatMap(rule => rule.selectorText ? rule.selectorText.split(/,(?![^(]*[)])/)
        .map(one => one.trim()) : rule.cssRules ? selectors(rule.cssRules) : []);
    const sheet = new CSSStyleSheet(); sheet.replaceSync(whole);
    const own = new Set([...document.querySelectorAll('.snb > style')].flatMap(one => selectors(one.sheet.cssRules)));
    return selectors(sheet.cssRules).filter(one => !own.has(one)
        && document.querySelector(one.replace(/::[-\\w]+|:(hover|focus-visible)/g, ''))); }"""
# A root's elements without their text: what no text may change.
SKELETON = """roots => roots.map(root => {
    const names = one => [...one.attributes].map(attribute => attribute.name).sort();
    const walk = one => `${one.localName}[${names(one)}](${[...one.children].map(walk)})`;
    return walk(root); })"""


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    return everything(tmp_path_factory.mktemp("run"))


def document(*parts):
    return "<!doctype html><html lang='en'><meta charset='utf-8'><title>x</title><main>" + "\n".join(parts) + "</main>"


def shown(thing):
    bundle = thing._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/markdown", "text/html"}, bundle
    return bundle["text/html"]


def found_by_axe(page):
    from axe_playwright_python.sync_playwright import Axe

    return [
        (found["id"], node["html"], node["failureSummary"])
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"][:3]
    ]


class TestEverything:
    @THEMES
    def test_nothing_serious_is_found_by_axe(self, opened, things, theme):
        one = opened(color_scheme=theme)
        for name, thing in things.items():
            one.page.set_content(document(f"<style>html{{color-scheme:{theme}}}</style>", shown(thing)))
            one.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            serious = found_by_axe(one.page)
            assert not serious, (name, serious)
            missed = one.page.evaluate(MISSED, str(sheet()))
            assert not missed, (name, missed)
            unfit = one.page.evaluate(UNFIT)
            assert not unfit, (name, unfit)
        assert not one.left

    @THEMES
    def test_the_theme_is_the_readers(self, opened, theme):
        one = opened(color_scheme=theme)
        one.page.set_content(document(shown(talk())))
        ground, ink = one.page.evaluate(
            "() => { const s = getComputedStyle(document.querySelector('.snb')); return [s.backgroundColor, s.color]; }"
        )
        dark = [sum(map(int, re.findall(r"\d+", colour)[:3])) < 380 for colour in (ground, ink)]
        assert dark == ([True, False] if theme == "dark" else [False, True])

    @pytest.mark.parametrize(
        "host", ["<body data-jp-theme-light='false'>", "<body class='vscode-dark'>", "<body data-theme='dark'>"]
    )
    def test_a_host_that_says_dark_is_believed(self, opened, host):
        one = opened(color_scheme="light")
        one.page.set_content(f"<!doctype html>{host}{shown(talk())}")
        assert one.page.evaluate("getComputedStyle(document.querySelector('.snb')).colorScheme") == "dark"

    def test_a_host_that_says_light_is_believed(self, opened):
        one = opened(color_scheme="dark")
        one.page.set_content(f"<!doctype html><body data-jp-theme-light='true'>{shown(talk())}")
        assert one.page.evaluate("getComputedStyle(document.querySelector('.snb')).colorScheme") == "light"

    @pytest.mark.parametrize("strip", [STRIP, NAKED], ids=["untrusted", "no CSS"])
    def test_without_style_it_still_reads(self, opened, things, strip):
        one = opened()
        for thing in things.values():
            one.page.set_content(document(shown(thing)))
            before = one.page.evaluate(
                "document.querySelector('.snb').textContent.replace(/\\.snb[^]*?<\\/style>/, '')"
            )
            one.page.evaluate(strip)
            after = one.page.locator("main").inner_text()
            assert after.strip()
            assert before
        one.page.set_content(document(shown(things["transcript"])))
        one.page.evaluate(strip)
        text = one.page.locator("main").inner_text()
        for expected in (
            "Cars or bicycles?",
            "Ana",
            "Mo",
            "moderator",
            "opening",
            "silent",
            "cut off at 40 tokens",
        ):
            assert expected in text
        comment = talk().comments[1].text
        assert " ".join(comment.split()) in " ".join(text.split())

    @pytest.mark.parametrize("width", [420, 700, 1000])
    def test_nothing_is_wider_than_the_page(self, opened, things, width):
        one = opened()
        one.page.set_viewport_size({"width": width, "height": 900})
        for name, thing in things.items():
            one.page.set_content(document(shown(thing)))
            assert one.page.evaluate("document.documentElement.scrollWidth") <= width, name

    def test_every_text_runs_in_its_own_direction(self, opened):
        one = opened()
        texts = ["\u05e9\u05dc\u05d5\u05dd! (50%)", "\u5b57" * 300, "\u0645\u0631\u062d\u0628\u0627, Ana.", "Hello."]
        said = talk(5, names=("\u05de\u05d0\u05d9\u05d4", "\u5c0f\u660e", "Cem"))
        comments = tuple(replace(one, text=text) for one, text in zip(said.comments, texts, strict=False))
        one.page.set_viewport_size({"width": 420, "height": 900})
        one.page.set_content(document(shown(replace(said, topic=texts[0], comments=comments))))
        direction = "all => all.map(one => getComputedStyle(one).direction)"
        assert one.page.locator(".snb-say").evaluate_all(direction) == ["rtl", "ltr", "rtl", "ltr"]
        assert one.page.locator(".snb-title bdi").evaluate_all(direction) == ["rtl"]
        assert set(one.page.locator(".snb-by").evaluate_all(direction)) == {"ltr"}  # names keep their place
        assert one.page.locator(".snb-by").first.inner_text().split() == ["\u05de\u05d0\u05d9\u05d4", "opening"]
        assert one.page.evaluate("document.documentElement.scrollWidth") <= 420

    def test_why_opens_by_keyboard(self, opened):
        one = opened()
        one.page.set_content(document(shown(talk())))
        why = one.page.locator("details.snb-why").first
        why.locator("summary").focus()
        assert not why.locator(".snb-chat").is_visible()
        one.page.keyboard.press("Enter")
        assert "You are someone." in why.locator(".snb-chat").inner_text()

    def test_paper_has_what_is_open_in_its_colours(self, opened):
        one = opened(color_scheme="dark")
        said = talk()
        long = (replace(said.comments[0], text="A word. " * 200), *said.comments[1:])
        one.page.set_content(document(shown(replace(said, comments=long))))
        one.page.emulate_media(media="print")
        prompts, more = one.page.locator("details.snb-why"), one.page.locator("details.snb-more")
        assert not prompts.first.locator("summary").is_visible()
        assert "characters more" in more.inner_text()
        for fold in (prompts.first, more):
            fold.evaluate("fold => fold.open = true")
        assert prompts.first.locator(".snb-chat").is_visible()
        assert not more.locator("summary").is_visible()
        style = one.page.locator(".snb-name").first.evaluate("one => getComputedStyle(one).printColorAdjust")
        assert style == "exact"
        one.page.emulate_media(media="screen")
        assert "less" in more.locator("summary").evaluate("one => getComputedStyle(one, '::after').content")

    def test_the_why_of_a_silence_stands_in_its_line(self, opened):
        one = opened()
        one.page.set_content(document(shown(talk())))
        silence = one.page.locator(".snb-quiet").first
        line, why = silence.bounding_box(), silence.locator("summary").bounding_box()
        assert abs(why["y"] + why["height"] / 2 - line["y"] - line["height"] / 2) < line["height"] / 2

    def test_labels_stand_under_their_annotators_and_only_disagreement_is_shown_by_keyboard(self, opened, things):
        one = opened()
        one.page.set_content(document(shown(things["annotated"])))
        left = "all => all.map(one => one.getBoundingClientRect().x)"
        names = one.page.locator(".snb-annotators th").evaluate_all(left)
        assert one.page.locator(".snb-talk tr:first-child > td").evaluate_all(left)[-2:] == names
        lane, path = (one.page.locator(f"{part} > i") for part in (".snb-lane", ".snb-path"))
        assert abs(lane.first.evaluate_all(left)[0] - path.first.evaluate_all(left)[0]) < 1
        items = one.page.locator(".snb-talk > li")
        split = one.page.locator(".snb-talk > li:has(.snb-split)").count()
        one.page.locator(".snb-only input").focus()
        one.page.keyboard.press("Space")
        assert 0 < one.page.locator(".snb-talk > li:visible").count() == split < items.count()
        one.page.keyboard.press("Tab")
        one.page.keyboard.press("Tab")
        one.page.keyboard.press("Enter")
        assert one.page.locator(".snb-odds:visible").count() == 1
        targets = one.page.locator(".snb-only, .snb-labels summary").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).filter(one => one.width).map(one => one.height)"
        )
        assert min(targets) >= 24

    def test_a_face_is_no_text(self, opened):
        one = opened()
        one.page.set_content(document(shown(talk())))
        assert one.page.locator(".snb-by").first.inner_text().split() == ["Ana", "opening"]


class TestFiles:
    @THEMES
    def test_a_file_needs_nothing_else(self, opened, things, theme, tmp_path):
        for name in ("transcript", "annotations", "annotated", "comparison", "run", "annotation run"):
            file = things[name].to_html(tmp_path / f"{name}.html")
            one = opened(color_scheme=theme)
            one.page.goto(file.as_uri())
            assert one.page.locator(".snb").count() == 1
            assert not one.left
            assert not one.errors
            serious = found_by_axe(one.page)
            assert not serious, (name, serious)


class TestInjection:
    def test_there_are_many(self):
        assert len(set(PAYLOADS)) >= 200

    def test_nothing_executes_nothing_escapes_and_all_is_there(self, opened):
        harmless = opened()
        hostile = opened()
        for payload in PAYLOADS[:: size(1, 8)]:
            bad = [shown(thing) for thing in infected(payload)]
            good = [shown(thing) for thing in infected(_harmless(payload))]
            hostile.page.set_content(document(*bad))
            harmless.page.set_content(document(*good))
            roots, twins = hostile.page.locator(".snb"), harmless.page.locator(".snb")
            assert roots.evaluate_all(SKELETON) == twins.evaluate_all(SKELETON), payload
            texts = roots.evaluate_all("roots => roots.map(root => root.textContent)")
            words = " ".join(clean(payload).split())
            assert all(words in " ".join(text.split()) for text in texts), payload
            assert clean(payload) in texts[0]
        hostile.page.mouse.move(300, 300)
        assert hostile.page.evaluate("window.pwned") is None
        assert (hostile.dialogs, hostile.left) == ([], [])

    def test_neither_does_anything_in_the_head_of_a_run(self, opened, tmp_path):
        model = snb.ScriptedModel(PAYLOADS, name=replace_surrogates(PAYLOADS[0]))
        names = [" ".join(replace_surrogates(payload).split()) for payload in PAYLOADS]
        one = opened()
        for start in range(0, 60, 6):
            users = [snb.LLMActor(model, name, [name], name, name) for name in names[start : start + 6]]
            moderator = snb.LLMActor(model, f"M {names[start]}")
            topics = [replace_surrogates(payload) for payload in PAYLOADS[start : start + 6]]
            experiment = snb.DiscussionExperiment(topics, users, moderator, num_turns=4, num_discussions=2, seed=1)
            run = experiment.begin(tmp_path / f"talks{start}")
            one.page.set_content(document(shown(run)))
            text = " ".join(one.page.locator(".snb").text_content().split())
            assert clean(names[start])[:80] in text
            assert one.page.locator(f".snb :not({OURS})").count() == 0
        assert one.page.evaluate("window.pwned") is None
        assert (one.dialogs, one.left) == ([], [])

    def test_this_test_would_notice(self, opened):
        one = opened()
        one.page.set_content(document(f"<div class='snb'>{PAYLOADS[0]}{PAYLOADS[10]}{PAYLOADS[2]}</div>"))
        one.page.wait_for_timeout(200)
        assert one.dialogs == ["1"]
        assert one.page.evaluate("window.pwned") == 1
        assert one.left


def _harmless(payload):
    """Return a text of the same form: as long, with line breaks, margins and code where it has them."""
    text = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "x", payload)
    return re.sub(r"[^\s`]", "x", text)
