"""One submission: suites, training run, examination, points."""
