"""Pages of surveys: those of a location, and the public one at which people answer."""
