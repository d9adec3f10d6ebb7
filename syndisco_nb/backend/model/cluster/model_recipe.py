"""`ModelRecipe`: a model as it travels to a worker, without its weights."""

import pickle
import weakref
from pathlib import Path
from typing import Any

from syndisco_nb.backend.kinds import is_built_in
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.errors import InvalidInputError, ModelError, said
from syndisco_nb.records import Sampling


class ModelRecipe:
    """A model as it travels to a worker, which makes an equal one and loads the weights itself.

    A model of this package is its constructor and the arguments; a model of the user's own is pickled, its class too if
    a notebook defines it.

    Parameters
    ----------
    model : Model

    Raises
    ------
    InvalidInputError
        If the model cannot be pickled, or holds a key.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> ModelRecipe(snb.ScriptedModel("Yes."))
    <ModelRecipe: ScriptedModel>
    """

    def __init__(self, model: Model) -> None:
        import cloudpickle

        self._kind = type(model).__name__
        if not is_built_in(type(model)):
            _refuse_keys(model)
        try:
            self._pickled: bytes = cloudpickle.dumps(_constructor(model) if is_built_in(type(model)) else model)
        except Exception as error:  # anything that a model holds may fail in a way of its own
            raise InvalidInputError(
                f"{self._kind} cannot be sent to the workers, because it cannot be pickled ({type(error).__name__}: "
                f"{said(error)}). Open files, connections and weights in its load(), which each worker calls.",
                field="model",
            ) from None

    def make(self) -> Model:
        """Return a new model.

        Raises
        ------
        ModelError
            If its code or weights are not to be found here.
        """
        try:
            made = pickle.loads(self._pickled)  # noqa: S301 - Dask has run code from its clients before this
        except ImportError as error:
            raise ModelError(
                f"{self._kind} cannot be made here: {said(error)}. Install what it needs on all workers; send a module "
                "of your own there with client.upload_file(path)."
            ) from None
        if isinstance(made, Model):
            return made
        constructor, arguments = made
        if isinstance(arguments.get("sampling"), dict):
            arguments["sampling"] = Sampling(**arguments["sampling"])
        model: Model = constructor(**arguments)
        return model

    def shared(self) -> Model:
        """Return the model of an equal recipe that is still in use in this process, or else a new one.

        A client that was killed and begun again finds its model loaded, so it is never in memory twice.
        """
        model = _in_use.get(self._pickled)
        if model is None:
            model = _in_use[self._pickled] = self.make()
        return model

    def __repr__(self) -> str:
        return f"<ModelRecipe: {self._kind}>"


_in_use: weakref.WeakValueDictionary[bytes, Model] = weakref.WeakValueDictionary()
"""The models of a worker's process, as long as an actor has them."""


def _constructor(model: Model) -> tuple[Any, dict[str, Any]]:
    """Return the constructor and its arguments; workers have other working directories, so paths are absolute."""
    arguments = model.arguments()
    path = arguments.get("model_path")
    if path is not None and Path(path).exists():
        arguments["model_path"] = str(Path(path).absolute())
    return model.constructor(), arguments


def _refuse_keys(model: Model) -> None:
    try:
        refuse_secrets(vars(model))
    except InvalidInputError as error:
        place = str(error).partition(" looks like ")[0]
        raise InvalidInputError(
            f"{type(model).__name__} holds a secret, {place}, which would travel to the workers. Let the model read it "
            "in load() from an environment variable of the workers.",
            field="model",
        ) from None
