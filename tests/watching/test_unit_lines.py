"""The lines of a discussion, or of labels, that the live view shows."""

from dataclasses import replace

from strategies import a_transcript, an_annotation_set

from syndisco_nb.watching.unit_lines import WHOLE, UnitLines, watched_line


def test_a_finished_record_replaces_all_lines():
    unit = UnitLines()
    unit.complete(a_transcript())
    unit.complete(a_transcript())
    assert (len(unit.lines), unit.turns) == (4, 2)


def test_a_label_is_shown_with_its_scale():
    unit = UnitLines()
    unit.complete(an_annotation_set())
    (line,) = unit.lines
    assert line == watched_line(an_annotation_set().labels[0])
    assert (line.name, line.text, line.label, unit.turns) == ("Ana", "é", "tone: 3 – polite", 1)


def test_labels_of_participants_and_of_the_whole_are_lines_by_nobody_else():
    unit = UnitLines()
    person = replace(an_annotation_set().labels[0], comment=None, unit="participant")
    labels = (person, replace(person, unit="discussion", name=""))
    unit.complete(replace(an_annotation_set(), labels=labels))
    assert [(line.index, line.turn, line.name, line.role) for line in unit.lines] == [
        (-1, 0, "Ana", "participant"),
        (-1, 0, WHOLE, WHOLE),
    ]
    assert (unit.speakers, unit.turns) == (("Ana",), 2)
