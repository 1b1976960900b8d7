"""PostgreSQL and Redis for as long as anybody needs them: the last command out stops them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from _house import postgres, redis
from _house.layout import Place
from _house.locks import Lock
from _house.postgres import Postgres
from _house.redis import Redis
from _house.says import say


@dataclass
class Services:
    """The private services of a place, or those that ``DATABASE_URL`` and ``REDIS_URL`` name.

    Everybody who uses them shares the lock ``services-used``; whoever leaves and can then take it
    alone was the last, and stops them. Starting and stopping happen one at a time. A command that
    was killed has let its lock go, so the next one finds the services up, uses and stops them.
    """

    place: Place
    for_tests: bool = False
    _users: Lock = field(init=False)
    _gate: Lock = field(init=False)

    def __post_init__(self) -> None:
        self._users = Lock(self.place.locks / "services-used")
        self._gate = Lock(self.place.locks / "services-change")
        outside = {} if self.for_tests else os.environ
        self.database_url = outside.get("DATABASE_URL", "")
        self.owner_url = outside.get("DATABASE_OWNER_URL", "") or self.database_url
        self.redis_url = outside.get("REDIS_URL", "")
        self._private: list[Postgres | Redis] = []
        if not self.database_url:
            self._private.append(Postgres(self.place, for_tests=self.for_tests))
            self.database_url = postgres.url(self.place)
            self.owner_url = postgres.url(self.place, postgres.OWNER)
        if not self.redis_url:
            self._private.append(Redis(self.place))
            self.redis_url = redis.url(self.place)

    @property
    def has_private_database(self) -> bool:
        """Whether the database is ours, and not one that ``DATABASE_URL`` names."""
        return any(isinstance(service, Postgres) for service in self._private)

    def __enter__(self) -> Services:
        with self._gate:
            self._users.share()
            try:
                for service in self._private:
                    service.start()
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(self, *unused: object) -> None:
        with self._gate:
            self._leave()

    def revive(self) -> None:
        """Start again what has died while we use it."""
        for service in self._private:
            if not service.lives():
                say(f"  {service.name} ended; starting it again.")
                with self._gate:
                    service.start()

    def _leave(self) -> None:
        self._users.release()
        if self._users.try_exclusive():
            for service in reversed(self._private):
                service.stop()
        self._users.release()
