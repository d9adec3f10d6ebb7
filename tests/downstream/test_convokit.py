"""ConvoKit opens our corpora, and we open its."""

import json

import syndisco_nb as snb
from syndisco_nb.runs.sources import gather

COLUMNS = {"text": "text", "speaker": "name", "meta.turn": "turn", "meta.role": "role", "meta.model": "model"}


def test_convokit_has_our_rows_and_we_have_its(downstream, study, tmp_path):
    ours, copy, theirs = (tmp_path / name for name in ("ours", "copy", "theirs"))
    study.to_convokit(ours)
    seen, files = downstream(("convokit_corpus", ours, copy), ("convokit_made", theirs))
    check_utterances(seen["utterances"], study)
    held = gather(study).transcripts
    assert [(one["id"], one["meta.condition"], one["meta.topic"]) for one in seen["conversations"]] == [
        (talk.unit_name, talk.condition, talk.record.topic) for talk in held
    ]
    assert {one["id"] for one in seen["speakers"]} == set(study.to_dataframe("messages").name)
    assert seen["people"] == []
    assert seen["whole"] == [True] * len(held)
    assert [one for talk in seen["spoken"] for one in talk] == [one["id"] for one in seen["utterances"]]

    first, second = snb.load(ours), snb.load(copy)
    assert list(first) == list(second)
    assert first.annotations == second.annotations

    assert "odd-bin.p" in files  # never read
    (talk,) = snb.load(theirs)
    assert [(one.name, one.text, one.reply_to, one.meta) for one in talk.messages] == [
        ("ana", "Why?", None, {"score": 0, "id": "u1", "timestamp": 0}),
        ("ben", "Because…", 0, {"score": 1, "id": "u2", "timestamp": 10}),
        ("ana", "", 0, {"score": 2, "id": "u3", "timestamp": 20}),
    ]
    assert talk.meta == {"title": "Tax"}
    assert [(one.name, one.attributes) for one in talk.users] == [("ana", ("age: 34",)), ("ben", ("age: 61",))]
    lines = (talk.to_convokit(tmp_path / "back") / "utterances.jsonl").read_text().splitlines()
    back = [(one["id"], one["timestamp"], one["meta"]["score"]) for one in map(json.loads, lines)]
    assert back == [("u1", 0, 0), ("u2", 10, 1), ("u3", 20, 2)]


def check_utterances(utterances, study):
    frame, labels = study.to_dataframe("messages"), study.labels.to_dataframe("labels", roles="all")
    for theirs, ours in COLUMNS.items():
        assert [one[theirs] for one in utterances] == frame[ours].tolist()
    places = list(zip(frame.condition, frame.discussion, frame["index"], strict=True))
    assert [(one["conversation_id"], one["timestamp"]) for one in utterances] == [
        (f"{condition}.{talk}", index) for condition, talk, index in places
    ]
    assert [one["id"] for one in utterances] == [f"{one['conversation_id']}.{one['timestamp']}" for one in utterances]
    comment = None
    for one in utterances:
        assert one["reply_to"] == (comment if one["timestamp"] else None)
        comment = one["id"] if one["text"] else comment
    means = labels[labels.scale == "toxicity"].groupby(["condition", "discussion", "index"]).value.mean()
    seen = {place: one["meta.toxicity"] for place, one in zip(places, utterances, strict=True) if one["meta.toxicity"]}
    assert seen == means.dropna().to_dict()
