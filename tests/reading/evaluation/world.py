"""What can be asked of an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from graphql import GraphQLSchema, build_schema, execute_sync
from graphql.language import DocumentNode

import graphql_schema
from tests.reading.evaluation import (
    channels,
    consent,
    engagements,
    forms,
    imports,
    keywords,
    linking,
    log,
    previewing,
    profiles,
)
from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Object, by_id
from tests.reading.evaluation.pages import Item, connection
from tests.reading.world import Row

#: The sort key of those who never did anything: they come last.
NEVER = {
    "DESC": datetime(1, 1, 1, microsecond=1, tzinfo=UTC),
    "ASC": datetime(9999, 12, 31, 23, 59, 59, 999998, tzinfo=UTC),
}


@dataclass
class World(Holding):
    """Everything that an account holds, and what it answers."""

    schema: GraphQLSchema = field(default_factory=lambda: build_schema(graphql_schema.sdl()))

    def answer(self, document: DocumentNode, variables: Mapping[str, Any], operation: str | None = None) -> Any:
        """The data that a valid document must answer."""
        result = execute_sync(
            self.schema, document, self.query(), variable_values=dict(variables), operation_name=operation
        )
        assert not result.errors, result.errors
        return result.data

    def query(self) -> Object:
        """The type Query."""
        return {
            "linkage": self.linkage,
            "tags": lambda _: sorted({row["tag"] for row in self.rows["channel_tag"]}),
            "forms": lambda _: forms.forms(self),
            "topics": lambda _: consent.topics(self),
            "keywords": lambda _: keywords.keywords(self),
            "channelCounts": lambda _: consent.counted(self),
            "viewer": {"account": self.account, "scopes": self.scopes},
            "node": lambda _, id: self.node(id),
            "nodes": lambda _, ids: [self.node(id) for id in ids],
            "profile": lambda _, by: self.found(by),
            "profiles": self.listed,
            "engagements": lambda _, **given: engagements.timeline(self, self.channels, **given),
            "imports": lambda _, **given: imports.imports(self, **given),
            "linkProposals": lambda _, **given: linking.proposals(self, **given),
            "linkPreview": lambda _, of: previewing.preview(self, of),
        }

    def linkage(self, _: Any) -> Object:
        """The type LinkageReport."""
        kinds = [(members[0]["method"], {channel["kind"] for channel in members}) for members in self.profiles]
        methods = sorted({method for method, _ in kinds})
        linked = [(method, found) for method, found in kinds if len(found) == 2]
        return {
            "profiles": len(kinds),
            "linked": len(linked),
            "emailOnly": sum(found == {"EMAIL"} for _, found in kinds),
            "smsOnly": sum(found == {"SMS"} for _, found in kinds),
            "byMethod": [
                {
                    "method": method,
                    "profiles": sum(other == method for other, _ in kinds),
                    "linked": sum(other == method for other, _ in linked),
                }
                for method in methods
            ],
        }

    def node(self, id: str) -> Object | None:
        """The object with an id, if there is one in this account."""
        start, _, digits = id.rpartition("_")
        if len(digits) != 32 or set(digits) - set("0123456789abcdef"):
            return None
        if start == "account":
            return self.account if self.account["id"] == id else None
        if start == "profile":
            members = self.at_home(UUID(hex=digits))
            return profiles.profile(self, members) if members else None
        if start not in MAKERS:
            return None
        table, make = MAKERS[start]
        row = by_id(self.rows[table]).get(UUID(hex=digits))
        return make(self, row) if row else None

    def found(self, by: Mapping[str, str]) -> Object | None:
        """The profile of a ProfileLookup."""
        if "id" in by:
            return self.node(by["id"]) if by["id"].rpartition("_")[0] == "profile" else None
        text = by["emailAddress"].lower() if "emailAddress" in by else by["mobileNumber"]
        there = [channel for channel in self.channels if channel["address"] == text]
        return profiles.profile(self, self.members[there[0]["id"]]) if there else None

    def listed(self, _: Any, search: str | None = None, orderBy: Any = None, **paging: Any) -> Object:  # noqa: N803
        """The list of profiles."""
        order = orderBy or {"field": "CREATED_AT", "direction": "DESC"}
        keys = {"CREATED_AT": profiles.created_at, "UPDATED_AT": profiles.updated_at}
        key = keys.get(order["field"], engagements.last_engaged)
        never = NEVER[order["direction"]]
        items = [
            Item(key(self, members) or never, members[0]["home_id"], profiles.profile(self, members))
            for members in self.profiles
            if all(self.has_word(members, word) for word in asked_words(search or ""))
        ]
        by, descending = order["field"].lower(), order["direction"] == "DESC"
        return connection("Profile", items, by=by, descending=descending, **paging)

    def has_word(self, members: list[Row], beginning: str) -> bool:
        """Whether any of the channels is found by a word with that beginning."""
        return any(row["word"].startswith(beginning) for row in self.hanging_on("channel_word", members))


#: The tables of the objects that have an id of their own, and what makes the objects.
MAKERS = {
    "audit_entry": ("fact", log.entry),
    "channel": ("channel", channels.channel),
    "consent_record": ("consent_record", consent.record),
    "engagement": ("engagement", engagements.engagement),
    "keyword": ("keyword", keywords.keyword),
    "form": ("form", forms.form),
    "import": ("import", imports.import_),
    "link": ("link", linking.link),
    "link_proposal": ("link_proposal", linking.proposal),
    "never_link": ("never_link", linking.never_link),
    "profile_merge": ("merge", linking.merge),
    "topic": ("topic", consent.topic),
}


def asked_words(search: str) -> list[str]:
    """The beginnings of words in a search; a number may be written with spaces."""
    digits = search.replace(" ", "")
    return [digits] if digits.isdigit() else search.lower().split()
