"""QDA projects as other programs write them."""

import zipfile

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
FIRST, SECOND = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


def qda_file(path, project, **sources):
    """Write a .qdpx file: the inside of its Project, and its texts by name without ending; return its path."""
    with zipfile.ZipFile(path, "w") as archive:
        root = f'<Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="MAXQDA">{project}</Project>'
        archive.writestr("project.qde", HEAD + root)
        for name, text in sources.items():
            archive.writestr(f"Sources/{name}.TXT", text if isinstance(text, bytes) else text.encode())
    return path


def codebook(*codes):
    """Return a codebook of codes."""
    return f"<CodeBook><Codes>{''.join(codes)}</Codes></CodeBook>"


def code(name, *children, description="", codable="true"):
    """Return a code; its name is its GUID."""
    inside = f"<Description>{description}</Description>" * bool(description) + "".join(children)
    return f'<Code guid="{name}" name="{name}" isCodable="{codable}">{inside}</Code>'


def coding(of, user="u", note=""):
    """Return a coding by a user, with the GUID of a note."""
    inside = f'<NoteRef targetGUID="{note}"/>' * bool(note)
    by = f' creatingUser="{user}"' * bool(user)
    return f'<Coding guid="c"{by}><CodeRef targetGUID="{of}"/>{inside}</Coding>'


def part(start, end, *codings, name="", user=""):
    """Return a selection."""
    places = f'startPosition="{start}" endPosition="{end}"' + f' creatingUser="{user}"' * bool(user)
    return f'<PlainTextSelection guid="s{start}" name="{name}" {places}>{"".join(codings)}</PlainTextSelection>'


def source(name, *inside, path=""):
    """Return a source whose text is in the file of its name."""
    place = path or f"internal://{name}.txt"
    return f'<TextSource guid="{{{FIRST}}}" name="{name}" plainTextPath="{place}">{"".join(inside)}</TextSource>'


def sources(*inside):
    """Return the sources of a project."""
    return f"<Sources>{''.join(inside)}</Sources>"


USERS = '<Users><User guid="U" name="Dana" id="D"/><User guid="{V}" name="Emil"/></Users>'
