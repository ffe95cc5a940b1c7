"""The schema, put together, and how it is executed."""

from typing import Any

import orjson
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.errors import BadInput
from graphql_schema import enums as enums
from graphql_schema.account import Account
from graphql_schema.channel import Channel
from graphql_schema.consent import ConsentRecord
from graphql_schema.consenting import ConsentingMutations
from graphql_schema.contact import ContactMutations
from graphql_schema.deciding import DecidingMutations
from graphql_schema.declaring import answer_directly
from graphql_schema.editing import EditingMutations
from graphql_schema.engagement import Engagement
from graphql_schema.forms import Form, FormMutations
from graphql_schema.imports import Import, ImportMutations
from graphql_schema.intake import IntakeMutations
from graphql_schema.keywords import Keyword, KeywordMutations
from graphql_schema.linking import Link, LinkProposal, NeverLink, ProfileMerge
from graphql_schema.privacy import PrivacyMutations
from graphql_schema.profile import AuditEntry, Profile
from graphql_schema.query import Query
from graphql_schema.recording import RecordingMutations
from graphql_schema.scalars import SCALARS
from graphql_schema.subscription import Subscription
from graphql_schema.topics import Topic


class Execution(StrawberryGraphQLCoreExecutionContext):
    """Lets finished JSON through: what a compiled field answers is complete already.

    Arguments that turn out to be wrong are the client's mistake.
    """

    def complete_value(self, return_type: Any, *args: Any) -> Any:
        """The value, completed unless it is finished JSON; see graphql-core's own for the arguments."""
        result = args[3]
        return result if type(result) is orjson.Fragment else super().complete_value(return_type, *args)

    def handle_field_error(self, raw_error: Exception, *args: Any) -> None:
        """Notes an error of a field; see graphql-core's own for the arguments."""
        if isinstance(raw_error, GraphQLError) and raw_error.message.startswith("Argument "):
            raw_error = BadInput(raw_error.message)
        super().handle_field_error(raw_error, *args)


@strawberry.type(description="What can be changed. A payload with user errors changed nothing.")
class Mutation(
    ContactMutations,
    EditingMutations,
    DecidingMutations,
    ConsentingMutations,
    IntakeMutations,
    KeywordMutations,
    FormMutations,
    ImportMutations,
    RecordingMutations,
    PrivacyMutations,
):
    """What can be changed."""


schema = strawberry.Schema(
    Query,
    Mutation,
    Subscription,
    types=[
        Account,
        AuditEntry,
        Channel,
        ConsentRecord,
        Engagement,
        Keyword,
        Form,
        Import,
        Link,
        LinkProposal,
        NeverLink,
        Profile,
        ProfileMerge,
        Topic,
    ],
    config=StrawberryConfig(scalar_map=SCALARS),
    execution_context_class=Execution,
)


answer_directly(schema._schema)


def sdl() -> str:
    """The schema in the schema definition language, as it is checked in and served."""
    return schema.as_str() + "\n"
