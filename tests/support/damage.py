"""Damage files as life does: bits flipped, ends cut off, values of other types, members of a zip file lost."""

import io
import json
import zipfile

HUGE = "1" + "0" * 400
VALUES = [
    None,
    True,
    False,
    0,
    -1,
    2**70,
    1.5,
    "",
    " ",
    "x" * 3_000,
    "\ud800",
    "\x00",
    [],
    {},
    [None],
    [[]],
    {"": ""},
    "@HUGE",
    "@NAN",
]


def damaged(data, random):
    """Return the bytes of a file, damaged in one way."""
    if data.startswith(b"PK") and random.random() < 0.7:
        return _damaged_zip(data, random)
    if random.random() < 0.6:
        try:
            return _damaged_json(data.decode(), random)
        except (ValueError, RecursionError):
            pass
    return _damaged_bytes(data, random)


def _damaged_bytes(data, random):
    place, other = sorted((random.randrange(len(data) + 1), random.randrange(len(data) + 1)))
    way = random.randrange(7)
    if way == 0:
        return data[:place]
    if way == 1:
        return data[:place] + data[other:]
    if way == 2:
        return (
            data[:place] + random.choice([b"\xff", b"\x00", b"\n", b'"', b",", b"\xed\xa0\x80", b"\r"]) + data[place:]
        )
    if way == 3:
        return data[:other] + data[place:]
    if way == 4:
        return data.replace(random.choice([b"a", b'"', b":", b"\n", b"<", b","]), random.choice([b"", b"b", b"\n"]), 1)
    if way == 5:
        return b"[" * 100_000 + data if data[:1] in b"[{" else data * 2
    flipped = bytearray(data)
    for _ in range(1 + random.randrange(8)):
        flipped[random.randrange(len(flipped))] ^= 1 << random.randrange(8)
    return bytes(flipped)


def _damaged_json(text, random):
    try:
        documents, lines = [json.loads(text)], False
    except ValueError:
        documents, lines = [json.loads(line) for line in text.splitlines()], True
    place = random.randrange(len(documents))
    documents[place] = _changed(documents[place], random)
    made = "\n".join(map(json.dumps, documents)) if lines else json.dumps(documents[0])
    return made.replace('"@HUGE"', HUGE).replace('"@NAN"', "NaN").encode()


def _changed(value, random, depth=0):
    """Return a JSON value with one part changed, mostly a deep one."""
    inner = value if isinstance(value, dict | list) and value else None
    if inner is None or random.random() < 0.15 * depth:
        return random.choice(VALUES) if random.random() < 0.9 else _nested(value)
    key = random.choice(list(inner)) if isinstance(inner, dict) else random.randrange(len(inner))
    if random.random() < 0.15:
        del inner[key]
    elif isinstance(inner, list) and random.random() < 0.15:
        inner.insert(key, inner[key])
    else:
        inner[key] = _changed(inner[key], random, depth + 1)
    return inner


def _nested(value):
    for _ in range(300):
        value = [value]
    return value


def _damaged_zip(data, random):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice(list(members))
    way = random.randrange(4)
    if way == 0:
        del members[name]
    elif way == 1:
        members[f"../{name}"] = members.pop(name)
    else:
        members[name] = damaged(members[name], random) if members[name] else b"x"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return made.getvalue()
