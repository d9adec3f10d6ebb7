import pandas as pd

from syndisco_nb.runs.run_frames import CostFrame, FailureFrame, OrderFrame


def test_they_are_data_frames_and_so_is_all_that_pandas_makes_of_them():
    frame = CostFrame({"estimate": [None], "truth": [3.0], "ratio": [None]}, index=["calls"])
    assert isinstance(frame, pd.DataFrame)
    assert frame.loc["calls", "truth"] == 3
    for made in (frame.T, frame[["truth"]], frame.copy(), pd.concat([frame, frame]), frame.reset_index()):
        assert type(made) is pd.DataFrame


def test_they_are_shown_as_pages():
    assert "Nothing failed." in FailureFrame(columns=["unit"])._repr_mimebundle_()["text/html"]
    assert "Nothing is on record." in OrderFrame.of([])._repr_mimebundle_()["text/plain"]
    assert "No run yet." in CostFrame()._repr_mimebundle_()["text/plain"]
