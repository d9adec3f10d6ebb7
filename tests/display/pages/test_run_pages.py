import pytest
from support.foreign import foreign_corpus

import syndisco_nb as snb
from syndisco_nb.records import Records


@pytest.fixture
def run(users, tmp_path):
    def script(request):
        if "Toll" in request.messages[-1].content:
            raise RuntimeError("out of <memory>")
        return "Yes."

    actors = [snb.LLMActor(snb.ScriptedModel(script), name) for name in ("Ana", "Ben")]
    return snb.DiscussionExperiment(["Tax", "Toll"], actors, num_turns=2, num_discussions=14, seed=1).begin(tmp_path)


def test_it_says_how_far_it_is_and_what_failed(run):
    text = run._repr_mimebundle_()["text/plain"]
    assert 0 < len(run) < 14
    assert f"{len(run)} of 14 discussions" in text
    assert "Run the same cell again to try only those again" in text
    assert text.count("out of <memory>") == 14 - len(run)
    assert "out of &lt;memory&gt;" in run._repr_mimebundle_()["text/html"]


def test_every_transcript_can_be_opened_and_the_rest_is_named(users, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=13, seed=1).begin(tmp_path)
    bundle = run._repr_mimebundle_()
    assert bundle["text/html"].count('class="snb-fold"') == 10
    assert "3 more: run[10] to run[12]." in bundle["text/plain"]
    assert run.to_markdown().count("## Discussion") == 13


def test_a_part_is_a_list_that_shows_itself(run):
    part = run[:2]
    assert isinstance(part, Records)
    assert part == [run[0], run[1]]
    assert "Discussions: 2 discussions" in part._repr_mimebundle_()["text/plain"]
    assert "Labels: 6 annotation sets" in foreign_corpus().annotations._repr_mimebundle_()["text/plain"]


def test_a_broken_file_is_said_and_stepped_around(run):
    (run.folder / f"discussion-{run[0].index:05d}.json").write_text("{")
    text = run._repr_mimebundle_()["text/plain"]
    assert "! run[0] cannot be read" in text
    assert f"{run[1].index} · Tax" in text


def test_a_corpus_names_its_discussions_and_the_files_that_were_skipped():
    text = foreign_corpus(2, source="logs")._repr_mimebundle_()["text/plain"]
    assert "source logs · comments 8 · annotators 2" in text
    assert "notes.txt  is of no format" in text
    assert "▸ 1 · thread 1: é · 4 comments by Ana, Ben, Cem" in text
    assert "toxicity: coder A 5, coder B 1 ≠ disagreement" in foreign_corpus(2).to_markdown()
