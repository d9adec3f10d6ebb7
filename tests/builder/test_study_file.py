"""A study's folder whose study.json came to harm: it goes on, or says what it needs."""

import codecs
import json
from pathlib import Path

import pytest
from support.designs import small_builder

import syndisco_nb as snb
from syndisco_nb.builder.study_file import check_folder
from syndisco_nb.errors import NewerVersionError, RecordError, RunFolderError, StorageError


def design(seed=None):
    people = [snb.LLMPersona(username=name) for name in ("Ana", "Ben")]
    builder = snb.ExperimentBuilder() if seed is None else snb.ExperimentBuilder(seed=seed)
    return (
        builder.model(snb.ScriptedModel("Well."))
        .participants(people, per_discussion=2)
        .topics(["Tax?"])
        .vary(turns={"few": 2, "more": 3})
        .discussions(2)
    )


def content(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in Path(folder).rglob("discussion-*.json")}


HARM = pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_text('{"fo'),
        Path.unlink,
        lambda file: (file.unlink(), file.mkdir()),
    ],
)


@HARM
@pytest.mark.parametrize("seed", [None, 7])
def test_a_study_json_that_came_to_harm_is_made_again(harm, seed, tmp_path):
    first = design(seed).run(tmp_path / "it")
    whole = content(tmp_path / "it")
    (tmp_path / "it" / "few" / "discussion-00001.json").unlink()
    harm(tmp_path / "it" / "study.json")
    with pytest.warns(UserWarning, match=r"study\.json.* made again from the design, and the seed of its runs"):
        again = design(seed).run(tmp_path / "it")
    assert (again.seed, content(tmp_path / "it")) == (first.seed, whole)
    assert snb.Study(tmp_path / "it").seed == first.seed


@pytest.mark.parametrize("harm", [b"", b"{", b"[]", b"{}"])
def test_reading_a_study_whose_study_json_is_broken_names_the_way_out(harm, tmp_path):
    design(7).run(tmp_path)
    (tmp_path / "study.json").write_bytes(harm)
    with pytest.raises(RecordError, match=r"study\.json .* Run the same design on the folder again, which mends it"):
        snb.Study(tmp_path)
    with pytest.warns(UserWarning, match="It was made again") as caught:
        assert design(7).run(tmp_path).finished
    assert not any("which mends it" in str(one.message) for one in caught)
    with pytest.raises(RecordError, match=r"Give the folder of one\.$"):
        snb.Study(tmp_path / "nothing")


def test_without_any_seed_the_way_out_is_named(tmp_path):
    design().run(tmp_path)
    for file in [tmp_path / "study.json", *tmp_path.glob("*/run.json"), *tmp_path.glob("*/journal/run.json.last")]:
        file.write_bytes(b"")
    with pytest.raises(RunFolderError, match=r"Put study\.json back .* give the design the seed that it had"):
        design().run(tmp_path)


def test_a_study_of_a_newer_version_stays_as_it_is(tmp_path):
    design(7).run(tmp_path)
    file = tmp_path / "study.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"version": 99}))
    data = file.read_bytes()
    with pytest.raises(NewerVersionError, match="Upgrade"):
        design(7).run(tmp_path)
    assert file.read_bytes() == data


def test_a_byte_order_mark_is_no_damage(tmp_path):
    design(7).run(tmp_path / "it")
    file = tmp_path / "it" / "study.json"
    file.write_bytes(codecs.BOM_UTF8 + file.read_bytes())
    assert design(7).run(tmp_path / "it").seed == 7
    for name in ("design.yaml", "design.json"):
        saved = design(7).save(tmp_path / name)
        saved.write_bytes(codecs.BOM_UTF8 + saved.read_bytes())
        assert snb.ExperimentBuilder.load(saved) == design(7)


def test_a_folder_that_cannot_be_used_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    design = small_builder().design
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file is a file, not a folder\. Give another folder") as caught:
        check_folder(tmp_path / "file" / "study", design)
    assert caught.value.field == "folder"
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)
    with pytest.raises(StorageError, match=r"cannot be written to\. Make it writable"):
        check_folder(tmp_path / "new" / "study", design)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_study_in_the_background_refuses_a_foreign_folder_at_once(tmp_path):
    small_builder().run(tmp_path / "study")
    for folder, match in (("study", "holds a study of another design"), ("study/all", "holds a run of its own")):
        with pytest.raises(RunFolderError, match=match) as caught:
            small_builder().turns(9).start(tmp_path / folder)
        assert caught.value.field == "folder"
    check_folder(tmp_path / "study", small_builder().turns(9).design, fresh=True)
