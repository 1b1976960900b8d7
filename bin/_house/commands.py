"""``bin/manage``, ``bin/test`` and ``bin/prove``: one command of ours, its services around it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from _house import django, postgres, says
from _house.layout import PYTHON, ROOT, VAR, VENV, Place
from _house.locks import Lock
from _house.says import Problem, stage
from _house.services import Services
from _house.setup import set_up
from _house.shell import call, die_with_parent, without_postgres_settings

PROOFS = ROOT / "tests" / "prove"


def manage(words: list[str]) -> int:
    """Run one of Django's commands; standard output is its own."""
    says.speak_on(sys.stderr)
    place = set_up(VAR, development=False)
    name = words[0] if words else "help"
    with Services(place) as services:
        env = django.environment(place, services, "demo")
        if name not in django.WITHOUT_MIGRATION:
            django.bring_up_to_date(place, services, env, only_if_new=True)
        if name in django.OWNER_COMMANDS:
            env = django.owners(env, services)
        code = foreground(django.command(words), env)
        if name == "migrate" and services.has_private_database:
            everything = code == 0 and not [word for word in words[1:] if word[0] != "-"]
            django.Progress(place, services).note(
                migrated=django.migrations_digest()
                if everything and "--plan" not in words
                else None
            )
        if name == "load_demo" and code == 0 and "--empty" not in words:
            django.Progress(place, services).note(begun="demonstration")
        return code


def test(words: list[str]) -> int:
    """Run pytest with services of its own; its closing line is the last that is printed."""
    says.speak_on(sys.stderr)
    with_own_debugger = any(word.startswith(("--pdb", "--trace")) for word in words)
    parallel = [] if with_own_debugger else ["-n", "2"]
    return _with_test_services([PYTHON, "-m", "pytest", *parallel, "-q", *words])


def prove(words: list[str]) -> int:
    """Run one of the long proofs, or list them."""
    names = sorted(path.stem for path in PROOFS.glob("*.py") if path.stem[0] not in "_c")
    if not words or words[0] in ("-h", "--help"):
        print("\n".join(["bin/prove NAME runs one of:", *(f"  {name}" for name in names)]))
        return 0
    name = words[0]
    if name not in names:
        raise Problem(
            f"There is no proof called {name}.", hint=f"There is: {', '.join(names) or 'none yet'}."
        )
    says.speak_on(sys.stderr)
    if "\ndef test_" in (PROOFS / f"{name}.py").read_text(encoding="utf-8"):
        runner: list[str | Path] = ["pytest", "-q", "-s", PROOFS / f"{name}.py"]
    else:
        runner = [f"tests.prove.{name}"]
    return _with_test_services([PYTHON, "-m", *runner, *words[1:]])


def _with_test_services(argv: Sequence[str | Path]) -> int:
    """Run a command in mode ``test`` on the services under ``var/test``."""
    place = set_up(VAR / "test", development=True)
    alone = Lock(place.locks / "test")
    if not alone.try_exclusive():
        raise Problem(
            f"Tests are running already in this clone (process {alone.holder().get('pid', '?')}).",
            hint="Wait for them, or stop them first.",
        )
    alone.note(pid=os.getpid())
    try:
        with Services(place, for_tests=True) as services:
            env = _test_environment(place, services)
            _find_browser(env, place)
            return foreground(argv, env, ROOT)
    finally:
        alone.release()


def _test_environment(place: Place, services: Services) -> dict[str, str]:
    """Return the environment of tests: nothing of a running product's gets in."""
    outside = {
        name: value
        for name, value in without_postgres_settings(os.environ).items()
        if not name.startswith(("ENGAGEMENT_", "DJANGO_", "DATABASE_", "REDIS_", "JOB_", "CELERY_"))
        and name
        not in (
            "PYTHONPATH",
            "PYTHONHOME",
            "VIRTUAL_ENV",
            "TEST_DATABASE_NAME",
            "PYTHONDONTWRITEBYTECODE",
        )
    }
    return {
        **outside,
        "ENGAGEMENT_MODE": "test",
        "ENGAGEMENT_VAR": str(place.var),
        "ENGAGEMENT_SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
        # Tests make and drop databases, so they connect as the owner, who may do that here only.
        "DATABASE_URL": services.owner_url,
        "DATABASE_WEB_ROLE": postgres.WEB,
        "REDIS_URL": services.redis_url,
        "PATH": f"{VENV / 'bin'}:{outside.get('PATH', '/usr/bin:/bin')}",
        "LC_ALL": "C.UTF-8",
    }


def _find_browser(env: dict[str, str], place: Place) -> None:
    """Name the browser: Debian's Chromium, or (Ubuntu packages none) the one of Playwright."""
    found = shutil.which("chromium")
    if found:
        env["ENGAGEMENT_CHROMIUM"] = found
        return
    folder = VAR / "browsers"
    env["PLAYWRIGHT_BROWSERS_PATH"] = str(folder)
    if not list(folder.glob("chromium*")):
        with stage("Fetching Chromium"):
            call(
                [PYTHON, "-m", "playwright", "install", "--with-deps", "chromium"],
                what="Fetching Chromium",
                env=env,
                log=place.logs / "setup.log",
                room=[folder],
                terminal=True,
            )


def foreground(argv: Sequence[str | Path], env: Mapping[str, str], cwd: Path | None = None) -> int:
    """Run a command as if it had been typed itself, here or in ``cwd``; return its exit code.

    It shares our process group, so a Ctrl-C at the terminal reaches it directly; a signal sent to
    us alone is passed on. If we are killed it ends too.
    """
    child = subprocess.Popen(
        [str(word) for word in argv],
        cwd=cwd,
        env=dict(env),
        preexec_fn=die_with_parent(),  # noqa: PLW1509  (we have no threads)
    )

    def pass_on(signum: int, frame: FrameType | None) -> None:
        if signum != signal.SIGINT or not _typed_at_terminal():
            child.send_signal(signum)

    caught = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {signum: signal.signal(signum, pass_on) for signum in caught}
    try:
        code = child.wait()
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
    return code if code >= 0 else 128 - code


def _typed_at_terminal() -> bool:
    """Whether we are in front of a terminal, which sends Ctrl-C to our child as well."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
