"""Meetings, minutes and decisions, for the tests of the whole house."""
