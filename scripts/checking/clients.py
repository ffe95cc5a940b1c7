"""The clients: each asks for one operation after the other, and repeats what it does not know and some of the rest."""

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from checking.callers import Answer, Caller
from checking.documents import MUTATIONS, RESOLVE, outcome
from checking.journal import Fate, Journal, Record, recorded
from checking.seen import Seen
from checking.work import Operation, Work

PERSISTENT = 0.8  # how often a client repeats what it does not know, where there is a key
AT_ONCE = 0.005  # how often the same key is sent twice at once
REPEATED = 0.04  # how often something known is asked for again
TAKEN = 0.005  # how often a key is used for something else
LOOKED_UP = 0.03  # how often ids that were seen are looked up
MOST_ATTEMPTS = 10
PAUSE = 0.05, 0.5  # seconds after an answer that left it open


@dataclass(slots=True)
class Course:
    """What all clients of a run share."""

    work: Work
    journal: Journal
    seen: Seen = field(default_factory=Seen)
    answers: list[tuple[str, Answer]] = field(default_factory=list)  # of every attempt, with its kind; without data
    milliseconds: list[float] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    repeats: int = 0
    recent: deque[tuple[Operation, Record]] = field(default_factory=lambda: deque(maxlen=200))


class Client:
    """One of the clients."""

    def __init__(self, course: Course, caller: Caller, seed: int) -> None:
        self._course = course
        self._caller = caller
        self._drawn = random.Random(seed)

    async def run(self) -> None:
        """Works until there is nothing left to do."""
        while (operation := self._course.work.next(self._drawn)) is not None:
            await self._perform(operation)
            if self._chance(REPEATED):
                await self._repeat()
            if self._chance(TAKEN):
                await self._take_key(operation)
            if self._chance(LOOKED_UP):
                await self._look_up()

    async def _perform(self, operation: Operation) -> None:
        twice = operation.key is not None and self._chance(AT_ONCE)
        answers = await asyncio.gather(*(self._once(operation) for _ in range(2 if twice else 1)))
        persistent = operation.key is not None and self._chance(PERSISTENT)
        while persistent and all(answer.data is None for answer in answers) and len(answers) < MOST_ATTEMPTS:
            answers.append(await self._once(operation))
        record = recorded(operation, answers)
        self._course.journal.add(record)
        for answer in answers:
            self._compare(record, answer)
        if record.acknowledged and record.key:
            self._course.recent.append((operation, record))

    async def _repeat(self) -> None:
        """Asks again for what is known; by the key, the answer must be the same."""
        if self._course.recent:
            operation, record = self._drawn.choice(self._course.recent)
            self._course.repeats += 1
            self._compare(record, await self._once(operation))

    async def _take_key(self, operation: Operation) -> None:
        """Uses somebody's key for something else, which must be refused."""
        if operation.key is None or not self._course.recent:
            return
        other, _ = self._drawn.choice(self._course.recent)
        if other.kind != operation.kind or other.input == operation.input:
            return
        answer = await self._once(operation, key=other.key)
        if answer.data is not None:
            told = f"the key of operation {other.number} was taken for operation {operation.number}"
            self._course.mistakes.append(f"{told}: {outcome(answer.data['done'])}")

    async def _look_up(self) -> None:
        """Every id that was ever returned resolves at any time, to a profile with channels."""
        family = self._course.work.families.one(self._drawn)
        ids = list(family.profile_ids)
        answer = await self._caller.ask(RESOLVE, server=self._server(), ids=ids)
        self._note("look up", answer)
        for id, node in zip(ids, (answer.data or {}).get("nodes", ()), strict=False):
            if not (node and node["channels"]):
                self._course.mistakes.append(f"{id} resolved to {node}")

    async def _once(self, operation: Operation, key: str | None = None) -> Answer:
        answer = await self._caller.ask(
            MUTATIONS[operation.kind], server=self._server(), key=key or operation.key, input=operation.input
        )
        self._note(operation.kind, answer)
        if answer.unknown:
            await asyncio.sleep(self._drawn.uniform(*PAUSE))
        if answer.data is not None:
            self._course.seen.payload(answer.data["done"], operation.family)
        return answer

    def _note(self, kind: str, answer: Answer) -> None:
        if answer.data is None:
            self._course.answers.append((kind, answer))
        else:
            self._course.milliseconds.append((answer.answered - answer.sent) * 1000)

    def _compare(self, record: Record, answer: Answer) -> None:
        """Every answer to one key tells the same."""
        if answer.data is None or record.fate not in (Fate.ACKNOWLEDGED, Fate.REFUSED):
            return
        again: dict[str, Any] = outcome(answer.data["done"])
        if again != record.outcome:
            told = f"{record.kind} {record.number} was answered {record.outcome}, and by the same key {again}"
            self._course.mistakes.append(told)

    def _server(self) -> int:
        return self._drawn.randrange(self._caller.servers)

    def _chance(self, share: float) -> bool:
        return self._drawn.random() < share
