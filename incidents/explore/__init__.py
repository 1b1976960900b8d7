"""Exploring the reports of an area: months, categories and sources; a map, the series, tables."""
