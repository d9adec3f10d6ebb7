"""Signals that stop a run in order: what is finished is kept, and the run is on record as interrupted."""

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType

from syndisco_nb.cli.exit_codes import ExitCode

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextlib.contextmanager
def stopping_in_order() -> Iterator[None]:
    """Stop in order at the first SIGINT, SIGTERM or SIGHUP inside this context, and at once at the second.

    A signal that is ignored, as SIGHUP under ``nohup``, stays ignored.
    """
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heeded = [number for number, handler in before.items() if handler is not signal.SIG_IGN]

    def stop(number: int, _: FrameType | None) -> None:
        for one in heeded:
            signal.signal(one, _stop_at_once)
        _tell(f"{signal.Signals(number).name}: stopping. Finished turns are kept. Once more stops at once.")
        raise KeyboardInterrupt

    for number in heeded:
        signal.signal(number, stop)
    try:
        yield
    except KeyboardInterrupt:  # where nothing is under way that would stop in order
        raise SystemExit(ExitCode.UNFINISHED) from None
    finally:
        for number in heeded:
            signal.signal(number, before[number])


def _stop_at_once(*_: object) -> None:
    os._exit(ExitCode.KILLED)


def _tell(text: str) -> None:
    """Write a line to stderr past its buffer, which the interrupted code may be about to write."""
    with contextlib.suppress(OSError):
        os.write(2, f"\n{text}\n".encode())
