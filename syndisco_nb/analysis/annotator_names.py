"""Names that tell annotators apart."""

from collections.abc import Sequence

from syndisco_nb.records import AnnotationSet


def distinct_names(sets: Sequence[AnnotationSet]) -> list[str]:
    """Return the annotator's name for each set; annotators of one name get their model's name, then a number."""
    keys = [(labels.annotator, labels.index) for labels in sets]
    plain = {key: labels.annotator_name for key, labels in zip(keys, sets, strict=True)}
    with_model = {key: f"{name} ({key[0].model})" for key, name in plain.items()}
    names = {}
    for number, (key, name) in enumerate(plain.items(), start=1):
        if list(plain.values()).count(name) == 1:
            names[key] = name
        elif list(with_model.values()).count(with_model[key]) == 1:
            names[key] = with_model[key]
        else:
            names[key] = f"{with_model[key]} {number}"
    return [names[key] for key in keys]
