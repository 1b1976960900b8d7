"""What was asked of which agency, what is wanting at a location, what packages were used for."""
