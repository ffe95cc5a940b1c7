"""The yardstick of linking: a bare transaction, written by hand, that merges two known profiles as Tandem does.

It runs in a process of its own: python -m bench.handwritten.merging URL PAIRS ACCOUNT ACTOR SKIP SECONDS MOST
"""

import asyncio
import sys
from pathlib import Path

import orjson

from bench.handwritten import merging_postgresql, merging_sqlite
from bench.handwritten.merges import Pair, Run


def main(url: str, path: str, account: str, actor: str, skip: str, seconds: str, most: str) -> None:
    """Merges the pairs in the file after the first `skip`, so long, at most so many; prints how that went."""
    lines = Path(path).read_text().splitlines()[int(skip) : int(skip) + int(most)]
    pairs = iter([Pair(*line.split("\t")[:2]) for line in lines])
    run = Run(float(seconds))
    if url.startswith("sqlite"):
        merging_sqlite.go(url, int(account), actor, pairs, run)
    else:
        asyncio.run(merging_postgresql.go(url, int(account), actor, pairs, run))
    print("RESULT", orjson.dumps(run.told()).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
