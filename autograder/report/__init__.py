"""Pages and tables made from results."""
