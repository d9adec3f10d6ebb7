"""Many jobs at once: experiments that fill a run folder with discussions, or with annotations."""

from syndisco_nb.experiments.annotations import AnnotationExperiment
from syndisco_nb.experiments.discussions import DiscussionExperiment

__all__ = ["AnnotationExperiment", "DiscussionExperiment"]
