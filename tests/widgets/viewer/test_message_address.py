import pytest

from syndisco_nb.widgets.viewer.message_address import MessageAddress, parse_address


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("run[1].comments[2]", MessageAddress(discussion=1, message=2, kind="comments")),
        (" pilot[-1].silences[-3] ", MessageAddress(discussion=-1, message=-3, kind="silences")),
        ("run[1][2]", MessageAddress(discussion=1, message=2)),
        ("run[1]", MessageAddress(discussion=1)),
        ("transcript.comments[0]", MessageAddress(message=0, kind="comments")),
        ("study['a'][0].silences[1]", MessageAddress("a", discussion=0, message=1, kind="silences")),
        ('study["it\\"s"][0]', MessageAddress('it"s', discussion=0)),
        ("run.unfinished[0].comments[1]", MessageAddress(unfinished=True, discussion=0, message=1, kind="comments")),
        ("study['a'].unfinished[0]", MessageAddress("a", unfinished=True, discussion=0)),
    ],
)
def test_an_expression_is_read(code, address):
    assert parse_address(code) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "cars", "cars [sic]", "run", "run[1].comments", "run[a]", "run[1].logs[2]", "f()[1]", "run[1][2][3]"),
        *("study['a']", r"study['\x'][0]", "run[1];run[2]", "1[2]"),
    ],
)
def test_any_other_text_is_no_address(text):
    assert parse_address(text) is None
