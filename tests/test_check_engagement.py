"""The race of scripts/check_engagement in short."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_or_counted_twice_when_servers_are_killed(database: str) -> None:
    size = ("--events", "2000", "--people", "60", "--kills", "1")
    done = subprocess.run(
        [sys.executable, "-m", "checking.engagement", "--json", "--database", database, *size],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["violations"] == []
    assert done.returncode == 0
    assert (report["sent"], report["distinct"], report["kills"]) == (2000, 1400, 1)
