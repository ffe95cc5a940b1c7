"""The proof of scripts/check_imports in short."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONG = pytest.mark.skipif(not os.environ.get("TANDEM_LONG"), reason="takes a minute; set TANDEM_LONG=1")


@pytest.mark.parametrize(
    ("database", "rows", "kills"), [("sqlite", 1500, 1), pytest.param("postgresql", 10_000, 3, marks=LONG)]
)
def test_an_import_and_its_undoing_lose_nothing_when_the_server_is_killed(database: str, rows: int, kills: int) -> None:
    size = ("--rows", str(rows), "--kills", str(kills), "--undo", "--seed", "590")  # which kills at once
    done = subprocess.run(
        [sys.executable, "-m", "checking.imports", "--database", database, *size],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["differences"] == {}
    assert done.returncode == 0
    assert (report["rows"], report["kills"], report["counts"]["rows"]) == (rows, 2 * kills, rows)
