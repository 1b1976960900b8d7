"""Everything that has to be there before a command can run; does only what is missing."""

from __future__ import annotations

import os
from pathlib import Path

from _house import layout, packages, venv
from _house.layout import Place
from _house.locks import Lock
from _house.shell import append, check_room, trim_log


def set_up(var: Path, *, development: bool) -> Place:
    """Install packages and Python environment, and return where things lie.

    ``development`` adds what tests need. One set-up of a clone runs at a time; another waits.
    """
    layout.prepare_var(var)
    check_room(var)
    log = var / "log" / "setup.log"
    trim_log(log)
    append(log, f"--- set-up by process {os.getpid()}\n")
    waiting = "Waiting for another command that sets up this clone …"
    with Lock(layout.VAR / "locks" / "set-up", waiting=waiting):
        packages.install(("run", "test") if development else ("run",), log)
        venv.install(development=development, log=log)
        return layout.find_place(var)
