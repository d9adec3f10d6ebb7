import syndisco_nb as snb
from examples import a_builder
from syndisco_nb.builder.design import Design
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Fold, Note, Prompt, Table
from syndisco_nb.display.pages.design_pages import builder_page, design_page
from syndisco_nb.field_labels import field_label


def tables(page):
    return {block.title: block for block in page.blocks if isinstance(block, Table)}


def test_what_varies_is_a_table_of_conditions():
    page = builder_page(a_builder(), Limits())
    assert tables(page)["Conditions"].head == ("condition", "Moderator", "Comments remembered")
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
        table = next(found for title, found in tables(page).items() if title in ("Same in all conditions", "Settings"))
        shown = {row[0] for row in table.rows} | set(table.more.removeprefix("Not set: ").rstrip(".").split(", "))
        apart = {"participants", "topics", "vary", "discussions", "seed", "annotators", "scales", *design.vary}
        assert shown == {field_label(name) for name in Design.model_fields if name not in apart}
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
    assert "seed 0)" in builder._repr_mimebundle_()["text/plain"]


def test_the_first_prompt_names_its_condition_where_there_are_several():
    def title(builder):
        return next(block.title for block in builder_page(builder, Limits()).blocks if isinstance(block, Prompt))

    speaker = a_builder().preview().speaker
    assert title(a_builder()) == f"First prompt (to {speaker}, condition none+short)"
    assert title(a_builder().vary(moderator=None, window=None)) == f"First prompt (to {speaker})"
