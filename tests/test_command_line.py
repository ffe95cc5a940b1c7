"""The command line and the server process, as a stranger uses them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.cli import main

ROOT = Path(__file__).parents[1]


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "TANDEM_DATA_DIR": str(folder), "COLUMNS": "200", **more}


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Ended]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command as the process of `python -m app` does, without the second that it takes to start one."""
    monkeypatch.setenv("TANDEM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def run_here(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["tandem", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return run_here


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process that answers, and its address; ended by SIGTERM."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", str(port), *arguments],
        cwd=ROOT,
        env=environment(folder, **more),
        stderr=subprocess.PIPE,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{url}/readyz").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield process, url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(25)
        assert process.stderr is not None
        process.stderr.close()


def ask(url: str, key: str, query: str) -> dict[str, object]:
    answer = httpx.post(f"{url}/graphql", json={"query": query}, headers={"authorization": f"Bearer {key}"}, timeout=30)
    return dict(answer.json())


def test_accounts_and_keys_are_made_listed_and_revoked(tmp_path: Path, command: Command) -> None:
    made = json.loads(run(tmp_path, "account", "create", "Acme", "--region", "AU", "--json").stdout)
    assert set(made) == {"id", "apiKey"}
    assert made["id"].startswith("account_")
    [listed] = json.loads(command("account", "list", "--json").stdout)
    assert listed == {"id": made["id"], "name": "Acme", "region": "AU", "timeZone": "UTC"}
    key = json.loads(command("key", "create", "Acme", "--name", "shop", "--scope", "READ", "--json").stdout)
    keys = json.loads(command("key", "list", made["id"], "--json").stdout)
    assert [(k["name"], k["scopes"], k["revokedAt"]) for k in keys] == [
        ("Acme", "READ WRITE ADMIN", None),
        ("shop", "READ", None),
    ]
    assert key["apiKey"] not in json.dumps(keys)
    assert command("key", "revoke", "Acme", key["apiKey"]).returncode == 0
    keys = json.loads(command("key", "list", "Acme", "--json").stdout)
    assert [k["revokedAt"] is None for k in keys] == [True, False]
    assert command("check", "Acme", "--json").stdout == "[]\n"
    said = command("account", "set", "Acme", "--placeholder", "*@Nowhere.example", "--role", "crew@*", "--json")
    assert json.loads(said.stdout) == {
        "maxChannelsPerKind": 5,
        "placeholderPatterns": ["*@nowhere.example"],
        "rolePatterns": ["crew@*"],
        "helpText": None,
        "smsAuthToken": None,
        "quietFrom": 21,
        "quietUntil": 8,
        "emailWebhookSecret": None,
        "bouncesToHold": 3,
    }
    spoken = ["--help-text", "Call us.", "--sms-auth-token", "secret-of-acme", "--quiet-from", "20"]
    spoken += ["--email-webhook-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "--bounces-to-hold", "5"]
    said = command("account", "set", "Acme", *spoken, "--json")
    assert "secret-of-acme" not in said.stdout
    assert json.loads(said.stdout)["smsAuthToken"] == "set"
    assert "MfKQ9r8" not in said.stdout
    assert [json.loads(said.stdout)[name] for name in ("emailWebhookSecret", "bouncesToHold")] == ["set", 5]
    said = command("account", "set", "Acme", "--bounces-to-hold", "0")
    assert (said.returncode, said.stderr) == (1, "Hard bounces of 1 to 100 messages in a row hold a channel.\n")
    said = command("account", "set", made["id"], "--max-channels-per-kind", "3", "--json")
    assert json.loads(said.stdout)["maxChannelsPerKind"] == 3
    assert json.loads(said.stdout)["rolePatterns"] == ["crew@*"]
    assert [json.loads(said.stdout)[name] for name in ("helpText", "quietFrom", "quietUntil")] == ["Call us.", 20, 8]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["account", "create", " "], "A name has 1 to 200 characters."),
        (["account", "create", "A", "--region", "ZZ"], "'ZZ' is not a region"),
        (["account", "create", "A", "--time-zone", "Moon"], "'Moon' is not a time zone"),
        (["key", "list", "Nobody"], "There is no account 'Nobody'"),
        (["account", "set", "Nobody"], "There is no account 'Nobody'"),
        (["serve", "--workers", "2"], "SQLite serves one process"),
        (["worker"], "SQLite serves one process"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_1(command: Command, arguments: list[str], said: str) -> None:
    done = command(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_process_ends_so_too(tmp_path: Path) -> None:
    done = run(tmp_path, "key", "list", "Nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no account 'Nobody'")
    assert done.stderr.count("\n") == 1


def test_a_setting_that_cannot_be_is_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_PORT", "eighty")
    done = command("migrate")
    assert done.returncode == 1
    assert done.stderr.startswith("TANDEM_PORT: ")


def test_the_schema_is_printed(command: Command) -> None:
    assert command("schema").stdout == (ROOT / "graphql_schema" / "schema.graphql").read_text()


def test_a_server_shows_the_demo_and_ends_cleanly_and_starts_again_with_the_same_data(
    tmp_path: Path, command: Command
) -> None:
    with serving(tmp_path) as (process, url):
        key = (tmp_path / "demo-key").read_text().strip()
        answer = ask(url, key, "{ profiles { totalCount } linkage { linked emailOnly } }")
        assert answer == {"data": {"profiles": {"totalCount": 36}, "linkage": {"linked": 24, "emailOnly": 12}}}
        ask(url, key, 'mutation { addSmsContact(input: {mobileNumber: "+14155552671"}) { profile { id } } }')
        second = run(tmp_path, "serve", "--port", str(free_port()))
        assert second.returncode != 0
        assert "Another server or worker uses" in second.stderr
        assert command("check", "Demo").returncode == 0
    assert process.returncode == 0
    with serving(tmp_path) as (_, url):
        assert ask(url, key, "{ profiles { totalCount } }") == {"data": {"profiles": {"totalCount": 37}}}


def test_log_lines_are_structured_and_hold_no_personal_data(tmp_path: Path, command: Command) -> None:
    with serving(tmp_path, TANDEM_DEVELOPMENT="false") as (process, url):
        key = json.loads(command("account", "create", "Acme", "--json").stdout)["apiKey"]
        document = 'mutation Secret { addEmailContact(input: {emailAddress: "ann@example.com"}) { profile { id } } }'
        assert "errors" not in ask(url, key, document)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.read()
    assert "ann@" not in said
    assert key not in said
    assert "addEmailContact" not in said
    [line] = [json.loads(line) for line in said.splitlines() if '"operation":"Secret"' in line]
    assert (line["event"], line["route"], line["status"], line["method"]) == ("request", "/graphql", 200, "POST")


def test_a_server_on_postgresql_runs_several_processes(tmp_path: Path, command: Command, postgresql: str) -> None:
    with serving(tmp_path, "--workers", "2", "--database-url", postgresql, TANDEM_DEVELOPMENT="false") as (
        process,
        url,
    ):
        made = command("account", "create", "Several", "--json", "--database-url", postgresql)
        key = json.loads(made.stdout)["apiKey"]
        answers = [ask(url, key, "{ viewer { account { name } } }") for _ in range(8)]
        assert answers == [{"data": {"viewer": {"account": {"name": "Several"}}}}] * 8
    assert process.returncode == 0
