"""Tables of comments, from files and DataFrames."""

import io
import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from support.designs import moderated_builder
from support.sizes import LONG
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, RecordError
from syndisco_nb.formats.foreign_format import all_formats
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import Generation, Message, Participant, Records, Transcript

FRAME = pd.DataFrame(
    {"thread": ["a", "a", "b"], "author": ["Ana", "Ben", "Ana"], "body": ["Why?", "So; so,\nso.", "NA"]}
)
WRITERS = {
    "csv": lambda frame: frame.to_csv(index=False).encode(),
    "csv with an index": lambda frame: frame.to_csv().encode(),
    "Excel's csv": lambda frame: (
        b"\xef\xbb\xbfsep=;\r\n" + frame.to_csv(sep=";", index=False, lineterminator="\r\n").encode()
    ),
    "tsv in UTF-16": lambda frame: frame.to_csv(sep="\t", index=False).encode("utf-16"),
    "xlsx": lambda frame: written(frame.to_excel, index=False),
    "parquet": lambda frame: written(frame.to_parquet),
    "lines": lambda frame: frame.to_json(orient="records", lines=True, double_precision=15).encode(),
    "json": lambda frame: frame.to_json(orient="records", double_precision=15).encode(),
}


def written(write, **settings):
    buffer = io.BytesIO()
    write(buffer, **settings)
    return buffer.getvalue()


def formats_of(path):
    return [one.name for one in all_formats() if one.recognises(SourceFile(path))]


def load(tmp_path, data, **named):
    (tmp_path / "table").write_bytes(data)
    assert [one.name for one in all_formats() if one.recognises(SourceFile(tmp_path / "table"))] == [
        "a table of comments"
    ]
    return snb.load(tmp_path / "table", **named)


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_table_is_read(tmp_path, kind):
    corpus = load(tmp_path, WRITERS[kind](FRAME))
    assert corpus.names == ["a", "b"]
    assert [[(one.name, one.text) for one in talk] for talk in corpus] == [
        [("Ana", "Why?"), ("Ben", "So; so,\nso.")],
        [("Ana", "NA")],
    ]


def test_lines_of_comments_may_hold_nested_facts(tmp_path):
    lines = [{"thread": "a", "author": "Ana", "body": "Why?", "awards": [{"name": "gold"}], "more": {"x": [1]}}] * 2
    corpus = load(tmp_path, "\n".join(map(json.dumps, lines)).encode())
    assert corpus[0][0].meta is None
    assert corpus[0].meta == {"awards": ['{"name": "gold"}'], "more": '{"x": [1]}'}


def test_a_dataframe_is_read_with_named_columns():
    corpus = snb.from_dataframe(FRAME.rename(columns={"body": "said", "thread": "t"}), discussion="t", text="said")
    assert [len(talk) for talk in corpus] == [2, 1]
    assert corpus.source is None
    with pytest.raises(RecordError, match="The table has no column 'speech'"):
        snb.from_dataframe(FRAME, text="speech")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"frame": "a.csv"}, "frame is 'a.csv', but must be a DataFrame. To read a file, call load('a.csv')"),
        ({"frame": FRAME, "text": 3}, "text is 3, but must be the name of a column, as text"),
        ({"frame": 3}, "must be a DataFrame"),
    ],
)
def test_other_arguments_are_errors(arguments, words):
    with pytest.raises(InvalidInputError) as caught:
        snb.from_dataframe(**arguments)
    assert words in str(caught.value)


def test_columns_and_sheets_are_named_in_load(tmp_path):
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="cover", index=False)
        FRAME.rename(columns={"thread": "n"}).to_excel(book, sheet_name="data", index=False)
    corpus = snb.load(tmp_path / "a.xlsx", discussion="n", sheet="data")
    assert corpus.names == ["a", "b"]


def test_comments_without_speakers_are_read_where_the_user_says_so(tmp_path):
    (tmp_path / "a.csv").write_text("thread;votes;comment\n1;3;Why?\n1;4;So.\n")
    (talk,) = snb.load(tmp_path / "a.csv", name="")
    assert [(one.name, one.text, one.meta) for one in talk] == [
        ("unknown", "Why?", {"votes": "3"}),
        ("unknown", "So.", {"votes": "4"}),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("age;sex\n34;f\n", r"has no column of comments. Its columns are age, sex."),
        ("thread;user\n1;Ana\n", "has no column of comments"),
        ('[{"username": "Ana", "age": 3}, {"username": "Ben", "age": 4}]', "People are read by load_personas"),
    ],
)
def test_another_table_is_named_with_its_columns(tmp_path, text, words):
    with pytest.raises(RecordError, match=words):
        load(tmp_path, text.encode())


def test_a_table_with_a_damaged_row_is_still_a_table(tmp_path):
    rows = "thread,user,text\n1,Ana,Why?\n1,Ben,No, no.\n1,Ana,Oh.\n"
    with pytest.raises(RecordError, match="line 3 has more cells than the first line has names"):
        load(tmp_path, rows.encode())
    assert len(load(tmp_path, rows.replace("No, no.", "").encode())[0]) == 2


@pytest.mark.parametrize(
    "text",
    ["It rained. We stayed.\nAll day.\n", "a\nb\n", "a,b\n", "Dear Ana, hello,\nI am here.\n", "<a>,<b>\n1,2\n",
     '{"a": 1, "b": 2}', '[{"a": [{"b": 1}], "c": 1}, {"a": [], "c": 1}]', "[1, 2]",
     '[{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]'],
)  # fmt: skip
def test_other_texts_are_no_tables(tmp_path, text):
    (tmp_path / "a").write_text(text)
    assert "a table of comments" not in [
        one.name for one in all_formats() if one.recognises(SourceFile(tmp_path / "a"))
    ]


def test_a_table_of_a_study_comes_back(tmp_path):
    study = moderated_builder().discussions(2).run(tmp_path / "study")
    frame = study.to_dataframe("messages")
    again = snb.from_dataframe(frame)
    assert again.names == [f"{condition}.discussion-0000{number}" for condition in study.levels for number in (0, 1)]
    assert [talk.meta for talk in again][::2] == [
        {"condition": condition} | {f"condition_{name}": level for name, level in levels.items()}
        for condition, levels in study.levels.items()
    ]
    columns = [name for name in frame if not name.startswith(("condition", "discussion"))]
    assert_frame_equal(again.to_dataframe("messages")[columns], frame[columns], check_like=True)


PLAIN = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
WORDS = st.text(PLAIN, min_size=1, max_size=6).filter(
    lambda text: text.lower() not in ("nan", "nat", "<na>", "''", '""')
)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join) | st.lists(WORDS, min_size=1, max_size=2).map("\n".join)
GENERATIONS = st.builds(
    Generation,
    prompt=st.just(()),
    seed=st.just(0),
    finish_reason=st.sampled_from(["stop", "length", "passed"]),
    prompt_tokens=st.integers(0, 2**40),
    completion_tokens=st.integers(0, 2**40),
    seconds=st.floats(0, 1e6).map(lambda number: round(number, 6)),
)
LINES = st.tuples(
    st.sampled_from(["Ana", "Ben", "02138"]),
    TEXTS | st.just(""),
    st.sampled_from(["participant", "moderator", "guest"]),
    st.none() | GENERATIONS,
    st.sampled_from([(), ("Ben",), ("Ben", "Cem")]),
)


@st.composite
def transcripts(draw):
    made = []
    for index in range(draw(st.integers(1, 2))):
        lines = draw(st.lists(LINES, min_size=2, max_size=4))
        messages = tuple(
            Message(
                place,
                place + 1,
                name,
                text,
                "m" if generation else "human",
                role,
                not text,
                generation,
                others,
                reply_to=(place or None) and draw(st.sampled_from([None, place - 1])),
                meta={"note": f"n{place}"} if place % 2 else None,
            )
            for place, (name, text, role, generation, others) in enumerate(lines)
        )
        users = [Participant(name, "user", "m", ("age: 34", "likes tea")) for name, *_ in lines]
        made.append(
            Transcript(
                f"id{index}",
                index,
                None,
                "",
                tuple(dict.fromkeys(users)),
                comments=tuple(one for one in messages if not one.silent),
                silences=tuple(one for one in messages if one.silent),
            )
        )
    return made


@settings(max_examples=1000 if LONG else 12, deadline=None)
@given(transcripts(), st.sampled_from(["csv", "parquet", "lines"]))
def test_our_own_table_comes_back_equal(tmp_path_factory, talks, kind):
    frame = Records(talks).to_dataframe("messages")
    again = load(tmp_path_factory.mktemp("table"), WRITERS[kind](frame)).to_dataframe("messages")
    speakers = [name for name in frame if name.startswith("speaker_")]
    guests = frame["role"] == "guest"
    assert_frame_equal(again.drop(columns=speakers, errors="ignore"), frame.drop(columns=speakers))
    for name in speakers:
        assert again.loc[~guests, name].tolist() == frame.loc[~guests, name].tolist() if (~guests).any() else True


ANA, BEN = (Participant(name, "user", "m", (f"age: {30 + len(name)}", "likes tea")) for name in ("Ana", "Benno"))
SPOKEN = talk_of("Ana: Why?", "Benno: ", "Mo: Calm.", users=())


def test_speakers_of_our_own_tables_come_back(tmp_path):
    frame = Records([replace(SPOKEN, users=(ANA, BEN)), talk_of("Op: Tax?", "Ana: a", index=1)]).to_dataframe(
        "messages"
    )
    assert_frame_equal(load(tmp_path, WRITERS["xlsx"](frame)).to_dataframe("messages"), frame)
