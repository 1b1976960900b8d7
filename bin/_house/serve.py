"""``bin/run``: everything up, at one address, until it is told to stop."""

from __future__ import annotations

import argparse
import errno
import http.client
import json
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path

from _house import django, layout, says
from _house.layout import PYTHON, VAR, Place
from _house.locks import Lock
from _house.says import Problem, say, stage
from _house.services import Services
from _house.setup import set_up
from _house.shell import call, check_room, tail
from _house.supervisor import MARK, Process, end_all, end_marked

MARKED_AS = f"run {VAR}"


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="bin/run", description="Set up what is missing, then serve the product here."
    )
    parser.add_argument("--port", type=int, default=8000, help="where to listen (8000)")
    parser.add_argument("--empty", action="store_true", help="without the demonstration programme")
    chosen = parser.parse_args(words)
    if not 1 <= chosen.port <= 65535:
        parser.error(f"a port lies between 1 and 65535, not at {chosen.port}")
    return chosen


def main(words: list[str]) -> int:
    """Serve until a signal comes."""
    chosen = arguments(words)
    layout.prepare_var(VAR)
    alone = Lock(VAR / "locks" / "run")
    if not alone.try_exclusive():
        held = alone.holder()
        raise Problem(
            f"It is running already: http://localhost:{held.get('port', '?')} "
            f"(process {held.get('pid', '?')}).",
            hint="Stop that one first (Ctrl-C where it runs), or use it.",
        )
    alone.note(pid=os.getpid(), port=chosen.port)
    try:
        if left := end_marked(MARKED_AS):
            say(f"  Ended {left} processes that an earlier start had left behind.")
        check_port(chosen.port)
        place = set_up(VAR, development=False)
        with Services(place) as services:
            serve(chosen, place, services)
    finally:
        alone.release()
    return 0


def check_port(port: int) -> None:
    """Raise Problem if nobody could listen on ``port`` now."""
    try:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(("127.0.0.1", port))
            trial.listen()
    except PermissionError as error:
        raise Problem(
            f"Port {port} is for the system's administrator only.",
            hint="Take one from 1024 up: bin/run --port 8000",
        ) from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Problem(
            f"Port {port} is taken by another program.",
            hint=f"Choose another one: bin/run --port {port % 60000 + 1}",
        ) from error


def serve(chosen: argparse.Namespace, place: Place, services: Services) -> None:
    """Bring the database up to date, start our processes, and watch them."""
    env = django.environment(place, services, "demo") | {MARK: MARKED_AS}
    env.setdefault("ENGAGEMENT_BASE_URL", f"http://localhost:{chosen.port}")
    django.bring_up_to_date(place, services, env)
    load_demonstration(chosen, place, services, env)
    logs = place.logs
    python = [str(PYTHON), "-m"]
    schedule = str(place.var / "scheduler" / "schedule")
    processes = [
        Process(
            "web server",
            [*python, *django.web(f"127.0.0.1:{chosen.port}", django.cores())],
            env,
            logs / "web.log",
        ),
        Process(
            "worker", [*python, *django.worker(max(2, django.cores()))], env, logs / "worker.log"
        ),
        Process("scheduler", [*python, *django.scheduler(schedule)], env, logs / "scheduler.log"),
    ]
    try:
        with stage("Starting web server, worker and scheduler"):
            # One after the other: the page answers sooner, and a job can wait for a second.
            processes[0].start()
            wait_until_it_answers(chosen.port, processes[0])
            for process in processes[1:]:
                process.start()
        greet(chosen.port, place)
        while True:
            time.sleep(0.5)  # between two looks at the processes
            for process in processes:
                process.look()
            services.revive()
    finally:
        say("  Stopping …")
        end_all(processes, MARKED_AS)


def load_demonstration(
    chosen: argparse.Namespace, place: Place, services: Services, env: Mapping[str, str]
) -> None:
    """Load the demonstration programme at the first start; with ``--empty`` the first accounts.

    What a database was begun with stays: a later start without ``--empty`` adds nothing to it.
    """
    if env["ENGAGEMENT_MODE"] != "demo":
        return
    progress = django.Progress(place, services)
    begun = progress.read().get("begun")
    if begun == "empty" and not chosen.empty:
        say(
            "  This database was begun with --empty; `bin/manage load_demo` would add the "
            "demonstration programme."
        )
    if begun and (place.var / "demo-accounts.json").is_file():
        return
    empty = begun == "empty" or (chosen.empty and not begun)
    doing = "Making the first accounts" if empty else "Loading the demonstration programme"
    with stage(doing):
        call(
            django.command(["load_demo", *(["--empty"] if empty else [])]),
            what=doing,
            env=env,
            cwd=layout.ROOT,
            log=place.logs / "setup.log",
            room=[place.postgres, place.var],
        )
    progress.note(begun="empty" if empty else "demonstration")


def wait_until_it_answers(port: int, web: Process) -> None:
    """Wait until the site answers; raise Problem if it only answers with errors."""
    deadline = time.monotonic() + 90
    while True:
        web.look()
        if (status := answer(port)) is not None:
            break
        if time.monotonic() > deadline:
            raise Problem(
                "The web server does not answer.",
                detail=tail(web.log),
                hint=f"Its log is {web.log}.",
            )
        time.sleep(0.1)  # until it listens
    if status >= 500:
        check_room(web.log)
        raise Problem(
            f"The site answers with an error ({status}).",
            detail=tail(web.log),
            hint=f"Its log is {web.log}.",
        )


def answer(port: int) -> int | None:
    """Return the status of the page that anybody may see, or None if nobody answers yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/accounts/login/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def greet(port: int, place: Place) -> None:
    """Say where to go and whom to sign in as."""
    say(f"\nReady after {says.elapsed():.0f} s:  http://localhost:{port}\n")
    accounts = read_accounts(place.var / "demo-accounts.json")
    if not accounts:
        say("Nobody can sign in yet: `bin/manage createsuperuser` makes an account.")
    else:
        say("Sign in as")
        width = max(len(account["email"]) for account in accounts.values())
        for account in accounts.values():
            say(f"  {account['email']:{width}}  {account['password']}")
        say(f"(kept in {place.var / 'demo-accounts.json'})")
    say(f"\nLogs are in {place.logs}. Ctrl-C stops everything.")


def read_accounts(path: Path) -> dict[str, dict[str, str]]:
    """Return the demonstration accounts by role; none if there is no readable file."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}
