"""Keeping files that come in, running imports, and writing the files of mistakes: in several transactions each."""

from app.imports.jobs.running import Importing, Running, forget_files, run

__all__ = ["Importing", "Running", "forget_files", "run"]
