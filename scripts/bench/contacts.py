"""The file that is imported to be measured: people with an email address, a mobile number and four more columns."""

from collections.abc import Iterator

HEADER = b"Email,Mobile,First name,City,Plan,Points\r\n"
CITIES = ("Austin", "Boston", "Chicago", "Denver", "El Paso", "Fresno", "Houston", "Irvine")
PLANS = ("free", "basic", "pro", "team")
EXCHANGES = 800  # 200 to 999, of area codes that have many numbers
AREAS = (202, 206, 212, 213, 214, 215, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 718, 801, 917)


def row(number: int, edition: int) -> bytes:
    """A person; in another edition of the file two of the columns have other values."""
    exchange, line = divmod(number % (EXCHANGES * 10_000), 10_000)
    mobile = f"({AREAS[number // (EXCHANGES * 10_000) % len(AREAS)]}) {200 + exchange}-{line:04}"
    city, plan = CITIES[number % 8], PLANS[(number + edition) % 4]
    email = f"person.{number}@mail{number % 97}.example.com"
    return f"{email},{mobile},Name{number % 5000},{city},{plan},{edition}\r\n".encode()


def file(first: int, count: int, edition: int, *, rows_a_piece: int = 5000) -> Iterator[bytes]:
    """The file with so many people from that one on, in pieces."""
    yield HEADER
    for start in range(first, first + count, rows_a_piece):
        yield b"".join(row(number, edition) for number in range(start, min(start + rows_a_piece, first + count)))
