"""The design of a whole study, as data: `ExperimentBuilder`, and the `Study` that it runs."""

from syndisco_nb.builder.experiment_builder import ExperimentBuilder
from syndisco_nb.builder.preview import Preview
from syndisco_nb.builder.study import Study

__all__ = ["ExperimentBuilder", "Preview", "Study"]
