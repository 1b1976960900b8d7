"""The access matrix: every persona at every address, own, neighbour's and another agency's.

What each gets stands in ``tests/house/url_table.csv`` (one's own), ``neighbour.csv`` (the same of
another programme) and ``sharing.csv`` (what another agency owns); they are written by hand from the
rules, and an answer that differs is wrong until the table is changed on purpose. Besides the
status, no answer may hold a text that the persona must never read, and the ledger must have noted
what was read of people and what was denied.
"""

from __future__ import annotations

import difflib
import logging
import re
import uuid
from itertools import chain
from pathlib import Path

import pytest

from tests import areas
from tests.matrix.cast import PERSONAS, Cast, make_cast
from tests.matrix.cells import (
    NOT_ASKED,
    Visitor,
    all_rows,
    ask,
    body_of,
    count_cells,
    filled,
    read,
)
from tests.matrix.relations import writable_relations
from tests.matrix.things import make_things

HERE = Path(__file__).parent
LEAST_CELLS = 10_000


@pytest.fixture
def cast(people, settings) -> Cast:
    settings.DEMONSTRATION = True
    settings.SECOND_FACTOR_WAIVED = False
    return make_cast(people)


@pytest.fixture
def known(cast):
    return make_things(cast)


@pytest.fixture
def quiet():
    """Refusals are what is asked for: thousands of them need not be told of."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_persona_gets_what_the_tables_say(persona, cast, known, quiet):
    visitor = Visitor(persona, cast, known)
    asked, wrong = 0, []
    for row in all_rows():
        if row[persona] != NOT_ASKED:
            wrong += visitor.wrong_with(row)
            asked += 1
    assert asked > 0
    assert wrong == [], f"{len(wrong)} of {asked}:\n" + "\n".join(wrong)


def test_the_matrix_has_grown_to_its_size():
    cells = count_cells()
    print(f"{cells} cells")
    assert cells >= LEAST_CELLS


# Placeholders of the table of one's own that have a twin at the neighbour's, and at Leominster one
# that another agency owns or that a role alone does not open.
TWINS = (
    "programme",
    "location",
    "place",
    "place_id",
    "step",
    "step_id",
    "evidence_id",
    "package_id",
    "report_id",
    "entry_id",
    "consent_id",
    "agreement_id",
    "party_id",
    "member_id",
    "programme_member_id",
    "person_id",
    "programme_id",
    "location_id",
    "job_id",
)
OTHERS = ("evidence_id", "consent_id", "package_id", "place_id", "place", "step_id", "job_id")


def with_areas(name: str, house: tuple[str, ...]) -> tuple[str, ...]:
    """Return the placeholders of the house and those of every area."""
    return (*house, *chain.from_iterable(areas.said("things", name)))


def test_every_row_of_a_record_has_its_twin_at_the_neighbours():
    there = {(row["method"], row["path"]) for row in read("neighbour")}
    lacking = [
        f"{row['method']} {row['path']}"
        for row in read("own")
        if (path := twin(row["path"], with_areas("TWINS", TWINS), "n_")) != row["path"]
        and (row["method"], path) not in there
    ]
    assert lacking == [], "add rows to tests/matrix/neighbour.csv"


def test_every_row_of_what_agencies_share_has_its_twin_of_another_agency():
    there = {(row["method"], row["path"]) for row in read("sharing")}
    lacking = [
        f"{row['method']} {row['path']}"
        for row in read("own")
        if (path := twin(row["path"], with_areas("OTHERS", OTHERS), "x_")) != row["path"]
        and (row["method"], path) not in there
    ]
    assert lacking == [], "add rows to tests/matrix/sharing.csv"


def twin(path, placeholders, prefix):
    """Return an address with its placeholders turned; the last only, for another agency's."""
    if prefix == "n_":
        return re.sub(
            r"\{(\w+)\}", lambda m: f"{{n_{m[1]}}}" if m[1] in placeholders else m[0], path
        )
    found = [name for name in placeholders if f"{{{name}}}" in path]
    return path.replace(f"{{{found[0]}}}", f"{{x_{found[0]}}}") if found else path


def rows_of(name):
    return areas.table(HERE / name, name.removesuffix(".csv"))


def test_fields_of_another_agency_are_shown_withheld_or_absent_as_the_table_says(
    cast, known, quiet
):
    """``null``: the field is there and empty, and named under ``withheld``; ``absent``: 404."""
    wrong = []
    for persona in FIELD_READERS:
        client = cast.client(persona)
        said = [wrong_with_field(client, persona, row, known) for row in rows_of("fields.csv")]
        wrong += filter(None, said)
    assert wrong == [], "\n".join(wrong)


FIELD_READERS = ("coordinator", "covered", "lapsed", "other_agency", "teme")


def wrong_with_field(client, persona, row, known):
    """Say what is wrong with one cell of the table of fields; empty if nothing."""
    answer = ask(client, "GET", filled(row["path"], known))
    found = "absent" if answer.status == 404 else str(answer.status)
    if answer.status == 200:
        found = shown(answer.json(), row["field"])
    if found == row[persona]:
        return ""
    return f"{row['path']} {row['field']} as {persona}: {found}, the table says {row[persona]}"


def shown(record, field):
    holder, _, name = field.rpartition(".")
    holder = record[holder] if holder else record
    if holder[name] is not None:
        return "shown"
    return "null" if name in holder["withheld"] else "null without saying so"


def test_every_writable_relation_has_a_row():
    listed = {row["relation"] for row in rows_of("relations.csv")}
    assert writable_relations() - listed == set(), "add rows to tests/matrix/relations.csv"
    assert listed - writable_relations() == set(), "no longer there"


@pytest.mark.parametrize("relation", sorted({row["relation"] for row in rows_of("relations.csv")}))
def test_a_reference_to_a_hidden_record_reads_like_one_to_none(relation, cast, known, quiet):
    wrong = []
    for row in rows_of("relations.csv"):
        if row["relation"] != relation:
            continue
        for persona in row["personas"].split():
            visitor = Visitor(persona, cast, known)
            where = f"{row['method']} {row['path']} {row['body']} as {persona}"
            if row["own"]:
                answer = refer(visitor, row, filled(row["own"], known), known)
                if answer.said != row["own_status"]:
                    wrong.append(f"{where}: own {answer.said}, not {row['own_status']}")
                    wrong += errors_in(answer)
            absent = None
            for kind in ("neighbour", "other"):
                if not row[kind]:
                    continue
                target = filled(row[kind], known)
                absent = refer(visitor, row, like_none(target), known)
                hidden = refer(visitor, row, target, known)
                if hidden.said != row["hidden_status"]:
                    wrong.append(f"{where}: {kind}'s {hidden.said}, not {row['hidden_status']}")
                ours, theirs = plain(absent.body, like_none(target)), plain(hidden.body, target)
                if ours != theirs:
                    wrong.append(f"{where}: {kind}'s reads unlike none")
                    wrong += list(difflib.unified_diff(ours.split("\n"), theirs.split("\n"), n=0))
            if absent is None:
                absent = refer(visitor, row, like_none(filled(row["own"], known)), known)
                if absent.said != row["hidden_status"]:
                    wrong.append(f"{where}: none {absent.said}, not {row['hidden_status']}")
    assert wrong == [], "\n".join(wrong)


def refer(visitor, row, target, known):
    values = {**known, "target": target}
    return visitor.send(row["method"], filled(row["path"], values), body_of(row, values))


def errors_in(answer):
    """Return what a refused form says, or a short answer whole."""
    text = answer.body.decode()
    found = re.findall(r'error-summary__list">(.*?)</ul>', text, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", one).split()) for one in found] or [text[:300]]


def like_none(target):
    return str(uuid.UUID(int=7)) if re.fullmatch(UUID, target) else "no-such-thing"


UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"


def plain(body, target):
    """Return an answer without what differs between two answers to one question."""
    text = body.decode().replace(target, "TARGET")
    text = re.sub(UUID, "ID", text)
    return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', r"\1", text)
