"""Speechmark: homework in self-supervised speech learning, and the autograder that marks it."""

__version__ = "0.1.0"
