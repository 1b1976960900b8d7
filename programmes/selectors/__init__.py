"""Reads across programmes: frozen dataclasses, a fixed number of queries whatever the size."""
