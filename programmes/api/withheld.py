"""What of a record a caller is told: withheld fields are null and named, the row stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programmes.models import Programme
from programmes.sharing import Shared, share_all, shared_for

NOBODY = Shared(user_id=None, agency_id=None, lead_agency_id=None)


def shared_in(context: Any, programme: Programme) -> Shared:
    """Return what the caller is covered for; nothing where nobody is known."""
    request = context.get("request")
    return NOBODY if request is None else shared_for(request, programme)


class WithheldSerializer(serializers.Serializer):
    """Empties what is withheld and names it in ``withheld``.

    Subclasses say which fields can be withheld, to which programme a record belongs, and whether
    it is open to somebody.
    """

    can_withhold: ClassVar[tuple[str, ...]] = ()
    withheld = serializers.SerializerMethodField(
        help_text="Fields that no sharing agreement opens to you; they are null."
    )

    def programme_of(self, record: Any) -> Programme:
        """Return the programme under which the record lies."""
        raise NotImplementedError

    def is_open(self, record: Any, shared: Shared) -> bool:
        """Say whether the fields are open."""
        raise NotImplementedError

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_withheld(self, record: Any) -> list[str]:
        """Return the names of the fields that are withheld."""
        shared = shared_in(self.context, self.programme_of(record))
        return [] if self.is_open(record, shared) else list(self.can_withhold)

    def to_representation(self, record: Any) -> Any:
        """Return the record without what is withheld."""
        shown = super().to_representation(record)
        return {**shown, **dict.fromkeys(shown["withheld"])}


def share_page(view: Any, programmes: Iterable[Programme]) -> None:
    """Read once what the caller is covered for in the programmes of a page."""
    share_all(view.request, programmes)
