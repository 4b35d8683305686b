"""The command ``speechmark``: what students need of it works without what grading installs."""

from __future__ import annotations

import sys
from typing import NoReturn

from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain_lines

_OWN = ("autograder", "spoken_digits")

_HELP = """\
Usage: speechmark check NOTEBOOK

  Runs the public checks on your notebook: one line per check.
  speechmark check --help says more.

All other commands are for who grades, and need more packages:
  pip install "speechmark[grading]"
"""


def main() -> None:
    """Run the command line; a user's mistake is one message and exit status 2."""
    arguments = sys.argv[1:]
    try:
        if arguments[:1] == ["check"]:
            from autograder.homework import selfcheck

            sys.exit(selfcheck.main(arguments[1:]))
        from autograder.commands import app

        app()
    except SpeechmarkError as error:
        _fail(str(error))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _OWN:
            raise
        _lacking(arguments, error.name or str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}")
    except KeyboardInterrupt:
        print(
            "Interrupted. What was graded is kept; the same command goes on from there.",
            file=sys.stderr,
        )
        sys.exit(130)


def _fail(why: str) -> NoReturn:
    print(f"speechmark: {plain_lines(why)}", file=sys.stderr)
    sys.exit(2)


def _lacking(arguments: list[str], package: str) -> NoReturn:
    """Say what to do where a package is missing that only graders install."""
    commands = [word for word in arguments if not word.startswith("-")]
    if not commands:
        print(_HELP)
        sys.exit(0)
    _fail(
        f"the command {commands[0]} needs {package}, which is not installed here. "
        'It is for who grades: pip install "speechmark[grading]"'
    )


if __name__ == "__main__":
    main()
