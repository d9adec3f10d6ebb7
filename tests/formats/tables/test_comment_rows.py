"""Discussions in the rows of a table."""

import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.tables.comment_rows import CommentRows


def talks(rows, **named):
    known = list(dict.fromkeys(name for row in rows for name in row))
    return CommentRows(known, rows, named, "a.csv").transcripts()


def row(name, text=None, **more):
    return {"thread": "one", "user": name} | ({} if text is None else {"text": text}) | more


def test_rows_become_discussions_in_order():
    made = talks(
        [row("Ana", "a"), row("Ben", "b", thread="two"), row(" Ana ", "NA"), row("Ben"), {"thread": "one", "text": 5}]
    )
    assert [talk.known_as for talk in made] == ["one", "two"]
    assert [(one.index, one.name, one.text, one.silent) for one in made[0].messages] == [
        (0, "Ana", "a", False),
        (1, "Ana", "NA", False),
        (2, "Ben", "", True),
        (3, "unknown", "5", False),
    ]
    assert {message.model for message in made[0].messages} == {"human"}
    assert made[0].seed is None


def test_an_index_is_kept_and_sorted_by():
    made = talks([row("Ana", "b", n="2"), row("Ben", "a", n=1)], index="n")[0]
    assert [(one.index, one.text) for one in made] == [(1, "a"), (2, "b")]


def test_roles_topics_models_and_times():
    rows = [
        row("Mo", "Tax?", role="opening", topic="T", model="hardcoded", when="2024-01-02 10:00"),
        row("Mo", "Hm.", role="moderator", topic="T", model="m"),
        row("Ana", "No.", topic="T"),
    ]
    made = talks(rows, time="when")[0]
    assert [(one.role, one.model, one.meta) for one in made] == [
        ("opening", "hardcoded", {"time": "2024-01-02 10:00"}),
        ("moderator", "m", None),
        ("participant", "human", None),
    ]
    assert (made.topic, made.moderator.model, [user.name for user in made.users]) == ("T", "m", ["Ana"])


def test_replies_are_found_by_id_or_by_index():
    rows = [row("Ana", "a", id="x1"), row("Ben", "b", id="x2", parent="x1"), row("Ana", "c", id="x3", parent="gone")]
    made = talks(rows)[0]
    assert [one.reply_to for one in made] == [None, 0, None]
    assert [one.meta for one in made] == [{"id": "x1"}, {"id": "x2"}, {"id": "x3", "reply_to": "gone"}]
    indexed = [row("Ana", "a", index=3), row("Ben", "b", index=4, reply_to=3.0)]
    assert [one.reply_to for one in talks(indexed)[0]] == [None, 3]


def test_replies_to_numbers_that_nothing_explains_are_not_guessed():
    rows = [row("Ana", "a"), row("Ben", "b", parent=0)]
    assert talks(rows)[0][1].reply_to is None
    assert talks(rows)[0][1].meta == {"reply_to": "0"}
    assert talks(rows, reply_to="parent")[0][1].reply_to == 0


def test_comments_of_reddit_are_answered_by_their_full_names():
    rows = [
        {"link_id": "t3_x", "author": "u1", "body": "Hi", "id": "a1", "parent_id": "t3_x"},
        {"link_id": "t3_x", "author": "u2", "body": "Hm", "id": "a2", "parent_id": "t1_a1"},
    ]
    made = talks(rows)[0]
    assert [one.reply_to for one in made] == [None, 0]
    assert made.known_as == "t3_x"


def test_discussions_of_one_name_in_two_conditions_are_two():
    made = talks([row("Ana", text, condition=text) for text in ("a", "b", "a")])
    assert [(talk.known_as, talk.meta, len(talk)) for talk in made] == [
        ("a.one", {"condition": "a"}, 2),
        ("b.one", {"condition": "b"}, 1),
    ]


def test_two_comments_of_one_index_are_an_error_even_where_the_column_was_only_found():
    with pytest.raises(RecordError, match="Name another column for discussion, or give index="):
        talks([row("Ana", "a", index=1), row("Ben", "b", index=1)])


def test_further_columns_are_kept_where_they_belong():
    rows = [
        row("Ana", "a", forum="f", age="34", likes=1, speaker_job="nurse"),
        row("Ben", "b", forum="f", age="51", likes=2),
        row("Ana", "c", forum="f", age="34", likes=float("inf"), speaker_job="nurse", speaker_other="tall; kind"),
        row("Ana", "c", thread="two", forum="g", age="34", likes=0, meta_edited=True),
    ]
    one, two = talks(rows)
    assert (one.meta, two.meta) == ({"forum": "f"}, {"forum": "g"})
    assert {user.name: user.attributes for user in one.users} == {
        "Ana": ("age: 34", "job: nurse"),
        "Ben": ("age: 51",),
    }
    assert one.users[0].meta == {"age": "34", "job": "nurse"}
    assert [message.meta for message in (*one, *two)] == [
        {"likes": 1},
        {"likes": 2},
        {"likes": "inf"},
        {"likes": 0, "edited": True},
    ]


def test_columns_that_only_look_usual_are_further_columns():
    rows = [row("Ana", "a", role="admin", index="first", topic="x"), row("Ben", "b", role="user", index="2", topic="y")]
    made = talks(rows)[0]
    assert [one.meta for one in made] == [
        {"role": "admin", "index": "first", "topic": "x"},
        {"role": "user", "index": "2", "topic": "y"},
    ]
    assert [(one.index, one.role) for one in made] == [(0, "participant"), (1, "participant")]


@pytest.mark.parametrize(
    ("rows", "named", "words"),
    [
        ([row("Ana", "a", n="x")], {"index": "n"}, "row 1, the header not counted, has the n 'x', but an"),
        ([row("Ana", "a", n=1), row("Ben", "b", n=1)], {"index": "n"}, "row 2, .* another row has the same"),
        ([row("Ana", "a", r="boss")], {"role": "r"}, "a role is one of: opening, participant, moderator, guest"),
        ([row("Ana", "a", t="x"), row("Ana", "a", t="y")], {"topic": "t"}, "other rows of its discussion have another"),
        ([row("Ana", "a", k=1), row("Ana", "a", k=1)], {"comment_id": "k"}, "another row of its discussion"),
        ([row("Ana", "a"), {"user": "Ana", "text": "b"}], {}, "row 2, .*, has no thread. Fill the cell"),
        ([row("Ana", "a", annotator="x", label=1)], {}, "is a table of labels. Give it to load_labels"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named(rows, named, words):
    with pytest.raises(RecordError, match=words):
        talks(rows, **named)
