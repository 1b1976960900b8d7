"""The cells of the access matrix: reads the tables, sends a request for each, weighs the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import resolve

from core.choices import LedgerAction
from core.models import LedgerEntry
from core.personal import touches_people
from tests import areas
from tests.matrix.cast import PERSONAS, Cast
from tests.matrix.things import SECRETS

HERE = Path(__file__).parent
TABLES = {
    "own": HERE.parent / "house" / "url_table.csv",
    "neighbour": HERE / "neighbour.csv",
    "sharing": HERE / "sharing.csv",
}
NOT_ASKED = "-"  # a token opens no page
WAYS_IN = {
    "/accounts/login/": "login",
    "/accounts/security/second-step/": "mfa",
    "/accounts/confirm/code/": "mfa",
}
Row = dict[str, str]


def read(table: str) -> list[Row]:
    """Return the rows of one table, those of the areas among them."""
    return areas.table(TABLES[table], table)


def all_rows() -> Iterator[Row]:
    """Yield the rows of all tables."""
    for table in TABLES:
        yield from read(table)


def count_cells() -> int:
    """Return how many cells are asked."""
    return sum(row[name] != NOT_ASKED for row in all_rows() for name in PERSONAS)


def filled(text: str, known: dict[str, Any]) -> str:
    """Put the values of this run in the place of a table's placeholders."""
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


@dataclass
class Answer:
    """What came back: the word of the table, the body, and what the ledger noted meanwhile."""

    said: str
    status: int
    body: bytes
    noted: list[LedgerEntry] = field(default_factory=list)

    def json(self) -> Any:
        """Return the body as data."""
        return json.loads(self.body)


def ask(
    client: Client,
    method: str,
    path: str,
    body: Any = None,
    *,
    since: int | None = None,
    **headers: str,
) -> Answer:
    """Send one request, take everything back that it has done, and return the answer."""
    send = getattr(client, method.lower())
    with transaction.atomic():
        if method == "GET":
            response = send(path, headers=headers)
        elif path.startswith("/api/"):
            data = json.dumps({} if body is None else body)
            response = send(path, data=data, content_type="application/json", headers=headers)
        else:
            response = send(path, data=body or {}, headers=headers)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        entries = LedgerEntry.objects.filter(id__gt=since) if since is not None else []
        answer = Answer(word_for(response), response.status_code, content, list(entries))
        transaction.set_rollback(True)
    return answer


def word_for(response: Any) -> str:
    """Return what the tables call an answer: its status, or where it sends to get in."""
    if response.status_code == 302:
        for way, word in WAYS_IN.items():
            if response.url.startswith(way):
                return word
    return str(response.status_code)


@cache
def every_secret() -> dict[str, set[str]]:
    """Return the secrets of the house and of every area, with the personas who may read each."""
    secrets = dict(SECRETS)
    for more in areas.said("things", "SECRETS"):
        assert not secrets.keys() & more.keys(), "Two areas hide the same words."
        secrets.update(more)
    return secrets


def secrets_in(persona: str, body: bytes) -> list[str]:
    """Return the secrets in an answer that this persona must never read."""
    return [
        secret
        for secret, readers in every_secret().items()
        if persona not in readers and secret.encode() in body
    ]


def ledger_gap(row: Row, path: str, answer: Answer) -> str:
    """Say what the ledger should have noted about an answer and has not; empty if nothing."""
    actions = {entry.action for entry in answer.noted}
    if answer.status == 403 or (answer.status == 404 and hides_something(row)):
        return "" if LedgerAction.DENIED in actions else "a denial is not in the ledger"
    if answer.status == 200 and row["method"] == "GET" and shows_people(path):
        read = {LedgerAction.VIEW, LedgerAction.SEARCH, LedgerAction.DOWNLOAD}
        return "" if read & actions else "what was read of people is not in the ledger"
    return ""


def hides_something(row: Row) -> bool:
    """Say whether somebody finds at this address what others are told is not there."""
    return "{" in row["path"] and any(row[name] in SEEN for name in PERSONAS)


SEEN = ("200", "201", "202", "302", "304", "400", "422", "428")
# Looking at one's own is not noted; what it leads to (a file, a record) is where it is shown.
ONES_OWN = ("/jobs/", "/api/v1/jobs/", "/ledger/mine/", "/tables/")


def shows_people(path: str) -> bool:
    """Say whether the view at an address is about a model that holds data of people."""
    if path.startswith(ONES_OWN):
        return False
    callback = resolve(path.split("?", maxsplit=1)[0]).func
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    queryset = getattr(view, "queryset", None)
    return queryset is not None and touches_people(queryset.model)


class Visitor:
    """One persona in its session, who asks for one cell after the other."""

    def __init__(self, persona: str, cast: Cast, known: dict[str, Any]) -> None:
        self.persona, self.known = persona, known
        self.client = cast.client(persona)
        self.signed_in = self.client.cookies.output().replace("Set-Cookie: ", "")
        self.since = 0

    def send(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Answer:
        """Ask with the cookies of the beginning: a row signs out, others leave a message."""
        self.client.cookies.clear()
        self.client.cookies.load(self.signed_in)
        return ask(self.client, method, path, body, **kwargs)

    def wrong_with(self, row: Row) -> list[str]:
        """Return what is wrong with the answer to a row: status, secrets, ledger."""
        path = filled(row["path"], self.known)
        answer = self.send(row["method"], path, body_of(row, self.known), since=self.since)
        self.since = max([self.since, *(entry.id for entry in answer.noted)])
        where = f"{row['method']} {row['path']} {row['body']} as {self.persona}"
        wrong = []
        if answer.said != row[self.persona]:
            wrong.append(f"{where}: {answer.said}, the table says {row[self.persona]}")
        wrong += [f"{where}: holds {secret}" for secret in secrets_in(self.persona, answer.body)]
        if self.persona != "anonymous" and (gap := ledger_gap(row, path, answer)):
            wrong.append(f"{where}: {answer.said}, {gap}")
        return wrong


def body_of(row: Row, known: dict[str, Any]) -> Any:
    """Return what a row sends, None for nothing."""
    return json.loads(filled(row["body"], known)) if row["body"] else None
