"""Types named before they are defined: the checker sees the class, Strawberry finds it when the schema is built."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from graphql_schema.channel import Channel as Channel
    from graphql_schema.consent import ConsentRecord as ConsentRecord
    from graphql_schema.linking import ProfileMerge as ProfileMerge
    from graphql_schema.profile import Profile as Profile
    from graphql_schema.topics import Topic as Topic
else:
    Channel = Annotated["Channel", strawberry.lazy("graphql_schema.channel")]
    ConsentRecord = Annotated["ConsentRecord", strawberry.lazy("graphql_schema.consent")]
    ProfileMerge = Annotated["ProfileMerge", strawberry.lazy("graphql_schema.linking")]
    Profile = Annotated["Profile", strawberry.lazy("graphql_schema.profile")]
    Topic = Annotated["Topic", strawberry.lazy("graphql_schema.topics")]
