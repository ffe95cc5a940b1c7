"""The values of custom fields: which of them win, and which say something new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from app.acts import Act, Earlier
from app.tables import IntakeMethod


class Patch(NamedTuple):
    """Custom fields that came together, and the channel by which they came."""

    at: datetime
    born: datetime
    channel_id: UUID
    id: UUID
    fields: dict[str, Any]
    method: IntakeMethod
    detail: str | None

    @property
    def rank(self) -> tuple[Any, ...]:
        """Sorts patches: what a later one says wins; at equal times the older channel's, then the one written last."""
        return self.at, -self.born.timestamp(), -self.channel_id.int, self.id


def newest(patches: Iterable[Patch]) -> dict[str, Patch]:
    """Per key the patch whose value wins. A null is a value."""
    found = list(patches)
    if len(found) > 1:
        found.sort(key=_rank)
    return {key: patch for patch in found for key in patch.fields}


_rank = attrgetter("rank")


def winners(patches: Iterable[Patch]) -> dict[str, Any]:
    """Per key the value that wins."""
    return {key: patch.fields[key] for key, patch in newest(patches).items()}


def same_value(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; to Python, true would be 1."""
    if type(one) is str:  # most are
        return bool(one == other)
    match one, other:
        case (dict(), dict()):
            return one.keys() == other.keys() and all(same_value(one[key], other[key]) for key in one)
        case (list(), list()):
            return len(one) == len(other) and all(map(same_value, one, other))
        case _:
            return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


NOTHING: Mapping[str, Patch] = {}


@dataclass(slots=True)
class Said:
    """What is said last of a key by a channel, and the places of those that said something new of it."""

    value: Any
    places: list[int]


class Values:
    """The values of a profile: as they are stored, and what arrives for its channels, one after the other.

    A value is new unless it is both the channel's own latest and the one that the profile shows already. So it is also
    where an import brought it and somebody else says it now: it is to stay when the import is undone. What a file has
    said before, and has itself said otherwise further down, it does not say anew when it is imported again.
    """

    def __init__(self, stored: Mapping[UUID, Sequence[Patch]], act: Act) -> None:
        self._stored = stored
        self._own = {id: newest(patches) for id, patches in stored.items()}
        alone = len(self._own) == 1  # what the only channel says, the profile shows
        self.shown = next(iter(self._own.values())) if alone else newest(chain.from_iterable(stored.values()))
        self._act = act
        self._said: dict[UUID, dict[str, Said]] = {}
        self._last: dict[str, UUID] = {}

    def hear(self, place: int, channel_id: UUID, fields: Mapping[str, Any], *, fills_blanks: bool) -> None:
        """Hears what comes in a place of all that arrives."""
        said = self._said.setdefault(channel_id, {})
        if not self.shown and not self._last:  # nothing is known of anything: all is new
            said.update({key: Said(value, [place]) for key, value in fields.items() if value is not None})
            self._last.update(dict.fromkeys(said, channel_id))
            return
        for key, value in fields.items():
            if not self._is_new(channel_id, key, value) or (fills_blanks and self._is_filled(key)):
                continue
            if key in said:
                said[key].value = value
                said[key].places.append(place)
            else:
                said[key] = Said(value, [place])
            self._last[key] = channel_id

    def news(self) -> Iterable[tuple[UUID, str, Said]]:
        """What is new of all that was heard: what came later counts, and what came back to what is stored does not."""
        for channel_id, said in self._said.items():
            for key, slot in said.items():
                shows = self._last[key] == channel_id and not self._stands(self.shown.get(key), key, slot.value)
                is_new = shows or not self._stands(self._own_of(channel_id, key), key, slot.value)
                if is_new and not self._was_overtaken(channel_id, key, slot.value):
                    yield channel_id, key, slot

    def _is_new(self, channel_id: UUID, key: str, value: Any) -> bool:
        """Whether it is another value than the channel's or the profile's, with what was heard so far."""
        own, last = self._said[channel_id].get(key), self._last.get(key)
        shown = None if last is None else self._said[last][key]
        patch, other = self._own_of(channel_id, key), self.shown.get(key)
        if not self._is_said(own, patch, key, value):
            return True
        return not ((shown is own and other is patch) or self._is_said(shown, other, key, value))

    def _own_of(self, channel_id: UUID, key: str) -> Patch | None:
        return self._own.get(channel_id, NOTHING).get(key)

    def _is_said(self, said: Said | None, stored: Patch | None, key: str, value: Any) -> bool:
        return self._stands(stored, key, value) if said is None else same_value(said.value, value)

    def _stands(self, patch: Patch | None, key: str, value: Any) -> bool:
        """Whether the key has that very JSON value for good; clearing what was never there is nothing new."""
        if patch is None:
            return value is None
        passes = patch.method is IntakeMethod.IMPORT and self._act.method is not IntakeMethod.IMPORT
        return not passes and same_value(patch.fields[key], value)

    def _was_overtaken(self, channel_id: UUID, key: str, value: Any) -> bool:
        """Whether the same file brought this value before, and then the one that is shown."""
        shown = self.shown.get(key)
        for earlier in self._act.lot.earlier if self._act.lot and shown else ():
            said = [patch for patch in self._stored.get(channel_id, ()) if came_with(patch, earlier)]
            if shown and came_with(shown, earlier) and any(same(patch, key, value) for patch in said):
                return True
        return False

    def _is_filled(self, key: str) -> bool:
        """Whether the profile shows a value that this very import did not bring."""
        patch = self.shown.get(key)
        return patch is not None and patch.fields[key] is not None and not self._is_ours(patch)

    def _is_ours(self, patch: Patch) -> bool:
        lot = self._act.lot
        return (
            lot is not None
            and (patch.method, patch.detail) == (IntakeMethod.IMPORT, self._act.detail)
            and (patch.at >= lot.since)
        )


def came_with(patch: Patch, earlier: Earlier) -> bool:
    """Whether an import brought these values."""
    is_of_file = (patch.method, patch.detail) == (IntakeMethod.IMPORT, earlier.detail)
    return is_of_file and earlier.began <= patch.at <= earlier.ended


def same(patch: Patch, key: str, value: Any) -> bool:
    """Whether a patch has that very value for the key."""
    return key in patch.fields and same_value(patch.fields[key], value)
