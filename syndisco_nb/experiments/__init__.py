"""Many jobs at once: what fills a run folder with discussions, or with annotations, by models and by hand."""

from syndisco_nb.experiments.annotation_experiment import AnnotationExperiment
from syndisco_nb.experiments.discussion_experiment import DiscussionExperiment
from syndisco_nb.experiments.labelling import Labelling

__all__ = ["AnnotationExperiment", "DiscussionExperiment", "Labelling"]
