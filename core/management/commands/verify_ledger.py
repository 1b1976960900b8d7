"""Verifies the ledger against its seals."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from core.ledger.verify import Account, Fault, verify
from core.management.base import HouseCommand


class Command(HouseCommand):
    """``bin/manage verify_ledger [--json]``: exit code 0 only if all is right."""

    help = "Checks every entry of the ledger against the seals, and names what is not sealed yet."

    def run(self, **options: Any) -> dict[str, Any]:
        """Walk the whole ledger."""
        self.account = verify()
        summary = {"right": self.account.wrong == 0, **asdict(self.account)}
        first = next((one.seal for one in self.account.faults if one.seal is not None), None)
        summary["first_wrong_seal"] = first
        return summary

    def describe(self, summary: dict[str, Any]) -> str:
        """Say it in words."""
        return "\n".join(words(self.account))

    def handle(self, *args: Any, **options: Any) -> None:
        """Fail where anything is wrong, after saying what."""
        super().handle(*args, **options)
        if self.account.wrong:
            raise CommandError(f"The ledger is not right: {self.account.wrong} faults.")


def words(account: Account) -> list[str]:
    """Return what was found, line by line; the first fault first."""
    lines = [f"{account.seals} seals over {account.entries} entries."]
    if account.sealed_at:
        lines.append(f"Sealed last on {_moment(account.sealed_at)}.")
    lines += [_fault(fault) for fault in account.faults]
    if account.wrong > len(account.faults):
        lines.append(f"… and {account.wrong - len(account.faults)} faults more.")
    if account.unsealed:
        since = _moment(account.unsealed_since) if account.unsealed_since else ""
        lines.append(f"Not sealed yet: {account.unsealed} entries, since {since}.")
    else:
        lines.append("Every entry is sealed.")
    lines.append("All is right." if not account.wrong else "The ledger is NOT right.")
    return lines


def _fault(fault: Fault) -> str:
    where = f"WRONG: seal {fault.seal}: " if fault.seal is not None else "WRONG: "
    line = where + fault.what
    if fault.first_entry is not None and fault.since and fault.until:
        line += (
            f" (entries {fault.first_entry} to {fault.last_entry},"
            f" {_moment(fault.since)} to {_moment(fault.until)})"
        )
    return line


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%-d %B %Y %H:%M:%S}"
