"""Keeps web, worker and scheduler alive, and ends them and all they started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from _house.layout import ROOT
from _house.says import Problem, say
from _house.shell import check_room, die_with_parent, tail, trim_log

MARK = "ENGAGEMENT_STARTED_BY"
PATIENCE = 6.0  # seconds to end in peace; a job that is cut off goes on at the next start
QUICK, TOO_OFTEN = 5.0, 5  # a process that ends by itself so soon, so often in a row, is broken


class Process:
    """One of our processes: started with its own log, started again when it dies."""

    def __init__(
        self, name: str, argv: Sequence[str | Path], env: Mapping[str, str], log: Path
    ) -> None:
        self.name, self.argv, self.env, self.log = name, [str(word) for word in argv], env, log
        self.child: subprocess.Popen[bytes] | None = None
        self.begun = self.again_at = 0.0
        self.failures = 0

    def start(self) -> None:
        """Start it in a process group of its own."""
        trim_log(self.log)
        with self.log.open("ab") as output:
            self.child = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=dict(self.env),
                process_group=0,
                preexec_fn=die_with_parent(),  # noqa: PLW1509  (we have no threads)
            )
        self.begun = time.monotonic()

    def look(self) -> None:
        """Start it again if it has died; raise Problem if it cannot live."""
        if self.child is None:
            if time.monotonic() >= self.again_at:
                self.start()
            return
        code = self.child.poll()
        if code is None:
            return
        kill_group(self.child.pid, signal.SIGKILL)  # what it left of its own children
        killed = code in (-signal.SIGKILL, -signal.SIGTERM)
        quick = time.monotonic() - self.begun < QUICK
        self.failures = self.failures + 1 if quick and not killed else 0
        if self.failures >= TOO_OFTEN:
            check_room(self.log)
            raise Problem(
                f"The {self.name} does not stay up.",
                detail=tail(self.log),
                hint=f"Its log is {self.log}.",
            )
        say(f"  The {self.name} ended ({_why(code)}); starting it again.")
        self.child = None
        self.again_at = time.monotonic() + min(5.0, 0.5 * self.failures)

    def ask_to_end(self) -> None:
        """Send SIGTERM to it alone: it ends its own children in order."""
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()

    def ended(self) -> bool:
        """Whether it is gone."""
        return self.child is None or self.child.poll() is not None


def _why(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def kill_group(group: int, signum: signal.Signals) -> None:
    """Send a signal to a process group that may be gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signum)


def end_all(processes: Sequence[Process], mark: str) -> None:
    """End the processes and everything that carries our mark."""
    for process in processes:
        process.ask_to_end()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not all(process.ended() for process in processes):
        time.sleep(0.05)  # they end by themselves
    for process in processes:
        if process.child is not None:
            kill_group(process.child.pid, signal.SIGKILL)
            process.child.wait()
    end_marked(mark, patience=0)


def marked(mark: str) -> Iterator[int]:
    """Yield the processes that were started with our mark in their environment."""
    wanted = f"{MARK}={mark}".encode()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)
        except OSError:  # gone meanwhile, or somebody else's
            continue


def end_marked(mark: str, *, patience: float = PATIENCE) -> int:
    """End what an earlier start left behind; return how many processes that were."""
    found = list(marked(mark))
    for signum, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        if not wait:
            continue
        for pid in marked(mark):
            try:
                os.kill(pid, signum)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            if not any(True for _ in marked(mark)):
                return len(found)
            time.sleep(0.1)  # they were asked to end
    return len(found)
