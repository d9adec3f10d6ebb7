"""Discussions among which labels find theirs."""

from pathlib import Path

from support.talks import talk_of

from syndisco_nb.formats.found_discussions import FoundDiscussions

ONE, TWO = talk_of("Ana: Why?", "Ben: ", "Ana: Oh."), talk_of("Ana: Why?", "Ben: No.", index=1, known_as="two")


def test_discussions_are_found_by_the_id_in_their_file_by_name_and_by_first_speakers():
    found = FoundDiscussions([ONE, TWO], ["a", "a"])
    assert found.with_id("a") == (ONE, TWO)
    assert found.with_id("talk-0") == ()
    assert FoundDiscussions([ONE, TWO]).with_id("talk-1") == (TWO,)
    assert found.named("two") == (TWO,)
    assert found.named("discussion-00000") == (ONE,)
    assert found.begun_by(("Ana", "Ben")) == (ONE, TWO)
    assert found.begun_by(("Ana", "Ben", "Ana")) == (ONE,)
    assert found.begun_by(("Ben",)) == ()


def test_discussions_are_called_like_their_files_and_a_folder_tells_namesakes_apart():
    assert FoundDiscussions([ONE, TWO]).called(["two", "gone"], "") == [TWO]
    files = [Path("none/talk.json"), Path("mod/talk.json")]
    found = FoundDiscussions([ONE, TWO], None, files)
    assert found.called(["talk"], "mod") == found.called(["two"], "none") == [TWO]
    assert found.called(["two", "talk"], "elsewhere") == [ONE, TWO]


def test_it_is_a_sequence():
    found = FoundDiscussions([ONE, TWO])
    assert (len(found), found[1], found[:1], list(found)) == (2, TWO, (ONE,), [ONE, TWO])
