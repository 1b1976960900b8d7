"""The private PostgreSQL with PostGIS: reached by a socket that only its owner can open.

Who connects is known by their user on the system (``peer``), and a map (``pg_ident.conf``) says
which roles that user may take: there are no passwords. Roles:

``engagement_owner``  owns the database and its tables; migrations run as this role
``engagement_web``    web, worker, scheduler, commands: reads and writes rows, no more
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from _house.layout import Place
from _house.says import Problem
from _house.shell import as_user, call, check_room, tail, trim_log, without_postgres_settings

DATABASE, OWNER, WEB = "engagement", "engagement_owner", "engagement_web"
TEMPLATE = "template_postgis"
NAME = "engagement-set-up"  # by which the server knows our session
RELEASES = Path("/usr/lib/postgresql")
ROOM = 400 * 1024 * 1024

CONFIGURATION = """\
# Written at every start by bin/_house/postgres.py.
listen_addresses = ''
port = 5432
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""
# A test database that is lost with the machine's power is made anew.
FOR_TESTS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
"""
ACCESS = """\
# Written at every start by bin/_house/postgres.py: this socket, mapped users, nothing else.
local all all peer map=house
"""

# Run by the superuser at every start; every statement is harmless when repeated.
ROLES = """\
\\set ON_ERROR_STOP on
-- A set-up that was killed may have left a statement running: end it before we do the same.
select pg_terminate_backend(pid, 20000) from pg_stat_activity
    where application_name = '{name}' and pid <> pg_backend_pid() \\g /dev/null
set client_min_messages = warning;
select 'create role {owner} login' where not exists
    (select from pg_roles where rolname = '{owner}') \\gexec
select 'create role {web} login' where not exists
    (select from pg_roles where rolname = '{web}') \\gexec
alter role {owner} nosuperuser {createdb} nocreaterole noreplication nobypassrls;
alter role {web} nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
select 'create database {template}' where not exists
    (select from pg_database where datname = '{template}') \\gexec
alter database {template} is_template true;
\\connect {template}
set client_min_messages = warning;
create extension if not exists postgis;
create extension if not exists btree_gist;
grant select, insert, update, delete on spatial_ref_sys to {owner};
select 'create database {database} template {template} owner {owner}' where not exists
    (select from pg_database where datname = '{database}') \\gexec
\\connect {database}
revoke all on database {database} from public;
grant connect, temporary on database {database} to {web};
grant usage on schema public to {web};
alter default privileges for role {owner} grant usage on schemas to {web};
alter default privileges for role {owner} grant select, insert, update, delete on tables to {web};
alter default privileges for role {owner} grant usage, select on sequences to {web};
"""


def superuser() -> str:
    """Return the system user that PostgreSQL runs as: never root."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def url(place: Place, role: str = WEB) -> str:
    """Return the URL by which ``role`` reaches the database."""
    return f"postgis://{role}@/{DATABASE}?host={place.postgres}"


class Postgres:
    """One private server below ``place``."""

    name = "PostgreSQL"

    def __init__(self, place: Place, *, for_tests: bool) -> None:
        self.folder, self.data = place.postgres, place.postgres / "data"
        self.log = self.folder / "log"
        self.for_tests = for_tests

    def start(self) -> None:
        """Make the server if it is not there, start it if it is not up, make roles and database."""
        programs = self._programs()
        ready = self.folder / "ready"
        pid = self._server_pid()
        if pid and ready.is_file() and ready.read_text() == str(pid) and self._answers(programs):
            return
        check_room(self.folder, needed=ROOM if not self.data.exists() else ROOM // 8)
        self._make_folder()
        if not self.data.exists():
            self._initialise(programs)
        self._configure()
        trim_log(self.log)
        if not self._answers(programs):
            self._launch(programs)
        self._make_roles(programs)
        # In one piece: another command may look at any moment.
        half = self.folder / "ready.half"
        half.write_text(str(self._server_pid()))
        half.replace(ready)

    def lives(self) -> bool:
        """Whether the server's process is there."""
        return self._server_pid() is not None

    def stop(self) -> None:
        """Stop the server if it is up; open transactions are rolled back."""
        if not self.data.is_dir():
            return
        programs = self._programs()
        for mode in ("fast", "immediate"):
            if self._server_pid() is None:
                return
            try:
                self._call(
                    [
                        programs / "pg_ctl",
                        "-D",
                        self.data,
                        "-m",
                        mode,
                        "-t",
                        "20",
                        "-w",
                        "-s",
                        "stop",
                    ],
                    what="Stopping PostgreSQL",
                )
            except Problem:
                continue
        if self._server_pid() is not None:
            raise Problem(f"PostgreSQL did not stop (process {self._server_pid()}).")

    # --- Parts ----------------------------------------------------------------------------------

    def _programs(self) -> Path:
        """Return the folder of the server's programs: of the data's release, else of the newest."""
        releases = {
            path.parents[1].name: path.parent
            for path in RELEASES.glob("*/bin/initdb")
            if (
                Path("/usr/share/postgresql")
                / path.parents[1].name
                / "extension"
                / "postgis.control"
            ).is_file()
        }
        if not releases:
            raise Problem(
                f"PostgreSQL with PostGIS is not installed where it is expected ({RELEASES})."
            )
        version_file = self.data / "PG_VERSION"
        if version_file.is_file():
            version = version_file.read_text().strip()
            if version not in releases:
                raise Problem(
                    f"The database in {self.data} was made by PostgreSQL {version}, which is not "
                    f"installed here (found: {', '.join(sorted(releases))}).",
                    hint=f"Install postgresql-{version}-postgis-3.",
                )
            return releases[version]
        return releases[max(releases, key=float)]

    def _call(self, argv: Sequence[str | Path], *, what: str, text: str | None = None) -> str:
        env = without_postgres_settings(os.environ) | {"LC_ALL": "C.UTF-8"}
        return call(
            [*as_user(superuser()), *argv], what=what, env=env, text=text, room=[self.folder]
        )

    def _psql(self, programs: Path, sql: str) -> str:
        return self._call(
            [
                "env",
                f"PGAPPNAME={NAME}",
                programs / "psql",
                "-X",
                "-q",
                "-A",
                "-t",
                "-h",
                self.folder,
                "-p",
                "5432",
                "-U",
                "postgres",
                "-d",
                "postgres",
                "-f",
                "-",
            ],
            what="Preparing roles and database",
            text=sql,
        )

    def _make_folder(self) -> None:
        """Make the folder of socket, log and data: open to the server's user only."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o700)

    def _initialise(self, programs: Path) -> None:
        """Make a new cluster: under another name first, so that a half-made one never counts."""
        half = self.folder / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        sync = ["--no-sync"] if self.for_tests else []
        self._call(
            [
                programs / "initdb",
                "-D",
                half,
                "-U",
                "postgres",
                "--auth-local=peer",
                "--auth-host=reject",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-instructions",
                *sync,
            ],
            what="Making the database",
        )
        half.rename(self.data)

    def _configure(self) -> None:
        """Write our settings over those of the last start, so that a new version's are used."""
        text = CONFIGURATION.format(folder=str(self.folder).replace("'", "''"))
        server, we = superuser(), pwd.getpwuid(os.geteuid()).pw_name
        mapped = {(server, "postgres")} | {
            (user, role) for user in (server, we) for role in (OWNER, WEB)
        }
        files = {
            "engagement.conf": text + (FOR_TESTS if self.for_tests else ""),
            "pg_hba.conf": ACCESS,
            "pg_ident.conf": "".join(f'house "{u}" {role}\n' for u, role in sorted(mapped)),
        }
        main = self.data / "postgresql.conf"
        if "engagement.conf" not in main.read_text():
            files["postgresql.conf"] = main.read_text() + "\ninclude 'engagement.conf'\n"
        for name, content in files.items():
            half = self.data / f"{name}.half"
            half.write_text(content)
            if os.geteuid() == 0:
                shutil.chown(half, "postgres", "postgres")
            half.chmod(0o600)
            half.replace(self.data / name)

    def _answers(self, programs: Path) -> bool:
        try:
            self._call([programs / "pg_isready", "-q", "-h", self.folder, "-p", "5432"], what="-")
        except Problem:
            return False
        return True

    def _server_pid(self) -> int | None:
        """Return the process of this data's server, if it lives."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            if Path(f"/proc/{pid}/cwd").readlink() == self.data.resolve():
                return pid
        except (OSError, ValueError, IndexError):
            pass
        return None

    def _launch(self, programs: Path) -> None:
        """Start the server. After a ``kill -9`` its dead process may linger for a second: retry."""
        deadline = time.monotonic() + 60
        while True:
            if self._server_pid() is None:  # notes of a killed server: their number may be anybody
                for note in (self.data / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
                    note.unlink(missing_ok=True)
            try:
                self._call(
                    [
                        programs / "pg_ctl",
                        "-D",
                        self.data,
                        "-l",
                        self.log,
                        "-w",
                        "-t",
                        "60",
                        "-s",
                        "start",
                    ],
                    what="Starting PostgreSQL",
                )
                return
            except Problem as problem:
                if self._answers(programs):
                    return
                check_room(self.folder)
                said = tail(self.log)
                if time.monotonic() > deadline or not re.search("lock file|in use|starting", said):
                    raise Problem(
                        "PostgreSQL does not start.",
                        detail=said or problem.detail,
                        hint=f"Its log is {self.log}.",
                    ) from problem
                time.sleep(0.25)  # before the next try

    def _make_roles(self, programs: Path) -> None:
        self._psql(
            programs,
            ROLES.format(
                name=NAME,
                owner=OWNER,
                web=WEB,
                database=DATABASE,
                template=TEMPLATE,
                createdb="createdb" if self.for_tests else "nocreatedb",
            ),
        )
