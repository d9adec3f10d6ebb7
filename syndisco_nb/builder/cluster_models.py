"""Put the local models of a design on a cluster."""

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.cached import CachedModel
from syndisco_nb.backend.model.cluster.cluster_model import ClusterModel
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.errors import require


def put_on_cluster(design: Design, models: LiveModels, client: str) -> None:
    """Have the local models of a design answer in the workers of a Dask cluster; servers and people stay as they are.

    Parameters
    ----------
    design : Design
    models : LiveModels
        Its live models, which change; the design stays the same.
    client : str
        The address of the scheduler, as for `ClusterModel`.

    Raises
    ------
    InvalidInputError
        If the design has no local model.
    MissingDependencyError
        If Dask is not installed.
    """
    placed: list[Model] = []
    for part in design.model_parts():
        model = models.make(part)
        if isinstance(model, CachedModel) and ClusterModel.takes(model.model):
            placed.append(CachedModel(ClusterModel(model.model, client), model.path))
        elif ClusterModel.takes(model):
            placed.append(ClusterModel(model, client))
    require(placed, "The design has no local model that could live in workers. Leave the cluster out.", "client")
    for model in placed:
        models.keep(model)
