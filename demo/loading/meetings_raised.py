"""What was raised at meetings from residents' concerns: comes after the concerns themselves."""

from __future__ import annotations

from demo.loading.meetings import raised_parts as parts

__all__ = ["parts"]
