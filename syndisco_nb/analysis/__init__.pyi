"""Plain functions on arrays: type checkers, editors and the lazy loader of `__init__.py` all read them here."""

from .measures.text_diversity import distinct_n as distinct_n
from .measures.text_diversity import diversity as diversity
from .statistics.alpha import krippendorff_alpha as krippendorff_alpha
from .statistics.alternative_annotator import alternative_annotator_test as alternative_annotator_test
from .statistics.divergence import jensen_shannon as jensen_shannon
from .statistics.divergence import jensen_shannon_kde as jensen_shannon_kde
from .statistics.gwet import gwet_ac1 as gwet_ac1
from .statistics.gwet import gwet_ac2 as gwet_ac2
from .statistics.polarisation import ndfu as ndfu
from .statistics.prediction_powered import ppi_difference as ppi_difference
from .statistics.prediction_powered import ppi_mean as ppi_mean
