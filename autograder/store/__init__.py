"""What stays of grading: finished results, what each depends on, and the log of grades."""
