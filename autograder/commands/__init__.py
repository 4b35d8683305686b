"""The command line for who grades: ``app`` with all commands, in the order of its help.

What needs torch is imported by the command that needs it.
"""

from autograder.commands import student, lms, marking, why, releasing, staff  # isort: skip
from autograder.commands.app import app

__all__ = ["app", "lms", "marking", "releasing", "staff", "student", "why"]
