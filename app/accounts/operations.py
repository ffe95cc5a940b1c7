"""Making accounts, and making and revoking keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, String, insert, update

from app.accounts import queries, rules
from app.accounts.errors import AccountNotFound, KeyNotFound
from app.accounts.queries import Tenant
from app.accounts.rules import Feedback, Guards, Messaging, Scope
from app.acts import uuid7
from app.channels.rules import region as known_region
from app.db import Insertion, Reader, Statement, Writer, changing, param, table
from app.db.types import Id, Json, Time
from app.tables import Account, ApiKey

_account, _api_key = table(Account), table(ApiKey)
INSERT = Statement(
    lambda account_id: account_id,
    insert(_account).returning(_account.c.account_id),
    columns=["id", "name", "default_region", "time_zone", "created_at"],
    everywhere=True,
)
INTO_KEYS = Insertion(ApiKey)
SET_GUARDS = changing(
    update(_account).values(
        max_channels_per_kind=param("most", Integer()),
        placeholder_patterns=param("placeholders", Json()),
        role_patterns=param("roles", Json()),
    )
)
SET_MESSAGING = changing(
    update(_account).values(
        help_text=param("new_help_text", String()),
        sms_auth_token=param("new_token", String()),
        quiet_from=param("new_from", Integer()),
        quiet_until=param("new_until", Integer()),
    )
)
SET_FEEDBACK = changing(
    update(_account).values(
        email_webhook_secret=param("new_secret", String()), bounces_to_hold=param("new_bounces", Integer())
    )
)
REVOKE = changing(
    update(_api_key)
    .where(_api_key.c.id == param("key_id", Id()), _api_key.c.revoked_at.is_(None))
    .values(revoked_at=param("at", Time()))
)


async def create(writer: Writer, *, name: str, region: str, time_zone: str, now: datetime) -> Tenant:
    """Makes an account. Raises a Refusal for an empty name, an unknown region or time zone."""
    row = {
        "name": rules.name(name),
        "default_region": known_region(region, field=("region",)),
        "time_zone": rules.time_zone(time_zone),
    }
    id = uuid7(now)
    [account_id] = await writer.fetch(INSERT, id=id, created_at=now, **row)
    return Tenant(account_id, id, row["name"], row["default_region"], row["time_zone"])


async def set_guards(
    writer: Writer,
    *,
    max_channels_per_kind: int | None = None,
    placeholder_patterns: Sequence[str] | None = None,
    role_patterns: Sequence[str] | None = None,
) -> Guards:
    """Sets what is given of the guards of the connection's account; servers observe it within a second.

    A list replaces the one before. Raises InvalidLimit or InvalidPattern.
    """
    [known] = await writer.fetch(queries.GUARDS)
    limit, placeholders, roles = max_channels_per_kind, placeholder_patterns, role_patterns
    guards = Guards(
        known.max_channels_per_kind if limit is None else rules.channel_limit(limit),
        known.placeholder_patterns
        if placeholders is None
        else tuple(rules.patterns(placeholders, field="placeholderPatterns")),
        known.role_patterns if roles is None else tuple(rules.patterns(roles, field="rolePatterns")),
    )
    await writer.execute(
        SET_GUARDS,
        most=guards.max_channels_per_kind,
        placeholders=list(guards.placeholder_patterns),
        roles=list(guards.role_patterns),
    )
    return guards


async def set_messaging(
    writer: Writer,
    *,
    help_text: str | None = None,
    sms_auth_token: str | None = None,
    quiet_from: int | None = None,
    quiet_until: int | None = None,
) -> Messaging:
    """Sets what is given of the messages of the connection's account; servers observe it within a second.

    Raises InvalidHelpText, InvalidToken or InvalidHour.
    """
    [(text, token, start, end)] = await writer.fetch(queries.MESSAGING)
    text = text if help_text is None else rules.help_text(help_text)
    token = token if sms_auth_token is None else rules.sms_auth_token(sms_auth_token)
    start = start if quiet_from is None else rules.hour(quiet_from, field="quietFrom")
    end = end if quiet_until is None else rules.hour(quiet_until, field="quietUntil")
    await writer.execute(SET_MESSAGING, new_help_text=text, new_token=token, new_from=start, new_until=end)
    return Messaging(text, token is not None, start, end)


async def set_feedback(
    writer: Writer, *, email_webhook_secret: str | None = None, bounces_to_hold: int | None = None
) -> Feedback:
    """Sets what is given of what is told of the account's messages; servers observe it at once.

    Another number of bounces counts from the next bounce or delivery on each channel. Raises InvalidSecret or
    InvalidBounces.
    """
    [(secret, bounces)] = await writer.fetch(queries.FEEDBACK)
    secret = secret if email_webhook_secret is None else rules.email_webhook_secret(email_webhook_secret)
    bounces = bounces if bounces_to_hold is None else rules.bounces_to_hold(bounces_to_hold)
    await writer.execute(SET_FEEDBACK, new_secret=secret, new_bounces=bounces)
    return Feedback(secret is not None, bounces)


async def create_key(
    writer: Writer, *, name: str, scopes: Sequence[Scope], now: datetime, expires_at: datetime | None = None
) -> str:
    """Makes a key for the connection's account and gives it out, this once."""
    key = rules.new_key()
    writer.insert(
        INTO_KEYS,
        id=uuid7(now),
        name=rules.name(name),
        prefix=rules.prefix(key),
        digest=rules.digest(key),
        scopes=list(scopes),
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
    )
    return key


async def revoke_key(writer: Writer, *, beginning: str, now: datetime) -> UUID:
    """Revokes the one key in force that begins so. Raises KeyNotFound where there is none, or more than one."""
    keys = await writer.fetch(queries.KEYS_IN_FORCE, now=now)
    found = [key for key in keys if beginning.startswith(key.prefix) or key.prefix.startswith(beginning)]
    if len(found) != 1:
        raise KeyNotFound(beginning)
    await writer.execute(REVOKE, key_id=found[0].id, at=now)
    return found[0].id


async def tenant(reader: Reader, *, given: str) -> Tenant:
    """The account by its id as the API spells it, or by its name. Raises AccountNotFound."""
    digits = given.removeprefix("account_")
    known = await reader.fetch(queries.TENANTS)
    found = [tenant for tenant in known if digits == tenant.id.hex or given == tenant.name]
    if len(found) != 1:
        raise AccountNotFound(given)
    return found[0]
