"""Fields of ours in the metadata that other tools leave to their users, beside facts that a third tool recorded.

They lie side by side, so that the tables of those tools have them as columns. Where recorded facts have one of our
names, all of them go into the field ``meta``.
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from pydantic import BaseModel


class OwnFields(BaseModel):
    """Fields of ours; those that have their default are not written, but for `always`, the columns of all rows."""

    always: ClassVar[frozenset[str]] = frozenset()

    meta: dict[str, Any] | None = None


def joined(own: OwnFields, flat: Mapping[str, Any], recorded: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the meta of an object.

    Parameters
    ----------
    own : OwnFields
        Our fields.
    flat : mapping
        Values that follow from `own`, for the tables of the other tool.
    recorded : mapping or None
        The meta that another tool recorded.
    """
    ours = own.model_dump(mode="json", include=set(own.always)) | own.model_dump(mode="json", exclude_defaults=True)
    names = type(own).model_fields.keys()
    shown = {name: value for name, value in flat.items() if name not in names}
    if not recorded:
        return ours | shown
    if recorded.keys() & (names | shown.keys()):
        return ours | shown | {"meta": dict(recorded)}
    return ours | shown | dict(recorded)


def recorded_part(own: OwnFields, flat: Collection[str], meta: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the meta that another tool recorded, or None: the reverse of `joined`.

    Parameters
    ----------
    own : OwnFields
        Our fields in the meta.
    flat : collection of str
        The names of the values that follow from them.
    meta : mapping
        The meta of the object.
    """
    names = type(own).model_fields.keys()
    others = {name: value for name, value in meta.items() if name not in names and name not in flat}
    return (own.meta or {}) | others or None
