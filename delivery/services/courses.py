"""The catalogue of courses that comes with the product."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from core.history import because
from delivery.models import TrainingCourse

FILE = Path(__file__).resolve().parent.parent / "catalogue" / "courses.json"
TEXTS = ("name", "level", "summary", "order")


def shipped_courses() -> list[dict[str, Any]]:
    """Read the courses that come with the product, in their order."""
    found = json.loads(FILE.read_text(encoding="utf-8"))["courses"]
    return [{**course, "order": order} for order, course in enumerate(found, start=1)]


@transaction.atomic
def ensure_courses(*, by: Any = None) -> list[TrainingCourse]:
    """Store each shipped course by its key, and its texts as they are now; return what is new.

    Runs after every migration, so the catalogue is there wherever the tables are. Courses that
    somebody added stay.
    """
    stored = {course.key: course for course in TrainingCourse.objects.all()}
    made: list[TrainingCourse] = []
    with because(by=by, reason="Courses that come with the product"):
        for data in shipped_courses():
            course = stored.get(data["key"])
            texts = {name: data[name] for name in TEXTS}
            if course is None:
                made.append(TrainingCourse.objects.create(key=data["key"], **texts))
            elif any(getattr(course, name) != value for name, value in texts.items()):
                for name, value in texts.items():
                    setattr(course, name, value)
                course.save_version(course.version)
    return made
