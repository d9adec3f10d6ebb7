"""Designs as documents: YAML and JSON, read within limits, and the header of the format."""

import codecs
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pydantic_core
import yaml

from syndisco_nb.builder.design import Design
from syndisco_nb.builder.trust import file_beside
from syndisco_nb.errors import RecordError, short_repr
from syndisco_nb.runs.file_format import FileFormat
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.runs.serialization import parse_object

FORMAT = FileFormat("syndisco_nb/design", version=1)

_MOST_BYTES = 64 * 2**20
_MOST_YAML = 16 * 2**20  # bytes: it takes far longer to read than JSON
_MOST_VALUES = 80_000  # read in about a second
_TOO_MANY = f"it holds more than {_MOST_VALUES:,} values. Give people and topics by files of their own"
_MOST_ALIASED = 100_000  # values that stand for others which are written elsewhere
_DEEPEST = 100
_LONGEST_NUMBER = 400  # characters

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML comes with it


def as_document(design: Design) -> dict[str, Any]:
    """Return the design as plain data, defaults included, so that a later version cannot change its meaning."""
    return {**FORMAT.header(), **design.model_dump(mode="json")}


def to_yaml(data: Any) -> str:
    """Return plain data as YAML."""
    plain = pydantic_core.to_jsonable_python(data)
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def json_text(data: Any) -> str:
    """Return plain data as JSON."""
    return pydantic_core.to_json(data, indent=2).decode() + "\n"


def to_text(data: Any, file: Path) -> str:
    """Return plain data as the text of a file: JSON or YAML, after its name."""
    return json_text(data) if is_json(file) else to_yaml(data)


def is_json(file: Path) -> bool:
    """Return whether a file is JSON, by its name; all others are YAML."""
    return file.suffix.lower() == ".json"


def read_document(file: Path) -> dict[Any, Any]:
    """Return the mapping in a YAML or JSON file.

    Raises
    ------
    RecordError
        If it cannot be read, or holds none.
    """
    data = read_file(file)
    return parse_json(data, str(file)) if is_json(file) else parse_yaml(data, str(file))


def read_file(file: Path) -> bytes:
    """Return the bytes of a file, or raise `RecordError` if it cannot be read."""
    try:
        return read_bounded(file)
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror}. Give the file of a design.") from None


def parse_json(data: bytes, where: str) -> dict[Any, Any]:
    """Parse a JSON object.

    Parameters
    ----------
    data : bytes
    where : str
        Name of the file, for errors.

    Raises
    ------
    RecordError
        If it is none, or too large.
    """
    _check_bytes(data, where, _MOST_BYTES)
    document = parse_object(data.removeprefix(codecs.BOM_UTF8), where)
    if _holds_more_than(document, _MOST_VALUES):
        raise RecordError(f"{where} cannot be read: {_TOO_MANY}.")
    return document


def parse_yaml(data: str | bytes, where: str) -> dict[Any, Any]:
    """Parse a YAML mapping; arguments and errors as in `load_yaml`."""
    document = load_yaml(data, where)
    if not isinstance(document, dict):
        raise RecordError(f"{where} holds no settings. Write them as names and values, such as: turns: 10")
    return document


def load_yaml(data: str | bytes, where: str) -> Any:
    """Parse any YAML of a reasonable size.

    Parameters
    ----------
    data : str or bytes
    where : str
        Name of the file, for errors.

    Raises
    ------
    RecordError
        If it is broken, or is so large or deep that reading it would take all memory.
    """
    _check_bytes(data, where, _MOST_YAML)
    try:
        _check_yaml(data)
        return yaml.load(data, Loader=_Reader)  # noqa: S506, as safe as the SafeLoader that it is
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = re.sub(r'in "<\w+ string>", ', "at ", " ".join(str(error).split()))
        raise RecordError(f"{where} cannot be read: {reason.rstrip('.')}.") from None
    except (IndexError, KeyError, AttributeError, TypeError, OverflowError):  # so YAML fails at a value like !!int ''
        raise RecordError(f"{where} cannot be read: a value does not fit its tag (!!).") from None


def from_document(document: Mapping[str, Any], where: str, folder: Path | None = None) -> dict[str, Any]:
    """Return the settings in a document, or raise `RecordError` if its format is another one, or too new.

    Parameters
    ----------
    document : mapping
    where : str
        Name of the file, for errors.
    folder : Path, optional
        The folder whose files it may name for topics and participants.

    Raises
    ------
    TrustError
        If it names a file elsewhere.
    """
    named = {str(name): value for name, value in document.items()}
    settings = FORMAT.without_header({**FORMAT.header(), **named}, where)  # a design written by hand has no header
    for setting in ("topics", "participants"):
        if setting in settings:
            settings[setting] = _with_paths(settings[setting], folder, setting)
        varied = settings.get("vary")
        if isinstance(varied, Mapping) and isinstance(levels := varied.get(setting), Mapping):
            read = {level: _with_paths(value, folder, setting) for level, value in levels.items()}
            settings["vary"] = {**varied, setting: read}
    return settings


def _with_paths(value: Any, folder: Path | None, setting: str) -> Any:
    """Return a setting with the path of a file, if it holds one, made absolute and checked."""
    if isinstance(value, str):
        return file_beside(value, folder, setting)
    if isinstance(value, Mapping) and "people" in value:
        return {**value, "people": _with_paths(value["people"], folder, setting)}
    return value


def _check_bytes(data: str | bytes, where: str, most: int) -> None:
    if len(data) > most:
        raise RecordError(
            f"{where} has {len(data) // 2**20} MiB, but may have {most // 2**20}. Give people and topics by files of "
            "their own."
        )


def _holds_more_than(document: Any, most: int) -> bool:
    """Return whether plain data holds more values, at any depth."""
    left, open_ = most, [document]
    while open_ and left >= 0:
        value = open_.pop()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        left -= 1 + len(inner)
        open_ += [one for one in inner if isinstance(one, dict | list)] if left >= 0 else []
    return left < 0


def _check_yaml(data: str | bytes) -> None:
    """Raise `ValueError` if YAML is too deep or too large, aliases resolved, before any object is built."""
    extent = _Extent()
    for event in yaml.parse(data, Loader=_Loader):
        extent.take(event)
        if len(extent.opened) > _DEEPEST:
            raise ValueError(f"it is nested more than {_DEEPEST} deep")
        if extent.written > _MOST_VALUES:
            raise ValueError(_TOO_MANY)
        if extent.aliased > _MOST_ALIASED:
            raise ValueError(f"its aliases (*) stand for more than {_MOST_ALIASED:,} values. Write them out")


class _Extent:
    """Running count of the values in YAML, written or aliased, and its open collections."""

    def __init__(self) -> None:
        self.written = self.aliased = 0
        self.opened: list[tuple[str | None, int]] = []  # anchor, and the count before it
        self._sizes: dict[str | None, int] = {}

    def take(self, event: yaml.Event) -> None:
        """Count an event of the parser."""
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in self.opened):
                raise ValueError(f"the alias *{event.anchor} stands for something that it is in itself")
            self.aliased += self._sizes.get(event.anchor, 0)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = self.opened.pop()
            self._sizes[anchor] = self.written + self.aliased - before
        elif isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.CollectionStartEvent):
                self.opened.append((event.anchor, self.written + self.aliased))
            self.written += 1
            self._sizes[event.anchor] = 1


class _Reader(_Loader):  # type: ignore[misc]  # one of two classes
    """Loader that refuses a name given twice in a mapping (PyYAML keeps the last) and endless numbers."""


def _mapping(loader: Any, node: yaml.MappingNode) -> Any:
    names: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value != "<<":
            if key.value in names:
                raise ValueError(f"{short_repr(key.value)} stands twice in one mapping, line {key.start_mark.line + 1}")
            names.add(key.value)
    return loader.construct_yaml_map(node)


def _number(loader: Any, node: yaml.ScalarNode) -> Any:
    if len(node.value) > _LONGEST_NUMBER:
        raise ValueError(f"it holds a number of {len(node.value):,} characters")
    kind = node.tag.rpartition(":")[2]
    return loader.construct_yaml_int(node) if kind == "int" else loader.construct_yaml_float(node)


_Reader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Reader.add_constructor("tag:yaml.org,2002:int", _number)
_Reader.add_constructor("tag:yaml.org,2002:float", _number)


class _Dumper(yaml.SafeDumper):
    """Dumper that quotes texts with Unicode's rarer line breaks, which PyYAML writes bare and reads as spaces."""


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if re.search("[\x85\u2028\u2029]", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)
