"""Labels in the metadata of other tools."""

import pytest
from pydantic import TypeAdapter, ValidationError
from support.talks import talk_of

from syndisco_nb.formats.written_labels import LabelSettings, WrittenLabel, written_fields
from syndisco_nb.jobs.labelled_units import all_units
from syndisco_nb.records import Generation, Label


def test_labels_come_back_but_for_their_prompts():
    units = list(all_units(talk_of("Mo: Why?", "Ana: No.")))
    assert [unit.unit for unit in units] == ["comment", "comment", "participant", "discussion"]
    for unit in units:
        label = Label(
            unit.comment, unit.name, unit.text, 3, "m", Generation((), 0, raw="yes!"), scale="rude", value=True,
            probabilities={"yes": 0.5, "no": 0.5}, mass=0.25, options=("yes", "no"), unit=unit.unit,
            role=unit.role, turn=unit.turn,
        )  # fmt: skip
        assert WrittenLabel(**written_fields(label)).label(unit, 3) == label


def test_values_keep_their_type():
    for value in (True, 1, "1", None):
        written = WrittenLabel(value=value).model_dump_json(exclude_defaults=True)
        assert repr(WrittenLabel.model_validate_json(written).value) == repr(value)


def test_scales_in_the_settings_have_names():
    adapter = TypeAdapter(LabelSettings)
    assert adapter.validate_python({"scales": [{"name": "heat"}], "window": 3})["window"] == 3
    for scales in ([{}], [{"name": 3}], ["heat"], {"name": "heat"}, None):
        with pytest.raises(ValidationError, match="list of scales with a name each"):
            adapter.validate_python({"scales": scales})
