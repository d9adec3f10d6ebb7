"""Many discussions or annotations in one run folder, by models or by hand."""

from syndisco_nb.experiments.adjudication import adjudicate
from syndisco_nb.experiments.annotation_experiment import AnnotationExperiment
from syndisco_nb.experiments.comment_sample import CommentSample, sample_comments
from syndisco_nb.experiments.discussion_experiment import DiscussionExperiment
from syndisco_nb.experiments.labelling import Labelling

__all__ = [
    "AnnotationExperiment",
    "CommentSample",
    "DiscussionExperiment",
    "Labelling",
    "adjudicate",
    "sample_comments",
]
