"""Keywords: words that opt their senders in."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.acts import Act
from app.intake import queries
from app.intake.operations import keywords as operations
from app.intake.rules import keywords as rules
from app.intake.rules.keywords import LONGEST_ANSWER, SEGMENTS, SEGMENTS_OF_ANY, Wanted
from app.tables import Keyword as Row
from graphql_schema.acting import acted
from graphql_schema.context import Info
from graphql_schema.declaring import column, computed, one
from graphql_schema.errors import UserError, answering
from graphql_schema.inputs import says
from graphql_schema.paging import Node

LONG = (
    f"1 to {LONGEST_ANSWER:,} characters, which are at most {SEGMENTS} SMS segments, or {SEGMENTS_OF_ANY} with "
    "characters beyond GSM 03.38, of which an emoji counts as two"
)


@strawberry.type(description="A word that opts its sender in when it is texted to one of the account's numbers.")
class Keyword(Node):
    """A word that opts its sender in."""

    word: str = column(
        Row.word, "The word as texts are compared with it: in capitals, without spaces, accents and marks."
    )
    welcome: str = column(Row.welcome, "What greets who is opted in by it.")
    already_subscribed: str = column(Row.already_subscribed, "What those get who are opted in already.")
    capture_email: bool = column(
        Row.capture_email, "Whether the answer goes on to ask for an email address, which is linked as a claim."
    )
    double_opt_in: bool = column(
        Row.double_opt_in, "Whether the number is PENDING until a YES, which the welcome then follows."
    )
    advice: list[str] = computed(
        rules.advice, lambda row: (row.welcome, row.capture_email), "What would make it better, one sentence each."
    )


@strawberry.type(description="What making a keyword did.")
class KeywordPayload:
    """What making a keyword did."""

    id: strawberry.Private[UUID | None] = None
    keyword: Keyword | None = one(queries.keyword_by_id, "The keyword.")
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="What is wrong with the input; then nothing was changed."
    )


@strawberry.input(description="A keyword to make.")
class CreateKeywordInput:
    """A keyword to make."""

    word: str = strawberry.field(
        description=(
            "The word, such as JOIN: up to three words of letters and digits, 2 to 40 of these in all. Case, spaces, "
            "accents and marks make no difference. None of those that opt out, come back, confirm or get help."
        )
    )
    welcome: str = strawberry.field(description=f"What greets who is opted in by it; {LONG}.")
    already_subscribed: str = strawberry.field(description="What those get who are opted in already; as long.")
    capture_email: bool | None = strawberry.field(
        default=False,
        description=(
            "Whether to ask for an email address in the same text. One that is texted within 7 days is linked as a "
            "claim; it is no consent to email."
        ),
    )
    double_opt_in: bool | None = strawberry.field(
        default=False, description="Whether the number is only opted in once it has answered YES."
    )

    def wanted(self) -> Wanted:
        """The same for the domain."""
        switches = bool(self.capture_email), bool(self.double_opt_in)
        return Wanted(self.word, self.welcome, self.already_subscribed, *switches)


@strawberry.type
class KeywordMutations:
    """Making keywords."""

    @strawberry.mutation(
        description=(
            "Makes a word that opts its sender in when it is the whole of a text that comes in, by `receiveSms` or the "
            "webhook of the provider."
        )
    )
    @answering(KeywordPayload)
    async def create_keyword(
        self, info: Info, input: Annotated[CreateKeywordInput, says("The keyword.")]
    ) -> KeywordPayload:
        """Makes a keyword."""

        def prepare(act: Act) -> Any:
            return partial(operations.create, wanted=rules.judged(input.wanted()), act=act)

        return KeywordPayload(id=await acted(info, input, UUID, prepare))
