"""Scales out of the codebook of a QDA program."""

from support.qda_projects import code, codebook, coding, part, qda_file, source, sources

import syndisco_nb as snb
from syndisco_nb.backend.scale.recorded_scale import RecordedScale
from syndisco_nb.formats.qdpx.qdpx_project import read_project
from syndisco_nb.formats.qdpx.qdpx_scales import code_description, meanings_of_codes
from syndisco_nb.formats.source_file import SourceFile

NOTES = '<Notes><Note guid="n"><PlainTextContent>Hm.</PlainTextContent></Note></Notes>'


def meanings(path, *codes, codings=(), whole=(), given=()):
    inside = source("talk", part(0, 3, *codings), *whole)
    file = qda_file(path / "p.qdpx", codebook(*codes) + sources(inside) + NOTES, talk="Ana: Why?")
    project = read_project(SourceFile(file))
    found = meanings_of_codes(project.codes, project.sources, given)
    return {guid: (meaning.scale, meaning.text) for guid, meaning in found.items()}


def test_codes_are_scales_flags_or_free_texts(tmp_path):
    side = snb.Choice("side", ["no, never", "for"])
    found = meanings(
        tmp_path,
        code("heat", code("2"), code("1")),
        code("side", code("for"), code("no, never"), description=code_description(side)),
        code("joke"),
        code("memo"),
        code("feelings", code("anger"), code("joy")),
        codings=[coding("memo", note="n"), coding("joke")],
    )
    assert found["2"] == (snb.Likert("heat", 1, 2), "2")
    assert found["heat"][1] == "heat"
    assert found["for"][1] == "for"
    assert found["for"][0].settings() == found["no, never"][0].settings() == side.settings()
    assert found["joke"] == (snb.Flag("joke"), "yes")
    assert found["memo"] == (snb.FreeText("memo"), None)
    assert [found[name] for name in ("feelings", "joy")] == [
        (snb.Flag("feelings"), "yes"),
        (snb.Flag("joy"), "yes"),
    ]


def test_given_scales_and_whole_texts_decide(tmp_path):
    feelings = snb.Choice("feelings", ["anger", "joy", "fear"])
    codes = [code("feelings", code("anger"), code("joy")), code("quality", code("3"), code("4"))]
    found = meanings(tmp_path, *codes, whole=[coding("3")], given=[feelings])
    assert found["joy"] == (feelings, "joy")
    assert found["3"][0].unit == "discussion"


def test_scales_of_one_name_are_told_apart_by_the_codes_above(tmp_path):
    twice = '<Code guid="z" name="joy" isCodable="true"/>'
    found = meanings(tmp_path, code("feelings", code("joy")), code("food", twice))
    assert [found[guid][0].name for guid in ("joy", "z")] == ["feelings / joy", "food / joy"]


def test_the_description_of_every_scale_tells_its_labels():
    own = RecordedScale("own", "How?", recorded_labels=("b", "a"))
    assert code_description(own) == "How? Answer with one of: b, a."
    assert code_description(snb.Likert("heat")).endswith("Answer with the number alone.")
    assert code_description(snb.FreeText("memo", "Why?")) == "Why?"
