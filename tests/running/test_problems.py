"""The checks of `verify`: first against the spec, then by doing the job again."""

from dataclasses import replace

from syndisco_nb.running.annotation_problems import LabelledDiscussions
from syndisco_nb.running.problems import journal_problems, record_problems
from syndisco_nb.runs.head import read_head


def problems(run, record, unit):
    head = read_head(run.folder)
    return list(record_problems(head, unit, record, LabelledDiscussions(run.folder, head)))


def test_a_run_as_it_was_written_has_no_problems(run, labels):
    assert problems(run, run[0], "discussion-00000") == []
    assert problems(labels, labels[0], "discussion-00000.annotator-00") == []


def test_a_record_is_replayed_only_if_it_agrees_with_the_spec(run):
    first, second, *rest = run[0].comments
    reworded = replace(run[0], comments=(first, replace(second, text="I never said so."), *rest))
    assert any("does not follow" in problem for problem in problems(run, reworded, "discussion-00000"))
    of_another = replace(reworded, topic="Toll")
    assert problems(run, of_another, "discussion-00000") == ["its topic is 'Toll', but must be 'Tax'."]


def test_a_spec_that_makes_no_job_is_reported_not_raised(labels):
    head = read_head(labels.folder)
    head = replace(head, spec=head.spec | {"window": "all of it"})
    record = replace(labels[0], settings=labels[0].settings | {"window": "all of it"})
    found = list(
        record_problems(head, "discussion-00000.annotator-00", record, LabelledDiscussions(labels.folder, head))
    )
    assert [problem.split(":")[0] for problem in found] == ["it does not follow from run.json"]


def test_a_journal_is_checked_as_far_as_it_goes(run):
    head = read_head(run.folder)
    sources = LabelledDiscussions(run.folder, head)
    lines = run[0].messages[:3]
    assert list(journal_problems(head, "discussion-00000", lines, sources)) == []
    changed = (*lines[:2], replace(lines[2], turn=9))
    assert list(journal_problems(head, "discussion-00000", changed, sources))


def test_a_journal_of_labels_is_checked_against_the_discussion(labels):
    head = read_head(labels.folder)
    sources = LabelledDiscussions(labels.folder, head)
    first, *_ = labels[0].labels
    assert list(journal_problems(head, "discussion-00000.annotator-00", [first], sources)) == []
    assert list(journal_problems(head, "discussion-00000.annotator-00", [replace(first, comment=99)], sources))
