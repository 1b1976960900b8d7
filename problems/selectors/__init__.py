"""Reads of problems: as frozen dataclasses, for whoever reads."""
