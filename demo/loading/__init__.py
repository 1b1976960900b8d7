"""Loads the demonstration, part by part: a start that was cut off goes on where it was."""

from demo.loading.run import Loaded, load

__all__ = ["Loaded", "load"]
