import re

import pytest
from support.foreign import foreign_corpus

import syndisco_nb as snb
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Listing, Note
from syndisco_nb.display.pages.run_pages import run_page
from syndisco_nb.records import Records
from syndisco_nb.runs.folder_status import folder_status
from syndisco_nb.runs.layout import journal_path
from syndisco_nb.runs.serialization import to_line


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
    assert "Some discussions failed. Re-run the cell to retry only those." in text
    assert text.count("out of <memory>") == 14 - len(run)
    assert f"status {14 - len(run)} failed" in text
    assert f"] {2 * len(run)} of 28 turns kept, {len(run) / 14:.0%}" in text
    assert "out of &lt;memory&gt;" in run._repr_mimebundle_()["text/html"]


def test_the_error_that_ended_a_run_stays_with_it_until_it_goes_on(tmp_path):
    is_down = True

    def script(request):
        if is_down:
            raise RuntimeError("no <key>")
        return "Yes."

    actors = [snb.LLMActor(snb.ScriptedModel(script), name) for name in ("Ana", "Ben")]
    experiment = snb.DiscussionExperiment(["Tax"], actors, num_turns=2, num_discussions=20, seed=1)
    with pytest.raises(snb.errors.RunFailedError):
        experiment.begin(tmp_path)
    run = snb.Run(tmp_path)
    assert (run.status, run.reason[:30]) == ("failed", "RunFailedError: Stopped after ")
    assert "The last error is RuntimeError: no <key>" in run.reason
    assert "re-run the cell to continue. RunFailedError" in " ".join(run._repr_mimebundle_()["text/plain"].split())
    assert folder_status(tmp_path).runs[0].problem == run.reason
    is_down = False
    assert experiment.begin(tmp_path).reason == ""


def test_every_transcript_can_be_opened_and_the_rest_is_named(users, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=13, seed=1).begin(tmp_path)
    bundle = run._repr_mimebundle_()
    assert bundle["text/html"].count('<details class="snb-fold snb-line"') == 10
    assert "The first 10 unfold here; run[10] shows the next." in bundle["text/plain"]
    assert run.to_markdown().count("## Discussion ") == 13


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
    assert re.search(rf"\n\s+{run[1].index}\s+Tax\s", text)


def test_a_corpus_names_its_discussions_and_the_files_that_were_skipped():
    text = foreign_corpus(2, source="logs")._repr_mimebundle_()["text/plain"]
    assert "source logs · comments 8 · annotators 2" in text
    assert "notes.txt  is of no format" in text
    assert "\n  1  thread 1: é         4       1             2.62  Ana 1, Ben 2, Cem 1" in text
    assert "toxicity: coder A 5, coder B 1 ≠ disagreement" in foreign_corpus(2).to_markdown()


def test_its_settings_are_in_words(users, tmp_path):
    manager, stop = snb.RespondWithProbability(0.6), snb.AfterSilences(3)
    settings = {"num_turns": 2, "num_discussions": 1, "turn_manager": manager, "stop": stop, "seed": 1}
    page = run_page(snb.DiscussionExperiment(["Tax"], users, **settings).begin(tmp_path), Limits())
    assert dict(page.origin) == {
        "participants": "Ana, Ben, Cem",
        "turns": "2",
        "turn-taking": "previous speaker replies 60%",
        "ends after": "3 silences in a row",
        "remembered": "3 comments",
        "model": "talker",
        "seed": "1",
    }
    assert page.facts[1:] == (("status", "finished"),)


def test_a_stopped_run_lists_what_is_kept(users, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=3, seed=1).begin(tmp_path)
    for index, lines in ((0, 3), (2, 5)):
        journal_path(run.folder, f"discussion-0000{index}").write_bytes(
            b"".join(map(to_line, run[index].messages[:lines]))
        )
        (run.folder / f"discussion-0000{index}.json").unlink()
    head = run.folder / "run.json"
    head.write_text(head.read_text("utf-8").replace('"status": "finished"', '"status": "running"'))
    page = run_page(snb.Run(run.folder), Limits())
    lists = [block for block in page.blocks if isinstance(block, Listing)]
    assert [block.title for block in lists] == ["Finished discussions", "Unfinished discussions"]
    assert [[row.cells[0] for row in block.rows] for block in lists] == [[1], [0, 2]]
    assert [row.cells[2] for row in lists[1].rows] == ["2 of 4", "4 of 4"]
    assert {row.cells[-1] for row in lists[1].rows} == {"stopped"}
    assert all(row.page for block in lists for row in block.rows)
    assert (page.title, page.progress.text) == ("1 of 3 discussions finished", "10 of 12 turns kept, 83%")
    assert dict(page.facts)["status"] == "killed"
    assert page.blocks[0].text.startswith("The process was killed.")
    assert page.blocks[-1] == Note("Read them with run.unfinished[0]; no analysis counts them.")
