"""Evaluation: what is compared, what came out, and what may be said of it."""
