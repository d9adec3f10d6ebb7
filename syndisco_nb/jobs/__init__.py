"""The rules of one conversation and of one labelling.

This package knows no batch, thread or file. A job sends one request at a time; `syndisco_nb.running` runs many jobs at
once, so that models can answer their requests in batches.
"""

from syndisco_nb.jobs.actor_checks import (
    check_annotator_names,
    check_annotators,
    check_moderator,
    check_turn_manager,
    check_users,
)
from syndisco_nb.jobs.annotation import Annotation
from syndisco_nb.jobs.asking import FailedRequest, cancelled, failed_request
from syndisco_nb.jobs.discussion import Discussion

__all__ = [
    "Annotation",
    "FailedRequest",
    "Discussion",
    "failed_request",
    "cancelled",
    "check_annotator_names",
    "check_annotators",
    "check_moderator",
    "check_turn_manager",
    "check_users",
]
