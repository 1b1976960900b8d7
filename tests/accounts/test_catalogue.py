"""One catalogue of permissions and roles, in plain English, and a page that follows from it."""

import pytest
from django.contrib.auth.models import Permission as PermissionRow
from django.core.management import call_command

from accounts.anchors import anchor_kinds
from accounts.permissions import DESCRIPTIONS, Permission
from accounts.roles import CATALOGUE, Role


def test_every_permission_and_role_is_described():
    assert set(DESCRIPTIONS) == set(Permission)
    assert set(CATALOGUE) == set(Role)
    for entry in CATALOGUE.values():
        assert str(entry.name)
        assert str(entry.description).endswith(".")
        assert entry.permissions


def test_every_permission_is_given_by_some_role():
    given = set().union(*(entry.permissions for entry in CATALOGUE.values()))
    assert given == set(Permission)


def test_the_page_of_permissions_is_up_to_date():
    call_command("describe_permissions", "--check", "--json")


@pytest.mark.django_db
def test_each_anchor_has_exactly_the_permissions_of_the_catalogue():
    for kind in anchor_kinds():
        rows = PermissionRow.objects.filter(content_type__model=kind.model._meta.model_name)
        assert set(rows.values_list("codename", flat=True)) == {p.value for p in Permission}
