"""Loads the step templates that come with the product."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from core.history import because
from programmes.models import EvidenceWanted, StepDefinition, StepTemplate

FOLDER = Path(__file__).resolve().parent.parent / "step_templates"


def shipped_templates() -> list[dict[str, Any]]:
    """Read the templates that come with the product, as their files hold them."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]


@transaction.atomic
def ensure_templates(*, by: Any = None) -> list[StepTemplate]:
    """Store each shipped template whose edition is not stored yet; return those that are new.

    An edition that is stored is never changed: programmes keep the version they began with. A
    change of the texts is a new edition in the file.
    """
    made: list[StepTemplate] = []
    with because(by=by, reason="Step templates that come with the product"):
        for data in shipped_templates():
            template, new = StepTemplate.objects.get_or_create(
                slug=data["slug"],
                edition=data["edition"],
                defaults={"name": data["name"], "source": data["source"]},
            )
            if new:
                _store_steps(template, data["steps"])
                made.append(template)
    return made


def _store_steps(template: StepTemplate, steps: list[dict[str, Any]]) -> None:
    definitions = StepDefinition.objects.bulk_create(
        StepDefinition(
            template=template,
            number=step["number"],
            name=step["name"],
            question=step["question"],
            guidance=step["guidance"],
            deliverables=step["deliverables"],
            lead=step["lead"],
            first_week=step["weeks"][0],
            last_week=step["weeks"][1],
        )
        for step in steps
    )
    EvidenceWanted.objects.bulk_create(
        EvidenceWanted(
            step=definition,
            key=wanted["key"],
            label=wanted["label"],
            help_text=wanted["help"],
            required=wanted.get("required", True),
            provider=wanted.get("provider", ""),
            order=order,
        )
        for definition, step in zip(definitions, steps, strict=True)
        for order, wanted in enumerate(step["evidence"], start=1)
    )
