"""Localised ASB data packages: a recipe in, figures once, files from the figures, one zip.

``figures`` are read once from the selectors; every figure on a page, in a table, in the briefing
and in the zip comes from them. The same recipe over the same data gives the same bytes.
"""
