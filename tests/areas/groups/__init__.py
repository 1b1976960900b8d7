"""Delivery groups, training and the log."""
