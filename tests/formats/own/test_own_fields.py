"""Our fields and recorded facts, side by side."""

from syndisco_nb.formats.own.own_fields import OwnFields, joined, recorded_part


class UtteranceFields(OwnFields):
    turn: int = 0


def test_fields_that_have_their_default_are_left_out():
    assert joined(UtteranceFields(turn=2), {"heat": 1.5}, None) == {"turn": 2, "heat": 1.5}
    assert joined(UtteranceFields(), {"heat": 1.5}, {"votes": 3}) == {"heat": 1.5, "votes": 3}


def test_recorded_meta_that_has_one_of_our_names_keeps_it():
    for recorded in ({"turn": "left"}, {"heat": 3}, {"meta": 1, "votes": 2}):
        meta = joined(UtteranceFields(turn=2), {"heat": 1.5}, recorded)
        assert meta == {"turn": 2, "heat": 1.5, "meta": recorded}
        assert recorded_part(UtteranceFields(**meta), {"heat"}, meta) == recorded


def test_what_convokit_adds_is_recorded_meta():
    meta = joined(UtteranceFields(turn=2), {"heat": 1.5}, {"turn": 3}) | {"politeness": 0.5}
    assert recorded_part(UtteranceFields(**meta), {"heat"}, meta) == {"turn": 3, "politeness": 0.5}
    assert recorded_part(UtteranceFields(turn=2), {"heat"}, {"turn": 2, "heat": 1}) is None
