"""The command line: serving, and what an operator does to accounts, keys and the database."""

import sys

from pydantic import ValidationError

from app.cli import accounts, database, imports, keys, serving
from app.cli.common import app, fail
from app.db import FileTaken, StillRead
from app.errors import Refusal, Refusals, RequestError

__all__ = ["accounts", "database", "imports", "keys", "main", "serving"]


def main() -> None:
    """Runs the command; a mistake is one line on standard error and exit code 1."""
    try:
        app()
    except (Refusal, Refusals, RequestError, FileTaken, StillRead) as error:
        fail(str(error))
    except ValidationError as error:
        for problem in error.errors():
            fail_setting = "TANDEM_" + "_".join(map(str, problem["loc"])).upper()
            sys.stderr.write(f"{fail_setting}: {problem['msg']}\n")
        raise SystemExit(1) from None
