"""Many submissions: side by side, interrupted, watched, on a cluster."""
