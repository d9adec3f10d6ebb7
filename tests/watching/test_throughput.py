from syndisco_nb.watching.throughput import Throughput


def test_rates_are_those_of_the_last_minute():
    throughput = Throughput()
    assert throughput.add(0.0, 0, 0, working=True) == (None, None)
    assert throughput.add(10.0, 20, 300, working=True) == (2.0, 30.0)
    throughput.add(60.0, 20, 300, working=True)
    assert throughput.add(100.0, 100, 700, working=True) == (2.0, 10.0)


def test_no_rate_is_told_too_early():
    throughput = Throughput()
    throughput.add(0.0, 0, 0, working=True)
    assert throughput.add(0.5, 20, 300, working=True) == (None, None)


def test_a_pause_does_not_count():
    throughput = Throughput()
    throughput.add(0.0, 0, 0, working=True)
    throughput.add(1.0, 10, 0, working=False)
    throughput.add(50.0, 10, 0, working=True)
    assert throughput.add(60.0, 30, 0, working=True) == (2.0, 0.0)
