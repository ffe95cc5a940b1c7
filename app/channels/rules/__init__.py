"""Addresses (`addresses`), what may arrive with them (`arriving`), and which values of custom fields win (`values`)."""

from app.channels.rules.addresses import (
    Address,
    address,
    masked,
    plain,
    region,
    sealed,
    sought,
    time_zones,
    words_in,
    words_of,
    words_of_names,
)
from app.channels.rules.arriving import check_key, custom_fields, tags, text
from app.channels.rules.values import Patch, Values, newest, same_value, winners

__all__ = [
    "Address",
    "Patch",
    "Values",
    "address",
    "check_key",
    "custom_fields",
    "masked",
    "newest",
    "plain",
    "region",
    "same_value",
    "sealed",
    "sought",
    "tags",
    "text",
    "time_zones",
    "winners",
    "words_in",
    "words_of",
    "words_of_names",
]
