"""The student's command, as the help of the whole command line lists it."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.app import STUDENTS, app


@app.command(
    rich_help_panel=STUDENTS,
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
def check(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Run the public checks on your notebook: one line per check."""
    from autograder.homework import selfcheck

    raise typer.Exit(selfcheck.main(arguments or []))
