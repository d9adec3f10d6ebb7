"""Files of this package, outside of a run folder: discussions and labels that somebody copied or sent."""

from dataclasses import replace

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, LooseLabels, ReadOptions, register
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.serialization import FORMATS, from_json


def _format_name(source: SourceFile) -> str:
    name = source.document.get("format") if isinstance(source.document, dict) else None
    return name if isinstance(name, str) else ""


def _read(source: SourceFile, options: ReadOptions) -> FileContents:
    kind = _format_name(source)
    if kind == FORMATS[Transcript].name:
        return FileContents([from_json(Transcript, source.data, source.name)])
    if kind == FORMATS[AnnotationSet].name:
        return FileContents(labels=[_loose(from_json(AnnotationSet, source.data, source.name), source.name)])
    raise RecordError(f"{source.name} is a file of a run or study ({kind}). Load its folder.")


def _loose(labels: AnnotationSet, where: str) -> LooseLabels:
    def join(discussions: FoundDiscussions) -> list[AnnotationSet]:
        about = discussions.with_id(labels.discussion_id)
        if not about:
            raise RecordError(f"{where} holds labels, but their discussion {labels.discussion} is not here.")
        return [replace(labels, discussion=about[0].name, discussion_id=about[0].id)]

    return LooseLabels(join)


register(ForeignFormat("a file of this package", lambda source: _format_name(source).startswith("syndisco_nb/"), _read))
