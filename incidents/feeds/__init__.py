"""What agencies supply under an agreement: how it is read in, and what it says."""
