"""What makes a kind of channel: how its addresses are written, what cannot happen on it, what it is called.

A new kind is a member of `ChannelKind`, a class and an entry of `KINDS`, all here; its channels are then added, linked,
reported on and read like all others. It brings a migration that widens the checks of the columns that hold kinds, as
every new value of an enum does. What the API's contract has for email and SMS alone, a new kind is without until the
contract grows: inputs of its own, and a primary channel (`profile.email_channel_id` and `sms_channel_id`).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult, timezone

from app.kinds.errors import InvalidEmail, InvalidPhone
from app.kinds.rules import emails, numbers


class ChannelKind(StrEnum):
    """The ways in which a contact can be reached."""

    EMAIL = "EMAIL"
    SMS = "SMS"


class EngagementKind(StrEnum):
    """The kinds of things that happen on a channel."""

    SEND = "SEND"
    DELIVERY = "DELIVERY"
    OPEN = "OPEN"
    CLICK = "CLICK"
    BOUNCE = "BOUNCE"
    COMPLAINT = "COMPLAINT"
    RESPONSE = "RESPONSE"
    UNSUBSCRIBE = "UNSUBSCRIBE"
    SITE_VISIT = "SITE_VISIT"
    CONVERSION = "CONVERSION"
    CUSTOM = "CUSTOM"


class Kind(ABC):
    """A kind of channel: the names of its inputs, and the rules of its addresses; what most kinds have stands here.

    `name` is what people call an address, `description` is the API's; `longest` is how much text is taken for one.
    """

    name: str
    description: str
    input: str
    consent_input: str
    longest: int
    impossible: frozenset[EngagementKind] = frozenset()

    @abstractmethod
    def normal(self, text: str, region: str, field: Sequence[str]) -> str:
        """The one form of the address; a number is read in the region (ISO 3166). Raises a Refusal beside the field."""

    def spellings(self, text: str, _region: str) -> list[str]:
        """The forms in which a text is known where it stands for no address: it need not be one."""
        return [text.strip().lower()]

    def is_nobody(self, _spelling: str) -> bool:
        """Whether the text stands for no address, whatever the account says."""
        return False

    def masked(self, address: str) -> str:
        """The address as its owner knows it again and nobody else learns it."""
        return f"the {self.name} ending in {address[-2:]}"

    def words(self, plain: str) -> set[str]:
        """By what the address is found; it is given without case and accents."""
        return {plain}

    def time_zones(self, _address: str) -> list[str]:
        """The time zones (IANA) that the address tells of."""
        return []


class Email(Kind):
    """Lower-case email addresses with their domain in Unicode."""

    name = "email address"
    description = "An email address."
    input = "emailAddress"
    consent_input = "emailConsent"
    longest = 320  # 64 and 255 bytes about the @ (RFC 5321, 4.5.3.1)
    placeholders = frozenset({"none@none.com", "test@test.com"})
    nobody = frozenset({"noreply", "no-reply"})

    def normal(self, text: str, _region: str, field: Sequence[str]) -> str:
        """As RFC 5321 and 6531 have it, through email-validator. Raises InvalidEmail."""
        plain = emails.plain(text.strip())
        if plain is not None:
            return plain
        if len(text) > self.longest:  # else the library would look at each of a million characters
            raise InvalidEmail(f"It is longer than {self.longest} characters.", field=field)
        try:
            found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise InvalidEmail(str(error), field=field) from None
        return found.normalized.lower()

    def is_nobody(self, spelling: str) -> bool:
        """Such as none@none.com, and mailboxes that nobody reads."""
        return spelling in self.placeholders or spelling.partition("@")[0] in self.nobody

    def masked(self, address: str) -> str:
        """A domain may be a name, too."""
        local, _, domain = address.rpartition("@")
        name, _, ending = domain.rpartition(".")
        return f"{local[:1]}***@{name[:1]}***.{ending}"

    def words(self, plain: str) -> set[str]:
        """From each of its parts on."""
        local, _, domain = plain.partition("@")
        starts = [0, *(place + 1 for place, c in enumerate(local) if not c.isalnum())]
        return {domain, *(f"{local[start:]}@{domain}" for start in starts)}


class Sms(Kind):
    """Numbers as E.164 has them, such as +14155552671."""

    name = "mobile number"
    description = "A mobile number that takes text messages."
    input = "mobileNumber"
    consent_input = "smsConsent"
    longest = 64
    impossible = frozenset({EngagementKind.OPEN})  # nothing tells that a text message was opened
    counted = "1234567890"

    def normal(self, text: str, region: str, field: Sequence[str]) -> str:
        """As libphonenumber reads it; with its country code in any region. Raises InvalidPhone."""
        usual = numbers.usual(text, region)
        if usual is not None:
            return usual.text
        try:
            number = parsed(text, region)
        except NumberParseException:
            raise InvalidPhone("it has no digits that make a number", region, field=field, text=text) from None
        if number.extension:
            raise InvalidPhone("it has an extension, which no message reaches", region, field=field, text=text)
        if not phonenumbers.is_valid_number(number):
            raise InvalidPhone(reason_of(number), region, field=field, text=text)
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)

    def spellings(self, text: str, region: str) -> list[str]:
        """As it is written, its digits, without its country code, and as E.164."""
        found = [text.strip(), "".join(filter(str.isdecimal, text))]
        usual = numbers.usual(text, region)
        if usual is not None:
            return [*found, usual.national, usual.text]
        try:
            number = parsed(text, region)
        except NumberParseException:
            return found
        return [*found, str(number.national_number), f"+{number.country_code}{number.national_number}"]

    def is_nobody(self, spelling: str) -> bool:
        """One digit, repeated, or all of them in their order."""
        return spelling.isdecimal() and len(spelling) > 3 and spelling in (spelling[0] * len(spelling), self.counted)

    def masked(self, address: str) -> str:
        """Its last two digits."""
        return f"the number ending in {address[-2:]}"

    def words(self, plain: str) -> set[str]:
        """With and without its country code."""
        usual = numbers.usual(plain, None)
        return {plain[1:], usual.national if usual else str(parsed(plain, None).national_number)}

    def time_zones(self, address: str) -> list[str]:
        """From libphonenumber's data: those of its country or area code, not of where its owner is."""
        usual = numbers.usual(address, None)
        if usual is not None and usual.is_placed:
            return [zone for zone in numbers.zones(usual) if zone != timezone.UNKNOWN_TIMEZONE]
        zones = timezone.time_zones_for_number(parsed(address, None))
        return [zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE]


@lru_cache(maxsize=8)  # several ask about a number, one after the other
def parsed(text: str, region: str | None) -> PhoneNumber:
    """The number as libphonenumber reads it; not to be changed. Raises NumberParseException."""
    return phonenumbers.parse(text, region)


def reason_of(number: PhoneNumber) -> str:
    """Why libphonenumber calls the number invalid, in words."""
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.TOO_SHORT:
            return "it is too short"
        case ValidationResult.TOO_LONG:
            return "it is too long"
        case ValidationResult.INVALID_COUNTRY_CODE:
            return "its country code does not exist"
        case ValidationResult.IS_POSSIBLE:
            return "its length is right, but no such number is given out"
        case _:
            return "its length is wrong"


#: Every kind; whoever would branch on a kind asks this instead.
KINDS: Mapping[ChannelKind, Kind] = {ChannelKind.EMAIL: Email(), ChannelKind.SMS: Sms()}
