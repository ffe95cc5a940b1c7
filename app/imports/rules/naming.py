"""The usual English names of headers, and what columns with these names are."""

from collections.abc import Mapping, Sequence

from app.imports.rules.options import OPT_OUT, STATUS, SUBSCRIBED, TAGS, of_kind
from app.kinds import KINDS, ChannelKind

DETAILS = ("", "At", "Source", "Wording")  # of a consent, after the name of its input


WHEN = ("", "at", "date", "time", "datetime", "timestamp", "on")


def _consents(names: Sequence[str], target: str) -> dict[str, list[str]]:
    """The names of the columns with consents of a kind, which itself is called by these names."""
    acts = ["consent", "marketingconsent", "consentstatus", "optin", "optinstatus", "optedin"]
    acts += ["permission", "marketingpermission"]
    bases = [name + act for act in acts for name in names] + [act + names[0] for act in acts]
    told = [*bases, *(name + "subscribed" for name in names)]
    ends = {
        "At": WHEN[1:],
        "Source": ["source", "sourceurl", "url"],
        "Wording": ["wording", "text", "disclosure", "language"],
    }
    details = {target + detail: [base + end for base in told for end in ends[detail]] for detail in DETAILS[1:]}
    return {target: bases, **details}


def _opt_outs(names: Sequence[str]) -> list[str]:
    """The names of the columns with opt-outs of a kind, which itself is called by these names."""
    bases = [name + act for act in ("optout", "optedout", "unsubscribed", "unsubscribe", "unsub") for name in names]
    acts = ["optout", "optedout", "unsubscribed", "hasoptedoutof", "optedoutof", "optoutof", "unsubscribedfrom"]
    bases += [act + name for act in (*acts, "unsubscribedfromall", "donot", "donotbulk") for name in names]
    return [base + end for base in bases for end in WHEN]


def _subscriptions(names: Sequence[str]) -> list[str]:
    """The names of the columns that tell subscribers of a kind."""
    whole = ["{}subscribed", "{}subscriber", "subscribed{}", "subscribedto{}", "issubscribedto{}", "accepts{}"]
    return [each.format(name) for each in (*whole, "accepts{}marketing", "{}marketingaccepted") for name in names]


def _statuses(names: Sequence[str]) -> list[str]:
    """The names of the columns with the status of a kind."""
    whole = ["{}status", "{}marketingstatus", "{}permissionstatus", "{}subscriptionstatus", "{}subscriberstatus"]
    return [each.format(name) for each in (*whole, "{}marketingpermissionstatus") for name in names]


def _names(kind: ChannelKind, names: Sequence[str]) -> dict[str, list[str]]:
    """The names of the columns that are about a kind, which itself is called by these names."""
    return {
        of_kind(kind, STATUS): _statuses(names),
        of_kind(kind, OPT_OUT): _opt_outs(names),
        of_kind(kind, SUBSCRIBED): _subscriptions(names),
        **_consents(names, KINDS[kind].consent_input),
    }


#: Names of headers without case, spaces and marks; of several columns the one with the most telling name is taken.
NAMES: Mapping[str, Sequence[str]] = {
    "emailAddress": [
        *("emailaddress", "emailaddr", "email", "primaryemail", "primaryemailaddress", "emailid", "mailaddress"),
        *("mail", "contactemail", "customeremail", "subscriberemail", "useremail", "personalemail", "workemail"),
    ],
    "mobileNumber": [
        *("mobilenumber", "mobilephone", "mobilephonenumber", "mobile", "mobileno", "mobiletelephone", "mobiletel"),
        *("msisdn", "cellphone", "cellphonenumber", "cellnumber", "cell", "cellular", "cellularphone"),
        *("smsnumber", "smsphone", "smsphonenumber", "sms", "textnumber", "phonenumber", "phone", "phoneno"),
        *("telephone", "telephonenumber", "tel", "telno", "telephoneno", "primaryphone", "contactphone"),
    ],
    STATUS: ["subscriptionstatus", "subscriberstatus", "status"],
    OPT_OUT: [
        base + end
        for base in (
            *("unsubscribed", "unsubscribe", "unsub", "isunsubscribed", "optedout", "optout", "hasoptedout"),
            *("isoptedout", "marketingoptout", "marketingoptedout", "donotcontact", "donotmarket"),
        )
        for end in WHEN
    ],
    SUBSCRIBED: ["subscribed", "issubscribed", "acceptsmarketing", "marketingaccepted"],
    TAGS: ["tags", "tag"],
    **_names(ChannelKind.EMAIL, ["email"]),
    **_names(ChannelKind.SMS, ["sms", "text", "texts", "mobile"]),
}
