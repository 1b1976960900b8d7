"""Proof: take out any one scope or sharing rule, and the access matrix turns red.

``bin/prove access_mutations`` breaks, one after the other and in this process, ``visible_to`` of
every scoped model, every condition of its own that a model has (once wholly, once down to what its
location or programme says), and every rule of what is withheld from whom; and asks the cells of the
matrix until one answers otherwise than its table says. A mutation that no cell notices is a
survivor, and fails; so does one that has an effect although ``WITHOUT_EFFECT`` says it has none.
Prints a line for each. ``MUTATIONS`` in the environment picks those whose name holds one of its
texts (several with a comma between). With ``MUTATIONS_NEAR=1000`` no more than so many cells are
asked for each, and a rule they do not prove fails at once.

A model's rule is broken for that model alone, also where several share a queryset. What is asked
first are the rows that use the rule (to find out, each is asked unbroken, as two people). A rule
that these do not prove is asked about in every other cell that uses it, and to find those every
cell is asked once, which takes half an hour. Cells that do not use a rule cannot answer otherwise
without it, and are left out.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pkgutil import resolve_name
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from django.urls import resolve

import programmes.sharing as sharing
from accounts.scoping import ScopedQuerySet
from accounts.sharing import Category
from programmes.models import Location, Programme
from tests.matrix import test_matrix
from tests.matrix.cast import PERSONAS, Cast, make_cast
from tests.matrix.cells import NOT_ASKED, Row, Visitor, filled, read
from tests.matrix.things import make_things

pytestmark = pytest.mark.django_db
# What no address can show: everyone signed in sees the same anyway, or the rows are only reached
# through an anchor that is scoped itself. tests/accounts/test_scoping.py asks these directly.
BEHIND = "reached behind its programme or location, which is scoped itself"
# The proof holds this one to its word: a rule that some row turns out to use fails.
UNUSED = "no address asks for these rows; they come with the record that they belong to"
WITHOUT_EFFECT = {
    "programmes.StepTemplate.visible_to shows all": "the method is open to read",
    "delivery.TrainingCourse.visible_to shows all": "the method is open to read",
    "programmes.ProgrammeMembership.visible_to shows all": BEHIND,
    "programmes.ProgrammeMembership.granted grants all": BEHIND,
    "programmes.ProgrammeMembership.granted as its anchor": BEHIND,
    "programmes.LocationMembership.visible_to shows all": BEHIND,
    "programmes.LocationMembership.granted grants all": BEHIND,
    "programmes.LocationMembership.granted as its anchor": BEHIND,
    "reports.QuarterNarrative.granted as its anchor": (
        "addresses ask for words to approve only, which is granted alike in both; the page of a "
        "quarter asks for the right, not for the row"
    ),
    "programmes.SignOff.visible_to shows all": UNUSED,
    "delivery.ActionComment.visible_to shows all": UNUSED,
    "delivery.PublicPage.visible_to shows all": UNUSED,
    "delivery.TrainingAttendance.visible_to shows all": UNUSED,
    "problems.Baseline.visible_to shows all": UNUSED,
    "problems.EvaluationArea.visible_to shows all": UNUSED,
    "problems.Plan.visible_to shows all": UNUSED,
    "problems.StageChange.visible_to shows all": UNUSED,
    "surveys.AnswerCode.visible_to shows all": UNUSED,
    "surveys.AnswerCode.granted grants all": UNUSED,
    "surveys.AnswerCode.granted as its anchor": UNUSED,
    "surveys.Reply.visible_to shows all": UNUSED,
    "surveys.Reply.granted grants all": UNUSED,
    "surveys.Reply.granted as its anchor": UNUSED,
    "surveys.SurveyQuestion.visible_to shows all": UNUSED,
}
# True of every row. An empty Q would be none: beside an OR it takes away what the other side opens.
ALWAYS = ~Q(pk__in=[])
# What is withheld from whom, beside sharing itself: each function with its answer when taken out.
# What only jobs ask (which feeds have part in a package) no address can show; their tests do.
WITHHOLDING = {
    "programmes.sharing:opens_evidence": True,
    "programmes.sharing:opens_step": True,
    "programmes.sharing:opens_sign_off": True,
    "programmes.sharing:opens_area": True,
    "programmes.sharing:covered_for_all": ALWAYS,
    "delivery.selectors.actions:opens_action": True,
    "delivery.selectors.actions:opens_comment": True,
    "delivery.selectors.groups:Naming.opens": True,
    "delivery.selectors.groups:Naming.reaches": True,
    "delivery.selectors.help:opens": True,
    "delivery.selectors.log:opens_text": True,
    "delivery.selectors.log:opens_photo": True,
    "delivery.selectors.minutes:may_read_names": True,
    "assets.querysets:agreed": ALWAYS,
    "assets.sight:Sight.reasons": {},
    "surveys.services.texts:may_read_texts": True,
    "problems.models.problem:unless_sensitive": ALWAYS,
    "reports.selectors:may_read_annex": True,
}


def everywhere(true: Any) -> list[tuple[Any, str]]:
    """Return where a function stands: every module that has imported it, and under which name."""
    modules = [one for one in list(sys.modules.values()) if getattr(one, "__name__", "")]
    return [
        (module, name)
        for module in modules
        if not module.__name__.startswith("tests.")
        for name, value in list(vars(module).items())
        if value is true
    ]


@dataclass(frozen=True)
class Mutation:
    """A rule taken out: where it stands, which of its calls it is, and what it answers then.

    ``label`` is the model that it concerns, empty for rules of withholding.
    """

    name: str
    places: Callable[[], list[tuple[Any, str]]]
    answer: Callable[..., Any]
    concerns: Callable[..., bool] = lambda *args, **kwargs: True
    label: str = ""

    def put(self, patch: pytest.MonkeyPatch, stand_in: Callable[[Any], Any]) -> None:
        """Put something in the rule's place, made from the rule as it is."""
        made: dict[Any, Any] = {}
        for holder, attribute in self.places():
            true = getattr(holder, attribute)
            if true not in made:  # the same everywhere, so that others find all of them again
                made[true] = self._only_where_concerned(true, stand_in(true))
            patch.setattr(holder, attribute, made[true])

    def _only_where_concerned(self, true: Any, instead: Any) -> Any:
        def chosen(*args: Any, **kwargs: Any) -> Any:
            return (instead if self.concerns(*args, **kwargs) else true)(*args, **kwargs)

        return chosen

    def take_out(self, patch: pytest.MonkeyPatch) -> None:
        """Break the rule."""
        self.put(patch, lambda true: self.answer)

    def watch(self, patch: pytest.MonkeyPatch, used: set[str]) -> None:
        """Leave the rule as it is, and note its name whenever it is asked."""

        def noting(true: Any) -> Any:
            def noted(*args: Any, **kwargs: Any) -> Any:
                used.add(self.name)
                return true(*args, **kwargs)

            return noted

        self.put(patch, noting)


def of_model(model: type[Any], method: str, what: str, answer: Callable[..., Any]) -> Mutation:
    """Return the mutation of a method of a model's queryset, for that model alone."""
    rows, label = type(model._default_manager.all()), model._meta.label
    return Mutation(
        f"{label}.{method} {what}",
        lambda: [(rows, method)],
        answer,
        lambda self, *args, **kwargs: self.model._meta.label == label,
        label,
    )


def mutations() -> Iterator[Mutation]:
    """Yield each mutation."""
    for model in apps.get_models():
        rows = type(model._default_manager.all())
        if not hasattr(rows, "visible_to"):
            continue
        yield of_model(model, "visible_to", "shows all", lambda self, *args, **kwargs: self.all())
        if not issubclass(rows, ScopedQuerySet):
            continue
        if rows.visible_to is not ScopedQuerySet.visible_to and rows.scope_paths:
            yield of_model(model, "visible_to", "as any other", ScopedQuerySet.visible_to)
        if rows.granted is not ScopedQuerySet.granted:
            yield of_model(model, "granted", "grants all", lambda *args, **kwargs: ALWAYS)
            if rows.scope_paths:
                yield of_model(model, "granted", "as its anchor", ScopedQuerySet.granted)
    for model in (Location, Programme):
        ids = model._base_manager.order_by().values
        yield of_model(model, "granted_ids", "are all", lambda *args, ids=ids, **kwargs: ids("pk"))
    for category in Category:
        yield Mutation(
            f"covers {category.value}",
            lambda: [(sharing.Shared, "covers")],
            lambda *args, **kwargs: True,
            lambda self, asked, *args, category=category, **kwargs: asked == category,
        )
        yield Mutation(
            f"covered_rows {category.value}",
            lambda: everywhere(sharing.covered_rows),
            lambda *args, **kwargs: ALWAYS,
            lambda user, asked, category=category, **kwargs: asked == category,
        )
    for name, answer in WITHHOLDING.items():
        yield withholding(name, answer)


def withholding(name: str, answer: Any) -> Mutation:
    """Return the mutation of a function of that name, which then answers always the same."""
    return Mutation(name, lambda: standing(name), lambda *args, **kwargs: answer)


def standing(name: str) -> list[tuple[Any, str]]:
    """Return where a function or a method of that name stands."""
    module, _, path = name.partition(":")
    holder, _, attribute = path.rpartition(".")
    if holder:
        return [(resolve_name(f"{module}:{holder}"), attribute)]
    return everywhere(resolve_name(name))


@dataclass(frozen=True)
class Cell:
    """A row of a table (its number among all), as one persona; ``fields``: of that table."""

    number: int
    row: Row = field(compare=False)
    persona: str
    fields: bool = False

    @property
    def refuses(self) -> bool:
        """Whether something is kept back here."""
        return self.row[self.persona] in ("403", "404", "absent", "null")


# Whom a rule about other agencies concerns most is asked first.
FIRST = ("other_agency", "lapsed", "partner", "neighbour", "stranger")
ORDER = [*FIRST, *(name for name in PERSONAS if name not in FIRST)]


class Matrix:
    """All cells, asked of visitors who are signed in already."""

    def __init__(self, cast: Cast, rules: Iterable[Mutation]) -> None:
        self.rules = list(rules)
        self.known = make_things(cast)
        self.visitors = {name: Visitor(name, cast, self.known) for name in PERSONAS}
        self.readers = {name: cast.client(name) for name in test_matrix.FIELD_READERS}
        rows = [*read("sharing"), *read("own"), *read("neighbour")]
        self.models = [self._model_of(row) for row in rows]
        self.cells = [
            Cell(number, row, persona)
            for number, row in enumerate(rows)
            for persona in ORDER
            if row[persona] != NOT_ASKED
        ]
        self.cells += [
            Cell(number, row, persona, fields=True)
            for number, row in enumerate(test_matrix.rows_of("fields.csv"))
            for persona in self.readers
        ]

    def _model_of(self, row: Row) -> str:
        """Return the label of the model on which the view of a row's address is, if it is."""
        callback = resolve(filled(row["path"], self.known).split("?")[0]).func
        view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
        queryset = getattr(view, "queryset", None)
        return queryset.model._meta.label if queryset is not None else ""

    def wrong_with(self, cell: Cell) -> str:
        """Return what is wrong with the answer to a cell, empty if nothing."""
        if cell.fields:
            client = self.readers[cell.persona]
            return test_matrix.wrong_with_field(client, cell.persona, cell.row, self.known)
        return next(iter(self.visitors[cell.persona].wrong_with(cell.row)), "")

    def users_of(self, cells: Iterable[Cell]) -> dict[str, set[Cell]]:
        """Return which of these cells use each rule, by its name."""
        found = defaultdict(set)
        used: set[str] = set()
        with pytest.MonkeyPatch.context() as patch:
            for rule in self.rules:
                rule.watch(patch, used)
            for cell in cells:
                used.clear()
                self.wrong_with(cell)
                for name in used:
                    found[name].add(cell)
        return found

    @cached_property
    def near(self) -> dict[str, set[tuple[bool, int]]]:
        """Which rows use each rule, as asked by those who get furthest and by a partner."""
        asked = [
            cell
            for cell in self.cells
            if cell.persona in (["other_agency"] if cell.fields else ["manager", "partner"])
        ]
        return {
            name: {(cell.fields, cell.number) for cell in cells}
            for name, cells in self.users_of(asked).items()
        }

    @cached_property
    def far(self) -> dict[str, set[Cell]]:
        """Every cell that uses each rule: asks all of them once, which takes a while."""
        return self.users_of(self.cells)

    def nearest(self, rule: Mutation) -> list[Cell]:
        """Return the cells of the rows that use a rule, the most likely to notice first."""
        rows = self.near.get(rule.name, set())

        def rank(cell: Cell) -> tuple[bool, bool, bool, int, int]:
            about = cell.fields or not rule.label or self.models[cell.number] == rule.label
            place = ORDER.index(cell.persona)
            return (
                not (cell.fields and not rule.label),
                not about,
                not cell.refuses,
                place,
                cell.number,
            )

        return sorted((cell for cell in self.cells if (cell.fields, cell.number) in rows), key=rank)

    def first_wrong(self, rule: Mutation, cells: Iterable[Cell]) -> tuple[str, int]:
        """Return the first cell that is wrong only while broken (or ""), and how many asked."""
        asked = 0
        patch = pytest.MonkeyPatch()
        rule.take_out(patch)
        try:
            for cell in cells:
                asked += 1
                if not (wrong := self.wrong_with(cell)):
                    continue
                patch.undo()
                if not self.wrong_with(cell):
                    return wrong, asked
                rule.take_out(patch)
        finally:
            patch.undo()
        return "", asked


def chosen(rules: Iterable[Mutation]) -> list[Mutation]:
    """Return those whose name holds one of the texts asked for; without any, all."""
    texts = os.environ.get("MUTATIONS", "").split(",")
    return [rule for rule in rules if any(text in rule.name for text in texts)]


def test_every_mutation_turns_the_matrix_red(people, settings, capsys):
    settings.DEMONSTRATION, settings.SECOND_FACTOR_WAIVED = True, False
    logging.disable(logging.CRITICAL)
    every = list(mutations())
    rules = chosen(every)
    assert rules, "MUTATIONS names none."
    assert WITHOUT_EFFECT.keys() <= {rule.name for rule in every}, "no such rule"
    matrix = Matrix(make_cast(people), every)
    used = [name for name, why in WITHOUT_EFFECT.items() if why is UNUSED and name in matrix.near]
    assert used == [], "an address asks for these after all"
    most = int(os.environ.get("MUTATIONS_NEAR", "0")) or None

    def tell(word: str, asked: int, since: float, rule: Mutation, wrong: str) -> None:
        took = time.monotonic() - since
        with capsys.disabled():
            print(f"{word} {asked:5d} cells {took:5.1f} s  {rule.name}: {wrong}", flush=True)

    survivors, has_effect = [], []
    for rule in rules:
        since, near = time.monotonic(), matrix.nearest(rule)
        wrong, asked = matrix.first_wrong(rule, near[:most])
        why = WITHOUT_EFFECT.get(rule.name, "")
        if wrong:
            tell("red after", asked, since, rule, wrong)
            has_effect += [rule.name] if why else []
        elif why:
            tell("no effect", asked, since, rule, why)
        else:
            tell("not by   ", asked, since, rule, "")
            survivors.append(rule)
    for rule in [] if most else survivors[:]:
        since, done = time.monotonic(), set(matrix.nearest(rule))
        far = matrix.far.get(rule.name, set()) - done
        wrong, asked = matrix.first_wrong(rule, [cell for cell in matrix.cells if cell in far])
        tell("red after" if wrong else "SURVIVES ", asked + len(done), since, rule, wrong)
        if wrong:
            survivors.remove(rule)
    logging.disable(logging.NOTSET)
    assert has_effect == [], "these are no exceptions any more"
    assert [rule.name for rule in survivors] == []
