"""Files within zip files."""

import io
import sys
import zipfile

import pytest
import zstandard

from syndisco_nb.errors import MissingDependencyError, RecordError
from syndisco_nb.formats.zip_members import opened_zip, read_member


def zipped(content=b"text", method=zipfile.ZIP_STORED, name="a.json"):
    """Return a zip file with one member; a method other than "stored" is only what the file says."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    data = bytearray(made.getvalue())
    directory = data.index(b"PK\x01\x02")
    data[8:10] = data[directory + 10 : directory + 12] = method.to_bytes(2, "little")
    return data


def deflated():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", "text, and more text " * 9)
    return made.getvalue()


def zstd(content=b"text" * 1000):
    packed = zstandard.ZstdCompressor().compress(content)
    data = zipped(packed, 93)
    directory = data.index(b"PK\x01\x02")
    data[22:26] = data[directory + 24 : directory + 28] = len(content).to_bytes(4, "little")
    return bytes(data)


def read(data):
    return read_member(opened_zip(data), data, "a.json", "log.eval")


def test_members_are_read_also_those_of_zstandard():
    assert opened_zip(zstd()).namelist() == ["a.json"]
    assert read(zstd()) == b"text" * 1000
    assert read(bytes(zipped())) == b"text"
    assert opened_zip(b"PK nothing") is opened_zip(b"text") is None


@pytest.mark.parametrize(
    "data",
    [
        bytes(zipped(b"text", 93)),  # no Zstandard
        zstd().replace(b"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xfe"),
        bytes(zipped(b"text", 77)),  # no method at all
        bytes(zipped()).replace(b"text", b"tent"),
        deflated()[:44] + b"\xff" + deflated()[45:],
        b"PK",
    ],
)
def test_damage_is_named(data):
    with pytest.raises(RecordError, match=r"log.eval cannot be read: a.json in it is damaged"):
        read(data)


def test_a_member_of_another_size_than_it_says_is_damaged():
    data = bytearray(zstd())
    directory = data.index(b"PK\x01\x02")
    for size in (10, 1 << 29):
        data[directory + 24 : directory + 28] = size.to_bytes(4, "little")
        with pytest.raises(RecordError, match="another size"):
            read(bytes(data))
    data[directory + 24 : directory + 28] = (3 << 30).to_bytes(4, "little")
    with pytest.raises(RecordError, match="larger than 1 GiB"):
        read(bytes(data))


def test_the_package_for_zstandard_is_named_when_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingDependencyError, match=r'pip install "syndisco-nb\[files\]"'):
        read(zstd())
