"""Calls across the wall: the wire, the worker inside, the student's code seen from outside."""
