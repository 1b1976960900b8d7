"""The roles of a production database, made by the same statements as those of ``bin/run``."""

from __future__ import annotations

import os
from pathlib import Path

from _house.postgres import DATABASE, NAME, OWNER, ROLES, TEMPLATE, WEB
from _house.says import Problem, say
from _house.shell import call


def secret(name: str) -> str:
    """Return the secret in the file that the variable ``name`` names."""
    path = os.environ.get(name)
    if not path:
        raise Problem(f"Set {name} to the file that holds the password.")
    text = Path(path).read_text(encoding="utf-8").strip()
    if len(text) < 20:
        raise Problem(
            f"The password in {path} is too short: 20 characters at least.",
            hint="For instance: head -c 30 /dev/urandom | base64",
        )
    return text


def main(words: list[str]) -> int:
    """Make roles, PostGIS and database on the server that ``PGHOST`` names; repeatable."""
    quoted = {
        role: "'" + secret(name).replace("'", "''") + "'"
        for role, name in ((OWNER, "OWNER_PASSWORD_FILE"), (WEB, "WEB_PASSWORD_FILE"))
    }
    sql = ROLES.format(
        name=NAME, owner=OWNER, web=WEB, database=DATABASE, template=TEMPLATE, createdb="nocreatedb"
    )
    sql += "set password_encryption = 'scram-sha-256';\n"
    # Passwords go through standard input: neither a process list nor the server's log shows them.
    sql += "set log_statement = 'none';\nset log_min_error_statement = 'panic';\n"
    sql += "".join(f"alter role {role} password {word};\n" for role, word in quoted.items())
    call(
        ["psql", "-X", "-q", "-d", "postgres", "-f", "-"],
        what="Making the roles",
        text=sql,
        env={**os.environ, "PGAPPNAME": NAME, "PGPASSWORD": secret("POSTGRES_PASSWORD_FILE")},
    )
    say(f"Roles {OWNER} and {WEB} and the database {DATABASE} are there.")
    return 0
