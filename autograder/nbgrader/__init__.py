"""Speechmark's grades in nbgrader: gradebook, feedback, formgrader and export stay nbgrader's."""

from autograder import grammar

grammar.leave_out()
