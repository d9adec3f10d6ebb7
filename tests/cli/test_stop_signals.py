import os
import signal
import subprocess
import sys

import pytest

from syndisco_nb.cli.stop_signals import stopping_in_order


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_can_stop_in_order_is_interrupted(number):
    before = signal.getsignal(number)
    caught = False
    with stopping_in_order():
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            caught = True
    assert caught
    assert signal.getsignal(number) == before


def test_where_nothing_stops_in_order_the_program_ends_as_unfinished():
    with pytest.raises(SystemExit) as caught, stopping_in_order():
        os.kill(os.getpid(), signal.SIGTERM)
    assert caught.value.code == 75


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopping_in_order():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_second_signal_stops_at_once():
    code = (
        "import os, signal\n"
        "from syndisco_nb.cli.stop_signals import stopping_in_order\n"
        "with stopping_in_order():\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    except KeyboardInterrupt:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "print('too late')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "\nSIGTERM: stopping. Finished turns are kept. Once more stops at once.\n"
