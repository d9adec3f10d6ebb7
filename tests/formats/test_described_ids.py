"""Ids that are names."""

from syndisco_nb.formats.described_ids import DescribedIds


def test_things_of_one_name_have_an_id_each():
    ids = DescribedIds()
    given = [("Ana-2", None), ("Ana", 1), ("Ana", 2), ("Ana", 3), ("Ana", 2), ("Ana-2", None)]
    assert [ids.of(*one) for one in given] == ["Ana-2", "Ana", "Ana-3", "Ana-4", "Ana-3", "Ana-2"]
