"""The parts of the walk along the whole chain, in the order in which they are walked."""
