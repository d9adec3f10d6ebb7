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
    assert dict(page.facts)["conditions"] == "4 (Moderator × Comments remembered)"
    assert dict(page.facts)["discussions"] == "8"


def test_every_setting_shows_or_is_said_not_to_be_set():
    for design in (a_builder().design, snb.ExperimentBuilder().design):
        page = design_page(design, Limits())
        table = next(found for title, found in tables(page).items() if title in ("Same in all conditions", "Settings"))
        shown = {row[0] for row in table.rows} | set(table.more.removeprefix("Not set: ").rstrip(".").split(", "))
        apart = {"participants", "topics", "vary", "discussions", "seed", "annotators", "scales", *design.vary}
        assert shown == {field_label(name) for name in Design.model_fields if name not in apart}
        assert {row[2] for row in table.rows} <= {field.description for field in Design.model_fields.values()}


def test_a_model_is_told_by_its_name_and_the_settings_that_are_no_defaults():
    model = snb.OpenAIModel("gpt", base_url="http://a/v1", sampling=snb.Sampling(temperature=0.2))
    rows = tables(builder_page(snb.ExperimentBuilder().model(model), Limits()))["Settings"].rows
    (text,) = [row[1] for row in rows if row[0] == "Model"]
    assert text.startswith("gpt; Server URL: http://a/v1; Sampling: temperature 0.2, ")
    kept = snb.CachedModel(snb.ScriptedModel("Yes."), "answers.jsonl")
    rows = tables(builder_page(snb.ExperimentBuilder().model(kept), Limits()))["Settings"].rows
    (text,) = [row[1] for row in rows if row[0] == "Model"]
    assert text == "Model with recorded answers; Model: scripted; Script: Yes.; File: answers.jsonl"


def test_replicas_are_told_by_their_addresses():
    servers = [snb.OpenAIModel("gpt", f"http://{host}/v1", max_concurrency=9) for host in "ab"]
    setting = tables(builder_page(a_builder().model(snb.Replicas(servers)), Limits()))["Same in all conditions"].rows
    assert dict(row[:2] for row in setting)["Model"] == (
        "gpt; Server URL: http://a/v1, http://b/v1; Requests at once: 9; 2 replicas"
    )
    scripted = snb.Replicas([snb.ScriptedModel("Yes."), snb.ScriptedModel("Yes.")])
    setting = tables(builder_page(a_builder().model(scripted), Limits()))["Same in all conditions"].rows
    assert dict(row[:2] for row in setting)["Model"] == "scripted; Script: Yes.; 2 replicas"


def test_turns_in_batches_say_how_long_they_take():
    def notes(builder):
        return [block.text for block in builder_page(builder, Limits()).blocks if isinstance(block, Note)]

    builder = snb.ExperimentBuilder().model(snb.BatchModel(snb.OpenAIModel("gpt", base_url="http://a/v1"))).turns(14)
    assert any("14 batches, one after the other, take up to 14 days" in note for note in notes(builder))
    assert any("take up to 28 days" in note for note in notes(builder.moderator("Keep it civil.")))
    assert not any("batches" in note for note in notes(a_builder()))


def test_a_setting_that_a_scale_does_not_have_is_empty():
    judge = snb.LLMActor(snb.ScriptedModel("1"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    scales = [snb.Likert("toxicity", 1, 5), snb.Choice("stance", ["a", "b"])]
    page = builder_page(snb.ExperimentBuilder().annotators(judge, scales=scales), Limits())
    assert tables(page)["Scales"].rows[1][:4] == ("Choice", "stance", "", "")


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
