"""What formgrader shows beside nbgrader's own pages, and what its buttons do."""
