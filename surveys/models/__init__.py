"""Question bank, surveys, waves, submissions, estimates."""
