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
    assert (found["total"], found["kind"], found["tried"], found["files"]) == (len(messages), "Run", 3, 3)
    assert [topic for _, topic, _ in found["discussions"]] == [transcript.topic for transcript in run]
    rows = ask(viewer, "page")["rows"]
    assert [(row["name"], row["text"], row["turn"]) for row in rows] == [(m.name, m.text, m.turn) for m in messages]


def test_pages_hold_a_hundred_rows():
    viewer = talk(250).view()
    look(viewer)
    assert [len(ask(viewer, "page", page=page)["rows"]) for page in range(4)] == [100, 100, 50, 0]
    assert ask(viewer, "page", page=2)["rows"][0]["number"] == 200


def test_a_look_anew_brings_the_rows_in_sight():
    viewer = talk(250).view()
    found = ask(viewer, "look", anew=True)
    assert found["rows"] == ask(viewer, "page")["rows"]
    assert len(found["rows"]) == 100
    look(viewer)
    found = ask(viewer, "look", anew=True, keep=230)
    assert (found["place"], found["rows"]) == (230, ask(viewer, "page", page=2)["rows"])
    assert ask(viewer, "look")["rows"] == []


def test_the_first_look_reads_a_page_and_no_more(run, monkeypatch):
    viewer = run.view()
    monkeypatch.setattr("syndisco_nb.widgets.viewer.viewer.PAGE", 5)
    found = ask(viewer, "look", anew=True)
    assert (found["messages"], len(found["rows"]), found["done"]) == (5, 5, False)


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
    "open": {"place": 1},
    "hit": {"filter": {"query": "a"}},
    "turn": {"turn": 2},
}
OPENED = {"text", "where", "ratings", "title", "facts", "sent"}


def test_every_answer_can_be_sent(run, labels):
    viewer = run.view(labels)
    look(viewer)
    answers = [ask(viewer, kind, **asked) for kind, asked in EVERY_REQUEST.items()]
    assert [set(answer) - {"id"} for answer in answers[1:]] == [{"rows"}, OPENED, {"place", "number"}, {"place"}]
    assert json.loads(json.dumps(answers, allow_nan=False)) == answers


@pytest.mark.parametrize("content", [{"id": 3, "kind": "format"}, {"id": 3}, {"id": 3, "kind": "open", "place": 10**9}])
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
        for row in ask(viewer, "page")["rows"]
        if row["discussion"] == 1 and row["text"] == comment.text and row["turn"] == comment.turn
    )
    answer = ask(viewer, "open", place=number)
    assert answer["where"] == "run[1].comments[1]"
    assert [text for _, text in answer["sent"]][: len(comment.generation.prompt)] == [
        one.content for one in comment.generation.prompt
    ]
    assert ["seed", str(comment.generation.seed)] in answer["facts"]


def test_a_long_comment_comes_whole_only_when_it_is_opened():
    viewer = talk(3, "x" * 2000).view()
    look(viewer)
    assert len(ask(viewer, "page")["rows"][1]["text"]) == 500
    assert len(ask(viewer, "open", place=1)["text"]) == 6000


def test_a_closed_row_shows_what_was_searched_for():
    viewer = talk(2, "x " * 900 + "needle ").view()
    asked = {"filter": {"query": "Needle"}}
    assert look(viewer, **asked)["hits"] == 2
    assert "needle" in ask(viewer, "page", **asked)["rows"][0]["text"]


def test_the_labels_of_a_run_are_found_for_each_discussion(run, labels):
    found = look(run.view(labels))
    assert found["scales"] == [["toxicity", ["1", "2", "3", "4", "5"], False, False]]
    viewer = run.view(labels)
    look(viewer)
    shown = [row["ratings"][0]["answers"][0][1] for row in ask(viewer, "page")["rows"] if row["ratings"]]
    assert shown == [str(label.value) for one in labels for label in one.labels]


def test_labels_of_other_discussions_are_left_out(labels):
    viewer = talk(6).view(labels)
    assert look(viewer)["scales"] == []
    assert not any(row["ratings"] for row in ask(viewer, "page")["rows"])


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
    found = {row["name"]: (row["classes"], row["border"]) for row in ask(viewer, "page")["rows"]}
    assert found == {name: (one.classes, one.border) for name, one in speaker_looks(transcript).items()}


def test_a_broken_file_is_reported_and_stepped_around(run):
    (run.folder / "discussion-00001.json").write_text("{")
    found = look(run.view())
    assert found["total"] == len(run[0].messages) + len(run[2].messages)
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
    assert not any(row["ratings"] for row in ask(viewer, "page")["rows"] if row["text"] == "Edited.")


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
    assert ask(viewer, "page")["rows"][0]["text"].startswith("a␛‹U+202E›b � ")


@pytest.fixture
def study(tmp_path):
    from examples import a_builder

    return a_builder().run(tmp_path / "study")


def test_a_study_is_viewed_with_its_conditions(study):
    found = look(study.view())
    assert (found["kind"], found["conditions"]) == ("Study", list(study))
    assert [condition for *_, condition in found["discussions"]] == [name for name in study for _ in range(2)]
    assert found["total"] == sum(len(one.messages) for run in study.values() for one in run)


@pytest.mark.parametrize("condition", ["none+short", "facilitator+long"])
def test_a_condition_is_chosen(study, condition):
    viewer = study.view()
    asked = {"filter": {"condition": condition}}
    assert look(viewer, **asked)["total"] == sum(len(one.messages) for one in study[condition])
    rows = ask(viewer, "page", **asked)["rows"]
    assert [row["text"] for row in rows] == [one.text for talk_ in study[condition] for one in talk_.messages]
    answer = ask(viewer, "open", place=rows[0]["number"])
    assert answer["where"] == f"study[{condition!r}][0].comments[0]"


def test_the_labels_of_a_study_are_found_in_each_condition(study):
    labels = study.annotate()
    viewer = study.view(labels)
    look(viewer)
    shown = [row["ratings"][0]["answers"][0][1] for row in ask(viewer, "page")["rows"] if row["ratings"]]
    assert shown == [str(label.value) for run in labels.values() for one in run for label in one.labels]
    with pytest.raises(snb.errors.InvalidInputError, match=r"holds no discussions.*view\(labels=this\)"):
        labels.view()


def test_a_corpus_shows_the_names_and_facts_that_another_tool_gave():
    corpus = foreign_corpus()
    viewer = corpus.view()
    found = look(viewer, anew=True)
    assert (found["kind"], found["messages"], found["labelled"]) == ("Corpus", 15, True)
    assert found["discussions"][1] == ["1", "thread 1: é", ""]
    assert [name for name, *_ in found["scales"]] == ["toxicity"]
    assert [row["reply"] for row in found["rows"][:2]] == ["", "reply to Ana, turn 1"]
    opened = ask(viewer, "open", place=1)
    assert (opened["where"], opened["title"]) == ("corpus[0].comments[1]", "")
    assert opened["facts"] == [["score", "1"], ["flags", "edited"]]
    chosen = look(viewer, filter={"query": "useful", "speaker": "Ben", "label": ["toxicity", "is", "5"]})
    assert (chosen["total"], chosen["hits"]) == (3, 3)
