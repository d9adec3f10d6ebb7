"""One replica's load and its rests."""

from support.replicas import FakeServer

from syndisco_nb.backend.model.replicas.replica import Replica


def test_load_is_a_share_of_the_capacity_of_that_moment():
    server = FakeServer("A", room=4)
    replica = Replica(server, "A")
    for expected in (0, 0.25, 0.5):
        assert replica.load(0.0) == expected
        replica.begin_request()
    server.room = 3
    assert replica.load(0.0) is None
    replica.end_request(0)
    assert replica.load(0.0) == 2 / 3
    server.room = None
    assert replica.load(0.0) == 2 / 64


def test_rests_double_up_to_half_a_minute_and_are_as_long_as_the_server_asks_for():
    replica, now, rests = Replica(FakeServer("A"), "A"), 100.0, []
    for _ in range(9):
        replica.rest("down", 0.0, now)
        rests.append(replica.due - now)
        now = replica.due
    assert rests == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    replica.rest("busy", 45.0, now)
    assert (replica.due - now, replica.problem, replica.rests) == (45, "busy", 10)
    assert not replica.recover(now + 44)
    assert replica.recover(now + 45)
    assert (replica.problem, replica.resting_since, replica.rests) == ("", None, 0)
    assert not replica.recover(now + 46)
    replica.rest("down", 0.0, now)
    assert replica.due - now == 0.5


def test_after_a_rest_one_request_tries_it():
    replica = Replica(FakeServer("A"), "A")
    before = replica.begin_request()
    replica.rest("down", 0.0, 0.0)
    since = replica.resting_since
    assert [replica.load(0.4), replica.load(0.5)] == [None, 0]
    trial = replica.begin_request()
    assert replica.load(0.5) is None
    replica.end_request(before)  # sent before the rest: no trial
    assert replica.load(0.5) is None
    replica.rest("still down", 0.0, 0.5)
    replica.end_request(trial)
    assert [replica.load(1.4), replica.load(1.5), replica.resting_since] == [None, 0, since]
    replica.end_request(replica.begin_request())  # as if it was cancelled
    assert replica.load(1.5) == 0
    replica.recover(1.6)
    assert replica.load(1.6) == 0
    assert replica.in_flight == 0


def test_its_repr_tells_its_state():
    replica = Replica(FakeServer("A"), "http://a/v1")
    replica.begin_request()
    assert repr(replica) == "<Replica http://a/v1: 1 requests, 0 answers>"
    replica.rest("connection refused", 0.0, 0.0)
    assert repr(replica) == "<Replica http://a/v1: rests: connection refused>"
