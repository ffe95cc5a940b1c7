"""What a document must answer, evaluated plainly: dictionaries and loops over the rows, and the GraphQL library itself.

Nothing here is fast, and nothing is shared with `app.reading` or with the queries that keep the copies of profiles:
a profile is worked out of channels, field values, tags, links and merges as `domain.md` says, each time it is asked
for. Every object is a dictionary whose members are values, or functions of the arguments where there are any;
graphql-core executes the document over them.

`holding` says how rows hang together, `world` answers documents; the others make the objects of a subject each.
"""

from tests.reading.evaluation.objects import SPELLED, Json, Link, node, printed
from tests.reading.evaluation.world import World

__all__ = ["SPELLED", "Json", "Link", "World", "node", "printed"]
