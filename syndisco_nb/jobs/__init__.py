"""One conversation, one labelling: the rules, and nothing else.

This package knows no batch, no thread and no file. It asks models one thing at a time, and whoever runs
many jobs at once has their requests answered together.
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
