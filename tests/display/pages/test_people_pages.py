import syndisco_nb as snb
from syndisco_nb.backend.population import Quota, Sample
from syndisco_nb.display.options import Limits
from syndisco_nb.display.pages.people_pages import people_page, sample_page


def tables(people):
    return {block.title: block for block in people_page(people, Limits()).blocks}


def test_attributes_that_people_share_are_counted():
    people = snb.People(
        snb.LLMPersona(f"p{n}", sex="female" if n % 3 else "male", hobby=f"hobby {n}") for n in range(9)
    )
    found = tables(people)
    assert set(found) == {"", "Sex"}
    assert [(label, share.text, round(share.value, 2)) for label, share in found["Sex"].rows] == [
        ("female", "6", 0.67),
        ("male", "3", 0.33),
    ]


def test_numbers_are_binned_and_unknown_is_said():
    people = snb.People(snb.LLMPersona(f"p{n}", age=20 + n if n else None) for n in range(11))
    rows = tables(people)["Age"].rows
    assert [label for label, _ in rows] == [
        "21 to 22.8",
        "22.8 to 24.6",
        "24.6 to 26.4",
        "26.4 to 28.2",
        "28.2 to 30",
        "unknown",
    ]
    assert sum(int(share.text) for _, share in rows) == 11


def test_many_are_shown_in_part():
    people = snb.People(snb.LLMPersona(f"p{n}") for n in range(60))
    table = tables(people)[""]
    assert (len(table.rows), table.more) == (50, "10 people more")
    assert isinstance(people[:3], snb.People)


def test_a_sample_with_quotas_compares_their_shares():
    people = [snb.LLMPersona("Ana", sex="female"), snb.LLMPersona("Ben", sex="male")]
    page = sample_page(Sample(people, [Quota("sex", "female", 0.4, 0.5, 0.6)]), Limits())
    assert page.kind == "Sample"
    (row,) = page.blocks[0].rows
    assert (row[:2], [share.text for share in row[2:]]) == (("Sex", "female"), ["40%", "50%", "60%"])
    assert sample_page(Sample(people), Limits()).kind == "People"
