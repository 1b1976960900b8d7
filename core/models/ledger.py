"""The ledger: who saw, searched, exported, changed or was denied what, and the seals over it.

Rows are inserted and never touched again: a trigger refuses it to everyone, and the web's database
role lacks the right. They hold identifiers, never the content of records, so that what is erased
elsewhere does not live on here. How it works as a whole: docs/ledger.md.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.choices import LedgerAction
from core.personal import Personal


class CurrentTransaction(models.Func):
    """The number of the running transaction: entries of one that is still open cannot be sealed."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Entries that a person may read, as the floors say (``core.ledger.readers``)."""

    def visible_to(self, user: Any, permission: str = "view") -> LedgerQuerySet:
        """Return those about one's anchors, agency or duties; with "own", one's own doings."""
        from core.ledger.readers import readable

        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        if permission == "own":
            return self.filter(actor=user.pk)
        if user.is_superuser:
            return self.all()
        return self.filter(readable(user))


class LedgerEntry(models.Model):
    """One event. References are plain identifiers: an entry outlives what it speaks of.

    ``subject`` is a model's label ("programmes.Evidence") with ``subject_id``; ``anchor`` the label
    of the programme, location or agency under which it lies; a list over several of them names
    their ids in ``anchors`` instead. ``owner`` is the agency whose information it was, where a
    record belongs to one. ``touches`` says what kind of information was concerned ("personal",
    "sensitive" or a category of sharing). ``rows`` counts what a list or an export held.
    ``by_way_of`` says how the person was known (session, link, token, job, command). ``request``
    is shared by all entries of one request or one job. ``at`` and ``transaction`` are set by the
    database, whatever is sent.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"), db_default=Now())
    transaction = models.BigIntegerField(db_default=CurrentTransaction())
    request = models.UUIDField(null=True)
    actor = models.UUIDField(_("who"), null=True)
    actor_agency = models.UUIDField(null=True)
    by_way_of = models.CharField(max_length=20, blank=True)
    action = models.CharField(_("what"), max_length=20, choices=LedgerAction.choices)
    subject = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=100, blank=True)
    anchor = models.CharField(max_length=100, blank=True)
    anchor_id = models.UUIDField(null=True)
    anchors = ArrayField(models.UUIDField(), default=list)
    owner = models.UUIDField(null=True)
    touches = ArrayField(models.CharField(max_length=30), default=list)
    rows = models.PositiveIntegerField(null=True)
    path = models.CharField(max_length=300, blank=True)
    reason = models.TextField(_("why"), blank=True)
    detail = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {
        "actor": Personal.TRACE,
        "request": Personal.TRACE,
        "subject_id": Personal.TRACE,
        "path": Personal.TRACE,
        "reason": Personal.FREE_TEXT,
        "detail": Personal.TRACE,
    }
    impersonal: ClassVar[tuple[str, ...]] = (
        "actor_agency",
        "by_way_of",
        "subject",
        "anchor",
        "anchor_id",
        "anchors",
        "owner",
        "touches",
    )

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["transaction", "id"], name="ledger_order"),
            models.Index(fields=["action", "-id"], name="ledger_action"),
            models.Index(fields=["actor", "-id"], name="ledger_actor"),
            models.Index(fields=["actor_agency", "-id"], name="ledger_agency"),
            models.Index(fields=["anchor_id", "-id"], name="ledger_anchor"),
            models.Index(fields=["owner", "-id"], name="ledger_owner"),
            models.Index(fields=["subject", "subject_id", "-id"], name="ledger_subject"),
            GinIndex(fields=["anchors"], name="ledger_anchors", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.subject}"


class LedgerSeal(models.Model):
    """A link of the chain: the hash over the previous link and every entry up to a transaction.

    ``up_to`` is the first transaction that is not covered: all earlier ones had ended when the seal
    was made, so what it covers is final. ``digest`` is an HMAC-SHA256 under a key that the database
    does not know; ``key`` says which one (not the key itself), so that keys can be changed.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField(db_default=Now())
    up_to = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    key = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)

    impersonal: ClassVar[tuple[str, ...]] = ("key", "digest")

    class Meta:
        verbose_name = _("seal of the ledger")
        verbose_name_plural = _("seals of the ledger")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.entries} entries"
