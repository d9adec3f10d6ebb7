"""A model that lives in the workers of a Dask cluster: `ClusterModel`."""
