"""Assets, stakeholders, walks and the map for the tests of the whole house."""
