"""Projects as programs write them."""

import zipfile

import pytest
from support.qda_projects import FIRST, USERS, code, codebook, coding, part, qda_file, source, sources

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.qdpx.qdpx_project import all_codes, project_member, read_project
from syndisco_nb.formats.source_file import SourceFile


def project(path, *inside, **texts):
    return read_project(SourceFile(qda_file(path / "p.qdpx", "".join(inside), **texts)))


def test_a_project_is_read_whatever_the_program(tmp_path):
    found = project(
        tmp_path,
        USERS,
        codebook(code("Mood", code("Glad"))),
        f'<Variables><Variable guid="v" name="age"/></Variables><Cases><Case guid="k" name="Ana">'
        f'<VariableValue><VariableRef targetGUID="V"/><IntegerValue>34</IntegerValue></VariableValue>'
        f'<SourceRef targetGUID="{FIRST}"/></Case></Cases>',
        sources(
            source(
                "talk",
                part(0, 3, coding("GLAD", "{U}", note="n"), coding("glad", ""), user="{V}"),
                coding("mood"),
                path="internal:/Sources/talk.txt",
            ),
            '<PictureSource guid="i" name="photo"/>',
            '<TextSource guid="x" name="elsewhere" plainTextPath="relative://C:\\far\\away.txt"/>',
            '<TextSource guid="y" name="inline"><PlainTextContent>Hm.</PlainTextContent></TextSource>',
        ),
        '<Notes><Note guid="n" plainTextPath="internal://memo.txt"/></Notes>',
        talk="\ufeffAna: Why?\r\n",
        memo="So glad.",
    )
    assert found.users == {"u": ("Dana", "D"), "v": ("Emil", "")}
    assert [one.path for one in all_codes(found.codes)] == [("Mood",), ("Mood", "Glad")]
    assert (found.cases[0].variables, found.cases[0].members) == ({"age": "34"}, {FIRST})
    talk, inline = found.sources
    assert (talk.guid, talk.raw, inline.raw) == (FIRST, "Ana: Why?\r\n", "Hm.")
    coded, by_selection = talk.selections[0].codings
    assert by_selection.user == "v"
    assert (coded.code, coded.user, coded.note) == ("glad", "u", "So glad.")
    assert [one.code for one in talk.codings] == ["mood"]
    assert found.left_out == ("photo", "elsewhere")


DEEP = codebook('<Code name="a">' * 60 + "</Code>" * 60)


@pytest.mark.parametrize(
    ("project", "words"),
    [
        ("<Project", "cannot be read: its project is no valid XML: unclosed token"),
        ("<Other/>", "holds a Other, but"),
        ('<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><Project>&a;</Project>', "document type"),
        ('<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Project>&b;</Project>', "document type"),
        (f"<Project>{DEEP}</Project>", "deep"),
        (f"<Project>{sources(source('t', part('x', 3)))}</Project>", "startPosition of a selection is 'x'"),
        (f"<Project>{sources(source('t', path='x.txt'))}</Project>", "not in UTF-8"),
    ],
)
def test_a_damaged_or_harmful_project_is_refused(tmp_path, project, words):
    with zipfile.ZipFile(tmp_path / "p.qdpx", "w") as archive:
        archive.writestr("Project.QDE", project)
        archive.writestr("sources/x.txt", b"\xff")
        archive.writestr("sources/t.txt", b"text")
    file = SourceFile(tmp_path / "p.qdpx")
    assert project_member(file) == "Project.QDE"
    with pytest.raises(RecordError, match=words):
        read_project(file)
