"""What the system refused, in words that say what to do."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from lostudy.errors import Problem, RunError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NUMBER = re.compile(r"\[Errno (\d+)\]")
CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


def in_words(error: BaseException) -> str:
    """What happened, if the system refused to write; "" for anything else.

    >>> in_words(OSError(28, "No space left on device"))
    'the disk is full, or a quota is'
    """
    number = _number(error)
    if number in FULL:
        return "the disk is full, or a quota is"
    if number in CLOSED:
        return "it is not allowed to write there"
    return "there is not enough memory" if isinstance(error, MemoryError) else ""


def _number(error: BaseException) -> int | None:
    """The number of what the system refused; copying a folder gathers errors as texts.

    >>> _number(shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")]))
    28
    """
    if isinstance(error, shutil.Error):
        texts = [str(each[-1]) for each in error.args[0] if isinstance(each, tuple)]
        found = [int(number) for text in texts for number in NUMBER.findall(text)]
        return next((each for each in found if each in FULL | CLOSED), None)
    return error.errno if isinstance(error, OSError) else None


def told(kind: str, text: str) -> str:
    """The same of an exception in a notebook, of which the kind and the text are known.

    >>> told("OSError", "[Errno 28] No space left on device: 'x.png'"), told("OSError", "other")
    ('the disk is full, or a quota is', '')
    """
    number = NUMBER.match(text)
    if kind == "MemoryError":
        return in_words(MemoryError())
    return in_words(OSError(int(number[1]), "")) if number else ""


def problem_of(error: OSError) -> Problem | None:
    """The problem behind what the system refused while reports were put together, if it is known.

    >>> print(problem_of(OSError(28, "No space left on device")))
    reports: the disk is full, or a quota is. To do: make room (the old reports stand) and run again
    """
    said = in_words(error)
    cure = "make room" if _number(error) in FULL else "give yourself the right to write"
    again = f"{cure} (the old reports stand) and run again"
    return Problem(said, again, "reports") if said else None


@contextmanager
def told_in_words() -> Iterator[None]:
    """What the system refuses in here is a RunError that says so; anything else stays as it is."""
    try:
        yield
    except OSError as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise RunError(problem) from None
