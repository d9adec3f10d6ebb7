import json
from dataclasses import replace

import pytest
from support.foreign import foreign_corpus

import syndisco_nb as snb
from examples import labels_of, talk


@pytest.fixture
def run(users, tmp_path):
    return snb.DiscussionExperiment(["Tax", "Toll"], users, num_turns=3, num_discussions=3, seed=1).begin(
        tmp_path / "talks"
    )


@pytest.fixture
def labels(run, annotator, tmp_path):
    return snb.AnnotationExperiment([annotator], snb.Likert("toxicity", 1, 5), seed=1).begin(run, tmp_path / "labels")


def look(viewer, **asked):
    """Look until all is read."""
    while not (found := viewer.answer({"id": 1, "kind": "look", **asked}))["done"]:
        pass
    return found


def ask(viewer, kind, **asked):
    answer = viewer.answer({"id": 5, "kind": kind, **asked})
    assert answer["id"] == 5
    return answer


def test_a_run_is_viewed_in_order(run):
    viewer = run.view()
    found = look(viewer)
    messages = [message for transcript in run for message in transcript.messages]
    assert (found["chosen"], found["kind"], found["tried"], found["files"]) == (len(messages), "Run", 3, 3)
    assert [one["topic"] for one in found["discussions"]] == [transcript.topic for transcript in run]
    rows = ask(viewer, "page")["items"]
    assert [(row["name"], row["text"], row["turn"]) for row in rows] == [(m.name, m.text, m.turn) for m in messages]


def test_pages_hold_a_hundred_rows():
    viewer = talk(250).view()
    look(viewer)
    assert [len(ask(viewer, "page", page=page)["items"]) for page in range(4)] == [100, 100, 50, 0]
    assert ask(viewer, "page", page=2)["items"][0]["number"] == 200


def test_a_look_anew_brings_the_rows_in_sight():
    viewer = talk(250).view()
    found = ask(viewer, "look", anew=True)
    assert found["items"] == ask(viewer, "page")["items"]
    assert len(found["items"]) == 100
    look(viewer)
    found = ask(viewer, "look", anew=True, keep=230)
    assert (found["place"], found["items"]) == (230, ask(viewer, "page", page=2)["items"])
    assert ask(viewer, "look")["items"] == []


def test_the_first_look_reads_a_page_and_no_more(run, monkeypatch):
    viewer = run.view()
    monkeypatch.setattr("syndisco_nb.widgets.viewer.viewer.PAGE", 5)
    found = ask(viewer, "look", anew=True)
    assert (found["messages"], len(found["items"]), found["done"]) == (5, 5, False)


def test_all_data_goes_by_messages():
    viewer = talk(250, "A secret. ").view()
    look(viewer)
    assert "A secret" not in json.dumps({key: str(value) for key, value in viewer.get_state().items()})


def test_what_the_page_sends_is_answered_to_the_page(monkeypatch):
    viewer = talk(3).view()
    sent = []
    monkeypatch.setattr(viewer, "send", sent.append)
    viewer._handle_custom_msg({"id": 9, "kind": "look"}, [])
    assert (sent[0]["id"], sent[0]["total"]) == (9, 3)


EVERY_REQUEST = {
    "look": {"anew": True},
    "page": {},
    "open": {"numbers": [1]},
    "match": {"filter": {"query": "a"}},
    "turn": {"turn": 2},
    "discussion": {"step": 1},
    "find": {"code": "run[1].comments[2]"},
}


def test_every_answer_can_be_sent(run, labels):
    viewer = run.view(labels)
    look(viewer)
    answers = [ask(viewer, kind, **asked) for kind, asked in EVERY_REQUEST.items()]
    keys = [{"items"}, {"details"}, {"place", "number"}, {"place"}, {"place"}, {"address", "number", "done"}]
    assert [set(answer) - {"id"} for answer in answers[1:]] == keys
    assert json.loads(json.dumps(answers, allow_nan=False)) == answers


@pytest.mark.parametrize(
    "content", [{"id": 3, "kind": "format"}, {"id": 3}, {"id": 3, "kind": "open", "numbers": [10**9]}]
)
def test_what_goes_wrong_is_answered_too(content):
    answer = talk(3).view().answer(content)
    assert answer["id"] == 3
    assert answer["error"]
    assert talk(3).view().answer(None)["error"]


def test_an_open_message_has_its_text_and_prompt(run):
    viewer = run.view()
    look(viewer)
    comment = run[1].comments[1]
    number = next(
        row["number"]
        for row in ask(viewer, "page")["items"]
        if row["discussion"] == 1 and row["text"] == comment.text and row["turn"] == comment.turn
    )
    answer = ask(viewer, "open", numbers=[number])["details"][0]
    assert answer["where"] == "run[1].comments[1]"
    assert [text for _, text in answer["sent"]][: len(comment.generation.prompt)] == [
        one.content for one in comment.generation.prompt
    ]
    assert ["seed", str(comment.generation.seed)] in answer["facts"]


def test_a_long_comment_comes_whole_only_when_it_is_opened():
    viewer = talk(3, "x" * 2000).view()
    look(viewer)
    closed = ask(viewer, "page")["items"][1]
    assert (len(closed["text"]), closed["left_out"]) == (600, 5400)
    assert len(ask(viewer, "open", numbers=[1])["details"][0]["text"]) == 6000


def test_a_closed_row_shows_what_was_searched_for():
    viewer = talk(2, "x " * 900 + "needle ").view()
    asked = {"filter": {"query": "Needle"}}
    assert look(viewer, **asked)["matches"] == 2
    assert "needle" in ask(viewer, "page", **asked)["items"][0]["text"]


def test_the_labels_of_a_run_are_found_for_each_discussion(run, labels):
    found = look(run.view(labels))
    assert found["scales"] == [["toxicity", ["1", "2", "3", "4", "5"], False, False]]
    viewer = run.view(labels)
    look(viewer)
    shown = [row["ratings"][0]["answers"][0][1] for row in ask(viewer, "page")["items"] if row.get("ratings")]
    assert shown == [str(label.value) for one in labels for label in one.labels]


def test_labels_of_other_discussions_are_left_out(labels):
    viewer = talk(6).view(labels)
    assert look(viewer)["scales"] == []
    assert not any(row.get("ratings") for row in ask(viewer, "page")["items"])


def test_only_what_is_new_is_told_again():
    viewer = talk(6).view()
    first = look(viewer)
    again = look(viewer, discussions=len(first["discussions"]), speakers=len(first["speakers"]))
    assert (len(first["speakers"]), again["discussions"], again["speakers"]) == (4, [], [])


def test_speakers_look_as_in_the_transcript():
    from syndisco_nb.display.pages.speakers_block import speaker_looks

    transcript = talk(12)
    viewer = transcript.view()
    assert [name for name, _ in look(viewer)["speakers"]] == ["Ana", "Ben", "Cem", "Mo"]
    rows = [row for row in ask(viewer, "page")["items"] if not row.get("silent")]
    found = {row["name"]: (row["classes"], row["border"]) for row in rows}
    assert found == {name: (one.classes, one.border) for name, one in speaker_looks(transcript).items()}


def test_a_broken_file_is_reported_and_stepped_around(run):
    (run.folder / "discussion-00001.json").write_text("{")
    found = look(run.view())
    assert found["chosen"] == len(run[0].messages) + len(run[2].messages)
    assert "discussion-00001.json cannot be read" in found["problems"][0]
    assert len(found["discussions"]) == 2


def test_labels_of_other_texts_are_not_shown_and_reported():
    transcript = talk(6)
    labels = labels_of(transcript, "strict", [1])
    comments = [replace(one, text="Edited.") if one.index == 2 else one for one in transcript.comments]
    viewer = replace(transcript, comments=tuple(comments)).view(labels)
    found = look(viewer)
    (problem,) = found["problems"]
    assert problem.startswith(f"discussion-{transcript.index:05d}: 2 labels are left out: the discussion has changed")
    assert not any(row.get("ratings") for row in ask(viewer, "page")["items"] if row["text"] == "Edited.")


def test_without_a_kernel_the_static_page_is_shown(run):
    transcript = talk(6)
    data, _ = transcript.view()._repr_mimebundle_()
    assert data["text/html"] == transcript._repr_mimebundle_()["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data
    labels = labels_of(transcript, "strict", [1])
    assert "strict" in transcript.view(iter([labels]))._repr_mimebundle_()[0]["text/html"]
    assert run.view()._repr_mimebundle_()[0]["text/html"] == run._repr_mimebundle_()["text/html"]


def test_what_cannot_be_viewed_says_what_to_do(run, labels):
    with pytest.raises(snb.errors.InvalidInputError, match=r"holds no discussions.*view\(labels=this\)"):
        labels.view()
    with pytest.raises(snb.errors.InvalidInputError, match="must hold annotation sets"):
        run.view(run)
    with pytest.raises(snb.errors.InvalidInputError, match="must hold AnnotationSets"):
        run.view([1])


def test_what_could_act_instead_of_being_read_is_made_visible():
    viewer = talk(3, "a\x1b\u202eb \ud800 ").view()
    look(viewer)
    assert ask(viewer, "page")["items"][0]["text"].startswith("a␛‹U+202E›b � ")


@pytest.fixture
def study(tmp_path):
    from examples import a_builder

    return a_builder().run(tmp_path / "study")


def test_a_study_is_viewed_with_its_conditions(study):
    found = look(study.view())
    assert (found["kind"], found["conditions"]) == ("Study", list(study))
    assert [one["condition"] for one in found["discussions"]] == [name for name in study for _ in range(2)]
    assert found["chosen"] == sum(len(one.messages) for run in study.values() for one in run)


@pytest.mark.parametrize("condition", ["none+short", "facilitator+long"])
def test_a_condition_is_chosen(study, condition):
    viewer = study.view()
    asked = {"filter": {"condition": condition}}
    assert look(viewer, **asked)["chosen"] == sum(len(one.messages) for one in study[condition])
    rows = ask(viewer, "page", **asked)["items"]
    comments = [row["text"] for row in rows if not row.get("silent")]
    assert comments == [one.text for talk_ in study[condition] for one in talk_.comments]
    answer = ask(viewer, "open", numbers=[rows[0]["number"]])["details"][0]
    assert answer["where"] == f"study[{condition!r}][0].comments[0]"


def test_the_labels_of_a_study_are_found_in_each_condition(study):
    labels = study.annotate()
    viewer = study.view(labels)
    look(viewer)
    shown = [row["ratings"][0]["answers"][0][1] for row in ask(viewer, "page")["items"] if row.get("ratings")]
    assert shown == [str(label.value) for run in labels.values() for one in run for label in one.labels]
    with pytest.raises(snb.errors.InvalidInputError, match=r"holds no discussions.*view\(labels=this\)"):
        labels.view()


def test_a_corpus_shows_the_names_and_facts_that_another_tool_gave():
    corpus = foreign_corpus()
    viewer = corpus.view()
    found = look(viewer, anew=True)
    assert (found["kind"], found["messages"], found["labelled"]) == ("Corpus", 15, True)
    assert (found["discussions"][1]["number"], found["discussions"][1]["topic"]) == ("1", "thread 1: é")
    assert [name for name, *_ in found["scales"]] == ["toxicity"]
    assert [row["reply"] for row in found["items"][:2]] == ["", "reply to Ana, turn 1"]
    opened = ask(viewer, "open", numbers=[1])["details"][0]
    assert (opened["where"], opened["title"]) == ("corpus[0].comments[1]", "")
    assert opened["facts"] == [["score", "1"], ["flags", "edited"]]
    chosen = look(viewer, filter={"query": "useful", "speaker": "Ben", "label": ["toxicity", "is", "5"]})
    assert (chosen["total"], chosen["matches"]) == (3, 3)


def test_an_address_leads_to_its_message(study):
    viewer = study.view()
    asked = "study['facilitator+long'][1].comments[-1]"
    while not (found := ask(viewer, "find", code=asked))["done"]:
        assert (found["address"], found["number"]) == (True, None)
        ask(viewer, "look")
    opened = ask(viewer, "open", numbers=[found["number"]])["details"][0]
    wanted = study["facilitator+long"][1]
    assert opened["text"] == wanted[-1].text
    assert opened["where"] == f"study['facilitator+long'][1].comments[{len(wanted) - 1}]"
    for unknown in (
        "study['facilitator+long'][1].comments[99]",
        "study['other'][0]",
        "run[0]",
        "study['none+short'][9]",
    ):
        assert ask(viewer, "find", code=unknown)["number"] is None
    assert ask(viewer, "find", code="cars [sic]") == {"id": 5, "address": False}


def test_an_address_of_a_single_transcript_needs_no_discussion():
    viewer = talk(12).view()
    look(viewer)
    assert [ask(viewer, "find", code=f"transcript{rest}")["number"] for rest in ("[6]", ".comments[6]")] == [7, 7]
    assert ask(viewer, "find", code="talk.silences[1]")["number"] == 11


def test_the_matches_of_each_discussion_are_counted(run):
    viewer = run.view()
    look(viewer)
    assert dict(ask(viewer, "count")["counts"]) == {place: len(run[place].messages) for place in range(3)}
    name = run[1].comments[1].name
    counts = dict(ask(viewer, "count", filter={"query": name})["counts"])
    assert counts[1] == sum(name in one.text or name == one.name for one in run[1].comments)


def test_unfinished_discussions_come_last_and_can_be_chosen(tmp_path):
    def script(request):
        return "Why?" if request.situation.turn < 3 or "Toll" in str(request.messages) else 1 / 0

    users = [snb.LLMActor(snb.ScriptedModel(script), name) for name in ("Ana", "Ben")]
    run = snb.DiscussionExperiment(["Tax?", "Toll?"], users, num_turns=4, num_discussions=4, seed=1).begin(
        tmp_path / "run"
    )
    viewer = run.view()
    found = look(viewer)
    finished = [one["unfinished"] == "" for one in found["discussions"]]
    assert finished == [True] * len(run) + [False] * len(run.unfinished)
    assert found["discussions"][-1]["unfinished"] == run.unfinished[-1].ended
    assert (found["files"], found["tried"]) == (4, 4)
    asked = {"filter": {"status": "unfinished"}}
    assert look(viewer, **asked)["chosen"] == sum(len(one.messages) for one in run.unfinished)
    last = ask(viewer, "find", code="run.unfinished[-1].comments[-1]")["number"]
    assert ask(viewer, "open", numbers=[last])["details"][0]["text"] == run.unfinished[-1][-1].text
