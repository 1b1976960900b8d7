"""Reads of surveys; ``results_of`` is the one source of every figure."""

from surveys.selectors.comparison import compare
from surveys.selectors.results import answers_so_far, results_of

__all__ = ["answers_so_far", "compare", "results_of"]
