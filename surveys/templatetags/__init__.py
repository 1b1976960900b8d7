"""How figures of surveys are printed."""
