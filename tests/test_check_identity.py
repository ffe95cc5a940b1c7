"""The races of scripts/check_identity in short, and that it finds what is broken."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LONG = pytest.mark.skipif(not os.environ.get("TANDEM_LONG"), reason="takes minutes; set TANDEM_LONG=1")


def check(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a run."""
    done = subprocess.run(
        [sys.executable, "-m", "checking.identity", "--json", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(("database", "operations"), [("sqlite", 270), ("postgresql", 400)])
def test_races_of_many_clients_leave_nothing_wrong(database: str, operations: int) -> None:
    disturbed = ("--kill", "--restart-postgresql", "--every", "3")
    size = ("--operations", str(operations), "--families", str(operations // 20))
    code, report = check("--database", database, *size, *disturbed)
    assert report["violations"] == {}
    assert code == 0
    assert report["operations"] == operations
    assert report["by kind"].keys() >= {"addSmsContact", "addEmailContact", "mergeProfiles", "undoMerge"}


@pytest.mark.parametrize(
    ("fault", "operations", "found"),
    [
        pytest.param("no_unique_constraint", "150", "one channel for an address", marks=LONG),
        ("lost_redirect", "150", "ids resolve"),
        pytest.param("no_recheck", "2000", "profiles are what links join", marks=LONG),
        pytest.param("unsorted_locks", "2000", "locks are in order", marks=LONG),
        pytest.param("key_outside", "2000", "contacts are kept", marks=LONG),
    ],
)
def test_a_planted_fault_is_found(fault: str, operations: str, found: str) -> None:
    hot = ("--operations", operations, "--families", "10", "--seconds", "40")
    code, report = check("--database", "postgresql", "--fault", fault, *hot)
    assert found in report["violations"]
    assert code == 1
