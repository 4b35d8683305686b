"""Learning management systems: the roster, what they download, what they take back."""
