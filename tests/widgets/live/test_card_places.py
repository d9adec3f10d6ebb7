"""Each discussion keeps its place while it goes on; one that is over or silent gives it away."""

from types import SimpleNamespace

from syndisco_nb.watching.unit_lines import UnitState, WatchedLine
from syndisco_nb.widgets.live.card_places import CARDS, CardPlaces


def snapshot(talks, ended=(), status="running", conditions=("",)):
    class Shown:
        over = status not in ("running", "paused")
        runs = tuple(SimpleNamespace(condition=name) for name in conditions)

    shown = Shown()
    shown.unfinished, shown.just_finished, shown.status = talks, list(ended), status
    return shown


def talk_of(number, changed=0.0, state="in progress", condition=""):
    said = (WatchedLine(0, 1, "Ana", "Yes.", "participant", silent=False),)
    return UnitState(condition, f"discussion-{number:05d}", "", 1, said, (), ("Ana",), changed, state)


def units(talks):
    return [int(talk.unit[-5:]) for talk in talks]


def test_so_many_are_shown_and_none_jumps_about():
    places = CardPlaces()
    talks = [talk_of(number, changed=number % 7) for number in range(50)]
    first = units(places.fill(snapshot(talks)))
    assert len(first) == CARDS
    for step in range(10):
        talks = [talk_of(number, changed=7 + step + (number * step) % 5) for number in range(50)]
        assert units(places.fill(snapshot(talks))) == first


def test_the_most_recent_come_first_to_be_shown():
    talks = [talk_of(number, changed=number) for number in range(50)]
    assert units(CardPlaces().fill(snapshot(talks))) == list(range(50 - CARDS, 50))


def test_conditions_stand_side_by_side_in_the_order_of_the_design():
    names = ("none", "facilitator")
    talks = [talk_of(number, condition=name) for name in sorted(names) for number in (0, 1)]
    shown = CardPlaces().fill(snapshot(talks, conditions=names))
    assert [(unit.condition, unit.unit[-1]) for unit in shown] == [(name, number) for number in "01" for name in names]


def test_what_is_finished_stays_until_its_place_is_needed():
    places = CardPlaces()
    talks = [talk_of(number, changed=1) for number in range(CARDS)]
    places.fill(snapshot(talks))
    shown = places.fill(snapshot(talks[1:], [talk_of(0, 2, "finished")]))
    assert (units(shown)[0], shown[0].state) == (0, "finished")
    shown = places.fill(snapshot([*talks[1:], talk_of(99, 3)]))
    assert units(shown) == [99, *range(1, CARDS)]


def test_what_has_fallen_silent_gives_its_place_away():
    places = CardPlaces()
    talks = [talk_of(number, changed=1) for number in range(CARDS)]
    places.fill(snapshot(talks))
    later = [talk_of(0, 1), *(talk_of(number, 100) for number in range(1, CARDS)), talk_of(99, 100)]
    assert units(places.fill(snapshot(later))) == [99, *range(1, CARDS)]


def test_one_that_is_read_keeps_its_place_whatever_becomes_of_it():
    places = CardPlaces()
    talks = [talk_of(number, changed=1) for number in range(CARDS)]
    places.fill(snapshot(talks))
    places.hold([("", "discussion-00000")])
    others = [*talks[1:], talk_of(99, 3), talk_of(100, 3)]
    shown = places.fill(snapshot([*others, talk_of(0, 2, "skipped")]))
    assert (units(shown), shown[0].state) == (list(range(CARDS)), "skipped")
    shown = places.fill(snapshot(others, [talk_of(0, 2, "finished")]))
    assert (units(shown), shown[0].state) == (list(range(CARDS)), "finished")
    places.hold([])
    assert units(places.fill(snapshot(others)))[0] in (99, 100)
