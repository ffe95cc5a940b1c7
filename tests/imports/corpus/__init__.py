"""Small files, each with what an import of it into an empty account reports: counted by hand, never by the product."""

from tests.imports.corpus import encodings, headings, people, quotes, rowwise
from tests.imports.corpus.entry import Entry

ENTRIES: list[Entry] = [
    *encodings.entries(),
    *headings.entries(),
    *quotes.entries(),
    *rowwise.entries(),
    *people.entries(),
]
