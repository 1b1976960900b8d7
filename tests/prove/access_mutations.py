"""Proof: take out any one scope or sharing rule, and the access matrix turns red.

``bin/prove access_mutations`` breaks, one after the other and in this process, ``visible_to`` of
every scoped model, every condition of its own that a model has, and every rule of what sharing
agreements withhold; and asks the cells of the matrix until one answers otherwise than its table
says. A mutation that no cell notices is a survivor. Prints a line for each. ``MUTATIONS`` in the
environment picks those whose name holds its text.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from django.urls import resolve

import programmes.sharing as sharing
from accounts.sharing import Category
from programmes.models import Location, Programme
from tests.matrix import test_matrix
from tests.matrix.cast import PERSONAS, make_cast
from tests.matrix.cells import NOT_ASKED, Row, Visitor, filled, read
from tests.matrix.things import make_things

pytestmark = pytest.mark.django_db
# What no address can show: everyone signed in sees the same anyway, or the rows are only reached
# through an anchor that is scoped itself. tests/accounts/test_scoping.py asks these directly.
BEHIND = "reached behind its programme or location, which is scoped itself"
WITHOUT_EFFECT = {
    "programmes.StepTemplate.visible_to shows all": "the method is open to read",
    "programmes.ProgrammeMembership.visible_to shows all": BEHIND,
    "programmes.ProgrammeMembership.granted grants all": BEHIND,
    "programmes.LocationMembership.visible_to shows all": BEHIND,
    "programmes.LocationMembership.granted grants all": BEHIND,
    "programmes.SignOff.visible_to shows all": "shown with its step only, which is scoped itself",
}
# Sensitive notes are fields and files of rows that are seen anyway: no rule asks for such rows.
ROW_CATEGORIES = (Category.PEOPLE, Category.FORCE_EXTRACTS, Category.EXACT_COORDINATES)
Breaks = Callable[[pytest.MonkeyPatch], None]


def querysets() -> dict[str, type[Any]]:
    """Return the queryset class of every scoped model, by the model's label."""
    return {
        model._meta.label: type(model._default_manager.all())
        for model in apps.get_models()
        if hasattr(model._default_manager.all(), "visible_to")
    }


def mutations() -> Iterator[tuple[str, str, Breaks]]:
    """Yield each mutation: its name, the label of the model that it concerns, what breaks it."""
    for label, rows in querysets().items():
        yield f"{label}.visible_to shows all", label, _everything_visible(rows)
        if "granted" in vars(rows):
            yield f"{label}.granted grants all", label, _everything_granted(rows)
    for model in (Location, Programme):
        yield f"{model.__name__}.granted_ids are all", model._meta.label, _all_ids(model)
    for category in Category:
        yield f"covers {category.value}", "", _covers(category)
    for category in ROW_CATEGORIES:
        yield f"covered_rows {category.value}", "", _covered_rows(category)
    for rule in ("opens_evidence", "opens_step", "opens_sign_off", "opens_area"):
        yield f"{rule} opens all", "", _opens(rule)


def _everything_visible(rows: type[Any]) -> Breaks:
    def visible_to(self: Any, user: Any, permission: str = "view") -> Any:
        return self.all()

    return lambda patch: patch.setattr(rows, "visible_to", visible_to)


def _everything_granted(rows: type[Any]) -> Breaks:
    return lambda patch: patch.setattr(rows, "granted", lambda self, user, permission: Q())


def _all_ids(model: type[Any]) -> Breaks:
    def granted_ids(self: Any, user: Any, permission: str) -> Any:
        return model._base_manager.order_by().values("pk")

    return lambda patch: patch.setattr(
        type(model._default_manager.all()), "granted_ids", granted_ids
    )


def _covers(category: Category) -> Breaks:
    true = sharing.Shared.covers

    def covers(self: Any, asked: Category, *args: Any) -> bool:
        return asked == category or true(self, asked, *args)

    return lambda patch: patch.setattr(sharing.Shared, "covers", covers)


def _covered_rows(category: Category) -> Breaks:
    true = sharing.covered_rows

    def covered_rows(user: Any, asked: Category, **kwargs: Any) -> Q:
        return Q() if asked == category else true(user, asked, **kwargs)

    return lambda patch: _everywhere(patch, true, covered_rows)


def _opens(rule: str) -> Breaks:
    true = getattr(sharing, rule)
    return lambda patch: _everywhere(patch, true, lambda *args, **kwargs: True)


def _everywhere(patch: pytest.MonkeyPatch, true: Any, broken: Any) -> None:
    """Put something in a function's place in every module that has imported it."""
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", "")
        if not name.startswith("tests.") and vars(module).get(true.__name__) is true:
            patch.setattr(module, true.__name__, broken)


def about(row: Row, known: dict[str, Any], label: str) -> bool:
    """Say whether a row's address is one of a view on that model."""
    callback = resolve(filled(row["path"], known).split("?")[0]).func
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    queryset = getattr(view, "queryset", None)
    return queryset is not None and queryset.model._meta.label == label


# Whom a rule about other agencies concerns most is asked first.
FIRST = ("other_agency", "lapsed", "partner", "neighbour", "stranger")


def first_wrong(visitors: dict[str, Visitor], rows: list[Row], breaks: Breaks) -> tuple[str, int]:
    """Return the first cell that is wrong while broken and right otherwise, and how many asked."""
    asked = 0
    order = sorted(visitors, key=lambda name: (name not in FIRST, name))
    patch = pytest.MonkeyPatch()
    breaks(patch)
    try:
        for row in rows:
            for persona in order:
                if row[persona] == NOT_ASKED:
                    continue
                asked += 1
                wrong = visitors[persona].wrong_with(row)
                if not wrong:
                    continue
                patch.undo()
                if not visitors[persona].wrong_with(row):
                    return wrong[0], asked
                breaks(patch)
    finally:
        patch.undo()
    return "", asked


def fields_notice(cast: Any, known: dict[str, Any], breaks: Breaks) -> str:
    """Say whether the table of fields notices what the cells have not."""
    with pytest.MonkeyPatch.context() as patch:
        breaks(patch)
        try:
            test_matrix.test_fields_of_another_agency_are_shown_withheld_or_absent_as_the_table_says(
                cast, known, None
            )
        except AssertionError as error:
            return str(error).splitlines()[0]
    return ""


def test_every_mutation_turns_the_matrix_red(people, settings, capsys):
    settings.DEMONSTRATION, settings.SECOND_FACTOR_WAIVED = True, False
    logging.disable(logging.CRITICAL)
    cast = make_cast(people)
    known = make_things(cast)
    visitors = {name: Visitor(name, cast, known) for name in PERSONAS}
    survivors = []
    rows = [*read("sharing"), *read("own"), *read("neighbour")]
    chosen = os.environ.get("MUTATIONS", "")
    for name, label, breaks in mutations():
        if chosen not in name or name in WITHOUT_EFFECT:
            continue
        nearest = sorted(rows, key=lambda row: not (label and about(row, known, label)))
        wrong, asked = "" if label else fields_notice(cast, known, breaks), 0
        if not wrong:
            wrong, asked = first_wrong(visitors, nearest, breaks)
        with capsys.disabled():
            print(f"{'red after' if wrong else 'SURVIVES'} {asked:5d} cells  {name}: {wrong}")
        if not wrong:
            survivors.append(name)
    logging.disable(logging.NOTSET)
    assert survivors == []
