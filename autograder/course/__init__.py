"""What is on disk: assignments and their settings, submissions, results, the ledger."""
