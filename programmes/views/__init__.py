"""Pages of programmes, locations, target places and steps."""
