"""What suites are written with, and what runs them: the student's code, demands, failures."""
