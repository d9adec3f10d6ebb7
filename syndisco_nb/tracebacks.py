"""Errors as a notebook shows them: the user's own lines and the sentence, without our frames between them."""

import os
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

_OURS = __name__.partition(".")[0]
_PATHS = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
_LIBRARIES = ("<frozen", *(path + os.sep for path in _PATHS))


def notebook_lines(error: BaseException) -> list[str]:
    """Return the lines with which IPython shows an error that was raised on purpose.

    In any mode but the usual one (``%xmode Verbose``, ``%tb Verbose``) these are all that IPython shows otherwise.

    Parameters
    ----------
    error : BaseException
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return traceback.format_exception(error)
    if shell.InteractiveTB.mode != "Context":
        return _lines(shell, error)
    with _shortened(error):
        return _lines(shell, error)


def _lines(shell: Any, error: BaseException) -> list[str]:
    lines: list[str] = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
    return lines


@contextmanager
def _shortened(error: BaseException) -> Iterator[None]:
    """Leave in an error only frames of the user's, and causes that have some, while it is written."""
    before = (error.__traceback__, error.__cause__, error.__context__, error.__suppress_context__)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    error.__traceback__ = _of_user(error.__traceback__)
    try:
        if cause is None or _is_ours_alone(cause):
            error.__cause__ = error.__context__ = None
            yield
        else:
            with _shortened(cause):
                yield
    finally:
        error.__traceback__, error.__cause__, error.__context__, error.__suppress_context__ = before


def _is_ours_alone(cause: BaseException) -> bool:
    """Return whether no line of the user's is in a cause; the sentence then says all that helps."""
    return all(_is_ours(one) or _is_of_library(one) for one in _frames(cause.__traceback__))


def _of_user(frames: TracebackType | None) -> TracebackType | None:
    """Return a traceback without our frames, and those of libraries below the first of them."""
    kept: list[TracebackType] = []
    entered = False
    for one in _frames(frames):
        entered = entered or _is_ours(one)
        if not entered or not (_is_ours(one) or _is_of_library(one)):
            kept.append(one)
    rest: TracebackType | None = None
    for one in reversed(kept):
        rest = TracebackType(rest, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return rest


def _frames(frames: TracebackType | None) -> Iterator[TracebackType]:
    while frames is not None:
        yield frames
        frames = frames.tb_next


def _is_ours(one: TracebackType) -> bool:
    """Return whether a frame is of this package, the methods that `dataclass` writes, too."""
    return str(one.tb_frame.f_globals.get("__name__")).partition(".")[0] == _OURS


def _is_of_library(one: TracebackType) -> bool:
    return one.tb_frame.f_code.co_filename.startswith(_LIBRARIES)
