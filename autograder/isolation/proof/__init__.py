"""Does the wall hold? Attempts to get through it, made at every start."""
