"""The pages of a study's design, its first prompts, and its runs."""

import pytest

import syndisco_nb as snb
from examples import a_builder
from syndisco_nb.builder.design import Design
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Fold, Note, Prompt, Table
from syndisco_nb.display.pages.design_pages import builder_page, design_page
from syndisco_nb.display.pages.study_pages import study_page


def tables(page):
    return {block.title: block for block in page.blocks if isinstance(block, Table)}


def test_what_varies_is_a_table_of_conditions():
    page = builder_page(a_builder(), Limits())
    assert tables(page)["Conditions"].head == ("condition", "moderator", "window")
    assert tables(page)["Conditions"].rows == (
        ("none+short", "none", "1"),
        ("none+long", "none", "5"),
        ("facilitator+short", "Keep it civil.", "1"),
        ("facilitator+long", "Keep it civil.", "5"),
    )
    assert dict(page.facts)["conditions"] == "4 (moderator × window)"
    assert dict(page.facts)["discussions"] == "8"


def test_every_setting_shows_or_is_said_not_to_be_set():
    for design in (a_builder().design, snb.ExperimentBuilder().design):
        page = design_page(design, Limits())
        table = next(found for title, found in tables(page).items() if title in ("In all conditions", "Settings"))
        shown = {row[0] for row in table.rows} | set(table.more.removeprefix("Not set: ").rstrip(".").split(", "))
        apart = {"participants", "topics", "vary", "discussions", "seed", "annotators", "scales", *design.vary}
        assert shown == {name.replace("_", " ") for name in Design.model_fields if name not in apart}
        assert {row[2] for row in table.rows} <= {field.description for field in Design.model_fields.values()}


def test_a_complete_design_has_the_real_prompts_folded():
    builder = a_builder()
    prompts = [block for block in builder_page(builder, Limits()).blocks if isinstance(block, Prompt)]
    assert [one.messages for one in prompts] == [builder.preview().prompt, builder.preview().annotation]
    assert all(one.folded for one in prompts)


def test_an_incomplete_one_says_what_is_missing():
    page = builder_page(snb.ExperimentBuilder().topics(["Tax"]), Limits())
    note = page.blocks[0]
    assert isinstance(note, Note)
    assert note.warning
    assert "no model and no participants yet" in note.text
    assert not [block for block in page.blocks if isinstance(block, Prompt)]


def test_people_and_topics_are_folded():
    folds = {block.summary for block in builder_page(a_builder(), Limits()).blocks if isinstance(block, Fold)}
    assert folds == {"2 topics: Should city centres be closed to cars?", "3 participants: Ana, Ben, Cem"}


def test_without_a_seed_the_page_is_the_same_each_time():
    builder = a_builder().seed(None)
    assert builder._repr_mimebundle_() == builder._repr_mimebundle_()
    assert "were the seed 0" in builder._repr_mimebundle_()["text/plain"]


@pytest.fixture
def study(tmp_path):
    return a_builder().run(tmp_path / "study")


def test_a_study_shows_how_far_each_condition_is(study):
    (study.folder / "none+short" / "discussion-00001.json").unlink()
    page = study_page(snb.Study(study.folder), Limits())
    table = tables(page)["Conditions"]
    assert [(row[0], row[1].text) for row in table.rows] == [
        ("none+short", "1 of 2"),
        ("none+long", "2 of 2"),
        ("facilitator+short", "2 of 2"),
        ("facilitator+long", "2 of 2"),
    ]
    assert page.title == "7 of 8 discussions"
    assert page.progress.text == "88% finished"


def test_what_failed_is_named_with_its_condition(tmp_path):
    def script(request):
        if "CIVIL" in str(request.messages):
            raise RuntimeError("out of <memory>")
        return "Yes."

    model = snb.ScriptedModel(["Yes."], name="talker")
    builder = a_builder().model(model).vary(context={"calm": "A forum.", "civil": "CIVIL"})
    builder.models._made = dict.fromkeys(builder.models._made, snb.ScriptedModel(script, name="talker"))
    page = study_page(builder.run(tmp_path), Limits())
    failed = tables(page)["Failures"].rows
    assert failed
    assert {row[0].rpartition("+")[2] for row in failed} == {"civil"}
    assert {row[4] for row in failed} == {"out of <memory>"}


def test_the_report_holds_every_transcript_and_the_design(study, tmp_path):
    text = study.to_markdown()
    assert text.count("# Discussion ") == 8
    assert text.count("# Design of a study") == 1
    assert study.to_html(tmp_path / "report.html").stat().st_size > 10_000
    assert study.annotate().to_markdown().count("# Annotations") == 8
