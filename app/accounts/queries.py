"""Finding accounts and keys. These look across accounts: they are how the account of a request is found."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, String, select

from app.accounts.rules import Guards, QuietHours, Scope, Sender
from app.db import entity, param, selecting, table
from app.db.types import Id, Time
from app.tables import Account, ApiKey


class Caller(NamedTuple):
    """Whom a key speaks for: the account, with what its data is read by, and what the key may do."""

    account_id: int
    account: UUID
    region: str
    key_id: UUID
    name: str
    scopes: frozenset[Scope]
    guards: Guards
    quiet_hours: QuietHours
    sender: Sender


class SmsProvider(NamedTuple):
    """What an account's SMS provider signs with, and what the texts that it hands over are read and answered by."""

    account_id: int
    region: str
    auth_token: str | None
    guards: Guards
    sender: Sender


class EmailProvider(NamedTuple):
    """What an account's email provider signs with."""

    account_id: int
    region: str
    secret: str | None


class Tenant(NamedTuple):
    """An account, by its number within the database and by its id in the API."""

    account_id: int
    id: UUID
    name: str
    region: str
    time_zone: str


class Key(NamedTuple):
    """A key as it is listed; the key itself is not kept."""

    id: UUID
    prefix: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def _guards(most: int, placeholders: list[str], roles: list[str]) -> Guards:
    return Guards(most, tuple(placeholders), tuple(roles))


def _caller(
    account_id: int, account: UUID, region: str, key_id: UUID, name: str, scopes: list[str], *settings: Any
) -> Caller:
    *guards, start, end, time_zone, account_name, help_text = settings
    hours, sender = QuietHours(start, end, time_zone), Sender(account_name, help_text)
    may = frozenset(map(Scope, scopes))
    return Caller(account_id, account, region, key_id, name, may, _guards(*guards), hours, sender)


def _provider(account_id: int, region: str, auth_token: str | None, *settings: Any) -> SmsProvider:
    *guards, account_name, help_text = settings
    return SmsProvider(account_id, region, auth_token, _guards(*guards), Sender(account_name, help_text))


_account, _api_key = table(Account), table(ApiKey)
_TENANT: tuple[Any, ...] = (
    _account.c.account_id,
    _account.c.id,
    _account.c.name,
    _account.c.default_region,
    _account.c.time_zone,
)
_GUARDS: tuple[Any, ...] = (
    _account.c.max_channels_per_kind,
    _account.c.placeholder_patterns,
    _account.c.role_patterns,
)
_QUIET_HOURS: tuple[Any, ...] = (_account.c.quiet_from, _account.c.quiet_until, _account.c.time_zone)
_SENDER: tuple[Any, ...] = (_account.c.name, _account.c.help_text)
_IN_FORCE = (
    _api_key.c.revoked_at.is_(None),
    (_api_key.c.expires_at.is_(None)) | (_api_key.c.expires_at > param("now", Time())),
)

CALLER = selecting(
    _caller,
    select(
        _account.c.account_id,
        _account.c.id,
        _account.c.default_region,
        _api_key.c.id,
        _api_key.c.name,
        _api_key.c.scopes,
        *_GUARDS,
        *_QUIET_HOURS,
        *_SENDER,
    )
    .join(ApiKey, _api_key.c.account_id == _account.c.account_id)
    .where(_api_key.c.digest == param("digest", String()), *_IN_FORCE),
    everywhere=True,
)
SMS_PROVIDER = selecting(
    _provider,
    select(_account.c.account_id, _account.c.default_region, _account.c.sms_auth_token, *_GUARDS, *_SENDER).where(
        _account.c.id == param("account", Id())
    ),
    everywhere=True,
)
EMAIL_PROVIDER = selecting(
    EmailProvider,
    select(_account.c.account_id, _account.c.default_region, _account.c.email_webhook_secret).where(
        _account.c.id == param("account", Id())
    ),
    everywhere=True,
)
TENANTS = selecting(Tenant, select(*_TENANT).order_by(_account.c.account_id), everywhere=True)
GUARDS = selecting(_guards, select(*_GUARDS))
MESSAGING = selecting(
    lambda text, token, *hours: (text, token, *hours),
    select(_account.c.help_text, _account.c.sms_auth_token, _account.c.quiet_from, _account.c.quiet_until),
)
FEEDBACK = selecting(
    lambda secret, bounces: (secret, bounces), select(_account.c.email_webhook_secret, _account.c.bounces_to_hold)
)
QUIET_HOURS = selecting(QuietHours, select(*_QUIET_HOURS))
_KEY: tuple[Any, ...] = tuple(_api_key.c[name] for name in Key._fields)
KEYS = selecting(Key, select(*_KEY).order_by(_api_key.c.created_at))
KEYS_IN_FORCE = selecting(Key, select(*_KEY).where(*_IN_FORCE))


def own(_: object) -> Select[Any]:
    """The account itself."""
    return select(entity(Account))
