"""The words of quarters and their approval."""
