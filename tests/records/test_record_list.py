from strategies import a_transcript

from syndisco_nb.records import Records


def test_a_list_of_records_is_a_list_that_shows_itself():
    records = Records([a_transcript(), a_transcript()])
    assert repr(records) == "<Records: 2 discussions>"
    assert records[1] == a_transcript()
    assert records.discussions is None
    assert "Cars?" in records._repr_mimebundle_()["text/html"]
