"""The API describes itself, without a warning, and says what every operation shares."""

import io
import json

import pytest
from django.core.management import call_command

from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from tests.house.routes import routes


@pytest.fixture(scope="module")
def schema():
    out = io.StringIO()
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out
    )
    return json.loads(out.getvalue())


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_schema_is_valid_and_without_warnings(schema):
    assert schema["openapi"].startswith("3.")
    assert "/api/v1/agencies/" in schema["paths"]


def test_every_operation_may_answer_with_a_problem_and_says_who_may_call(schema):
    for path, method, operation in operations(schema):
        assert "application/problem+json" in operation["responses"]["default"]["content"], path
        assert operation["security"] == [{"session": []}, {"token": []}], (path, method)


def test_what_changes_a_record_asks_for_its_version(schema):
    for path, method, operation in operations(schema):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("If-Match" in names) == (method in ("put", "patch", "delete")), path


def test_the_schema_can_be_read_as_yaml_and_json_without_signing_in(client, db):
    assert client.get("/api/v1/schema/").content.startswith(b"openapi: 3")
    assert client.get("/api/v1/schema/?format=json").json()["openapi"]


def test_every_reference_that_can_be_written_is_narrowed_to_the_caller():
    """Else a hidden record could be told from none, or be referred to."""
    from rest_framework.serializers import ManyRelatedField, RelatedField

    seen = 0
    for route in routes():
        serializer = getattr(route.view, "serializer_class", None)
        for name, field in serializer().fields.items() if serializer else ():
            inner = field.child_relation if isinstance(field, ManyRelatedField) else field
            if isinstance(inner, RelatedField) and not inner.read_only:
                seen += 1
                kinds = (ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField)
                assert isinstance(inner, kinds), f"{serializer.__name__}.{name}"
    assert seen
