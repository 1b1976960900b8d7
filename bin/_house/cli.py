"""From the words on the command line to the command, and from its end to an exit code."""

from __future__ import annotations

import errno
import signal
from collections.abc import Callable
from types import FrameType

from _house import commands, lock, production, serve
from _house.layout import ROOT
from _house.says import Problem, Stopped, complain, say

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": serve.main,
    "test": commands.test,
    "manage": commands.manage,
    "prove": commands.prove,
    "lock": lock.main,
    "roles": production.main,  # the container of that name
}


def _stop(signum: int, frame: FrameType | None) -> None:
    """Unwind once; while we clean up, further signals change nothing."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(signum)


def main(name: str, words: list[str]) -> int:
    """Run one command of ``bin/``."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A shell that starts us in the background ignores SIGINT for us; we want to be stoppable.
        if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:  # nohup
            signal.signal(signum, _stop)
    try:
        return COMMANDS[name](words)
    except Problem as problem:
        complain(name, problem)
        return 1
    except Stopped as stopped:
        if name != "run":
            return 128 + stopped.signum
        say("  Stopped; nothing is left running.")
        return 0 if stopped.signum == signal.SIGINT else 128 + stopped.signum
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        reason = "cannot be written" if error.errno == errno.EROFS else "is full"
        complain(
            name,
            Problem(
                f"The disk that holds {error.filename or ROOT} {reason}.",
                hint="Make room, then give the same command again; it goes on where it stopped.",
            ),
        )
        return 1
