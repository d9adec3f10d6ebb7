"""Analysis of runs: numbers that follow from the records on file, without any display.

Plain functions on arrays of labels, units × annotators with NaN where one is missing: `krippendorff_alpha`, `gwet_ac1`,
`gwet_ac2`, `alternative_annotator_test`; on counts: `ndfu`, `jensen_shannon`, `jensen_shannon_kde`; on a model's and
people's labels: `ppi_mean`, `ppi_difference`; on texts: `diversity`, `distinct_n`. They load at first use. Their only
list is ``__init__.pyi``.

Examples
--------
Two annotators, three comments:

>>> from syndisco_nb import analysis
>>> round(analysis.krippendorff_alpha([[1, 1], [3, 4], [5, 5]], "ordinal"), 3)
0.949
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
