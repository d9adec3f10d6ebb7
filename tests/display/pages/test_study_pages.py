import shutil

import pytest

import syndisco_nb as snb
from examples import a_builder
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Share, Table
from syndisco_nb.display.pages.study_pages import runs_page, study_page


def tables(page):
    return {block.title: block for block in page.blocks if isinstance(block, Table)}


@pytest.fixture
def study(tmp_path):
    return a_builder().run(tmp_path / "study")


def test_a_study_shows_how_far_each_condition_is(study):
    (study.folder / "none+short" / "discussion-00001.json").unlink()
    page = study_page(snb.Study(study.folder), Limits())
    table = tables(page)["Conditions"]
    assert [(row[0], row[1], row[2].text) for row in table.rows] == [
        ("none+short", "1 of 2", "50%"),
        ("none+long", "2 of 2", "100%"),
        ("facilitator+short", "2 of 2", "100%"),
        ("facilitator+long", "2 of 2", "100%"),
    ]
    assert page.title == "7 of 8 discussions finished"
    assert page.progress.text == "21 of 24 turns kept, 88%"


def test_a_condition_that_has_not_started_is_named(study):
    shutil.rmtree(study.folder / "none+long")
    page = study_page(snb.Study(study.folder), Limits())
    assert tables(page)["Conditions"].rows[1] == ("none+long", "", Share(0, "0%"), "not started")
    assert page.title == "6 of 8 discussions finished"
    assert page.progress.text == "18 of 24 turns kept, 75%"  # as in the live view
    assert page.blocks[0].text.startswith("Stopped before the end.")


def test_labels_of_a_study_are_counted_as_labels(study):
    judge = snb.LLMActor(snb.ScriptedModel("1"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    page = runs_page(study.annotate([judge], snb.Flag("rude")), Limits())
    assert page.kind == "Labels of a study"
    assert tables(page)["Conditions"].head == ("condition", "finished", "labels kept", "status")


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
    assert text.count("# Study design") == 1
    assert study.to_html(tmp_path / "report.html").stat().st_size > 10_000
    assert study.annotate().to_markdown().count("# Annotations") == 8
