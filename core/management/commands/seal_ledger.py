"""Seals the ledger now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from core.ledger import heads
from core.ledger.chain import after_restore
from core.ledger.seals import seal, unsealed
from core.management.base import HouseCommand
from core.models import LedgerSeal


class Command(HouseCommand):
    """``bin/manage seal_ledger``: what the scheduler does each minute."""

    help = "Seals what is final in the ledger and not sealed yet."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is only done on purpose."""
        parser.add_argument(
            "--write-heads",
            action="store_true",
            help="write the file of heads anew from the chain as it stands (after its loss)",
        )
        parser.add_argument(
            "--after-restore",
            action="store_true",
            help="let a database restored on another server count on (as the tables' owner)",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        """Seal, and say what is left."""
        if options["after_restore"]:
            after_restore()
        if options["write_heads"]:
            heads.write_all(LedgerSeal.objects.order_by("number").iterator(chunk_size=2000))
        made = seal()
        last, rest, oldest = unsealed()
        return {
            "sealed": made.entries if made else 0,
            "seal": last.number if last else None,
            "digest": last.digest if last else None,
            "unsealed": rest,
            "unsealed_since": oldest.at if oldest else None,
        }
