"""The private Redis: it carries and wakes jobs and keeps none (they are rows in PostgreSQL)."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
from pathlib import Path

from _house.layout import Place
from _house.says import Problem
from _house.shell import as_user, call, check_room, tail, trim_log


def url(place: Place) -> str:
    """Return the URL of the private Redis."""
    return f"unix://{place.redis}/redis.sock?db=0"


class Redis:
    """One private server below ``place``."""

    name = "Redis"

    def __init__(self, place: Place) -> None:
        self.folder = place.redis
        self.socket, self.log, self.note = (
            self.folder / "redis.sock",
            self.folder / "log",
            self.folder / "pid",
        )

    def start(self) -> None:
        """Start the server if it is not up."""
        if self._asked("PING").startswith("+PONG"):
            return
        check_room(self.folder)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "redis", "redis")
        self.folder.chmod(0o700)
        self._end(signal.SIGKILL)  # one that lives but does not answer
        trim_log(self.log)
        options = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.folder,
            "save": "",
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "daemonize": "yes",
            "pidfile": self.note,
            "logfile": self.log,
        }
        words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        call([*as_user("redis"), "redis-server", *words], what="Starting Redis", room=[self.folder])
        deadline = time.monotonic() + 20
        while not self._asked("PING").startswith("+PONG"):
            if time.monotonic() > deadline:
                check_room(self.folder)
                raise Problem("Redis does not start.", detail=tail(self.log))
            time.sleep(0.02)  # it answers within a few of these

    def lives(self) -> bool:
        """Whether the server's process is there."""
        return self._pid() is not None

    def stop(self) -> None:
        """Stop the server if it is up."""
        self._end(signal.SIGTERM)

    def _asked(self, command: str) -> str:
        """Return Redis's answer to a command without arguments, or nothing."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.socket))
                line.sendall(f"{command}\r\n".encode())
                return line.recv(200).decode(errors="replace")
        except OSError:
            return ""

    def _pid(self) -> int | None:
        """Return the server's process, if it lives and is ours."""
        try:
            pid = int(self.note.read_text())
            name = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"redis-server" in name and Path(f"/proc/{pid}/cwd").readlink() == self.folder:
                return pid
        except (OSError, ValueError):
            pass
        return None

    def _end(self, signum: signal.Signals) -> None:
        pid = self._pid()
        if pid is None:
            return
        for sent in (signum, signal.SIGKILL):
            try:
                os.kill(pid, sent)
            except ProcessLookupError:
                return
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                if self._pid() is None:
                    return
                time.sleep(0.02)  # until it has gone
