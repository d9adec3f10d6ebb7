"""Hugging Face's datasets opens our tables as Parquet."""

import pandas as pd


def test_datasets_has_our_rows(downstream, study, tmp_path):
    labels = study.labels
    numbers = labels.to_dataframe("labels").query("scale == 'toxicity'")  # Parquet has no column of several types
    frames = {
        "messages": study.to_dataframe("messages"),
        "labels": numbers.astype({"label": "Int64"}),
        "wide": labels.to_dataframe("labels", wide=True),
        "discussions": study.to_dataframe("discussions"),
        "participants": study.to_dataframe("participants"),
    }
    files = {name: tmp_path / f"{name}.parquet" for name in frames}
    for name, frame in frames.items():
        frame.to_parquet(files[name])
    (loaded,) = downstream(("parquet_tables", tmp_path / "cache", *files.values()))
    for rows, frame in zip(loaded, frames.values(), strict=True):
        assert plain(pd.DataFrame(rows)) == plain(frame)


def plain(frame):
    """Return the rows of a frame, with None for all missing values."""
    cells = frame.astype(object)
    return cells.where(cells.notna(), None).to_dict("records")
