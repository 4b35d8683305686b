"""The command ``speechmark``: what students need of it works without what grading installs."""

from __future__ import annotations

import sys
from typing import NoReturn

from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain_lines
from autograder.support.sentences import say

_OWN = ("autograder", "spoken_digits")


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
        print(say("commands.interrupted"), file=sys.stderr)
        sys.exit(130)


def _fail(why: str) -> NoReturn:
    print(f"speechmark: {plain_lines(why)}", file=sys.stderr)
    sys.exit(2)


def _lacking(arguments: list[str], package: str) -> NoReturn:
    """Say what to do where a package is missing that only graders install."""
    commands = [word for word in arguments if not word.startswith("-")]
    if not commands:
        print(say("commands.help"))
        sys.exit(0)
    _fail(say("commands.lacking", command=commands[0], package=package))


if __name__ == "__main__":
    main()
