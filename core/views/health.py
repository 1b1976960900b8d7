"""Whether this process can serve, for load balancers and container health checks."""

from __future__ import annotations

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.views.generic import View

from core.views.base import public


@public("Load balancers and health checks ask it; it tells whether services answer, nothing else.")
class HealthView(View):
    """200 while the database answers; Redis is reported, but pages work without it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> JsonResponse:
        """Ask the database and Redis, each for a second at most."""
        database = _database_answers()
        body = {
            "status": "ok" if database else "failing",
            "database": "ok" if database else "failing",
            "redis": "ok" if _redis_answers() else "failing",
        }
        response = JsonResponse(body, status=200 if database else 503)
        response["Cache-Control"] = "no-store"
        return response


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except (DatabaseError, InterfaceError):
        return False


def _redis_answers() -> bool:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=1,
            socket_connect_timeout=1,
        ) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError, ValueError):
        return False
