"""Scales: what an annotator may answer. One file each; a new file in this folder is found by itself."""

from syndisco_nb.backend.kinds import load_modules
from syndisco_nb.backend.scale.scale import COMMENT, NAME, Scale, check_scales, with_question

__all__ = ["COMMENT", "NAME", "Scale", "check_scales", "with_question"]

load_modules(__name__, __path__)
