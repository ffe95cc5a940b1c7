"""Phrases by which a longer text revokes consent, as a reasonable person reads it (47 CFR 64.1200(a)(10))."""

import re


def revokes(plain: str) -> bool:
    """Whether a plain text (small letters, one space between words, . and ? where clauses end) revokes consent."""
    without_turns = _TURNS_OF_SPEECH.sub("~", plain)
    return bool(_REVOKING.search(without_turns)) and not _ASKING_FOR_TEXTS.search(plain)


#: The lists that phrases are made of.
LISTS = {
    "stop": "stop, stopping, quit, cease, halt, discontinue",
    "end": "stop, stopping, quit, cease, halt, discontinue, end, cancel, suspend, terminate",
    "leave": "unsubscribe, cancel, end, revoke, remove, delete, drop, opt, be removed",
    "not": "dont, do not, wont, will not, cant, cannot, can not, couldnt, could not, didnt, did not, never",
    "dont": "dont, dnt, do not, never, no longer",
    "never": "never, didnt, did not, havent, have not, dont, do not",
    "want": "want, need, wish, like, care, appreciate, wanna",
    "contact": "text, txt, message, msg, contact, call, phone, email, write, reach out, ping, bother, disturb, spam,"
    " solicit",
    "contacting": "texting, txting, messaging, msging, contacting, calling, emailing, spamming, soliciting, bothering,"
    " harassing, bugging, annoying, pestering, hounding, stalking, pinging, blowing, hitting",
    "texts": "texts, txts, texting, text messages, text alerts, text updates, messages, message, msgs, msg, sms, mms,"
    " spam, notifications, alerts, communications, communication, ads, promos, promotions, offers, marketing,"
    " solicitations, subscription, subscriptions, crap, junk, shit, bullshit",
    "these": "these, this, those, them, it, anything, any, more, stuff, crap",
    "me": "me, us, him, her, my name, my number, my phone, my cell, my mobile, my contact, my info, my data,"
    " my details, my mom, my dad, my wife, my husband, this number, this phone, the number",
    "you": "you, u, they, ya, yall",
}

#: Each phrase is words; `a/b` is either word, `<list>` any of a list, `..` up to four words, `.` the end of a clause,
#: and `!<list>` that none of the list stands before.
REVOKING = [
    # stop what you do
    "stop .",
    ". remove/quit/revoke/discontinue/desist .",
    "stop i/im/ive/you/your/youre/this/its/thats/we/he/she/they/who/why/not/no/wrong/dont/never",
    "<stop> .. <contacting>",
    "<end> .. <texts>",
    "<stop> .. <these> .",
    "<stop> .. sending ./me/us/<these>",
    "<stop> .. getting/receiving/hearing .. <these>/from",
    "stop/quit/enough with",
    "put a/an stop/end",
    "asked/told .. to stop",
    "said/texted/replied/typed/sent/wrote stop",
    "get/make <these>/you stop",
    "get/make <these>/you to stop",
    "can/could/will/would you stop ?",
    "cease and desist",
    # do not write to me
    "<dont> <contact> <me>",
    "you/to not <contact> <me>",
    ". dont you <contact>",
    "prefer/rather/wish/appreciate you didnt/not/wouldnt",
    "<dont> <contact> ./again/anymore/here",
    "<dont> send .. <texts>/<these>",
    "<dont> <want> .. <texts>",
    "<dont> <want> these/this/those/any/anything ./anymore",
    "<dont> <want> .. hear/receive/contacted/texted/messaged/list/lists",
    "<dont> use/keep/save my/this number",
    "no <texts> .",
    "no more .",
    "no more/further/future .. <texts>/contact",
    "not/longer interested .",
    "not/longer interested .. <texts>/getting/receiving/hearing",
    "rather/prefer not .. <texts>/<these>",
    "not allowed/permitted/authorized to <contact>",
    "do not call/contact list",
    # I never agreed, or no longer do
    "<never> .. sign/signed/subscribe/subscribed/agree/agreed/consent/consented/opted/authorize/authorized",
    "<never> have/has/give/gave/given .. permission/consent",
    "<never> .. ask/asked for <these>/<texts>",
    "revoke/revoking/withdraw/withdrawing .. consent/permission",
    # off the list
    "unsubscribe/unsubscribing/unenroll/disenroll/unregister/deregister",
    "un subscribe",
    ". i unsubscribed",
    "ive/have unsubscribed",
    "i/ive/have opted out",
    "opt/opting <me> out",
    "opt/opting out ./?",
    "opt/opting out of/from .. <texts>/<these>/all/everything",
    "remove/delete/erase <me>",
    "take/get/drop/scratch <me> off/from",
    "<want>/ask/asked/request .. be removed/deleted/unsubscribed",
    "<want>/ask/asked/request .. be taken off",
    "remove/delete/take/drop .. from/off your/this/the list/lists/database/system/contacts/records",
    "off your/this/that/the/these .. list/lists",
    "off of your/this/that/the/these .. list/lists",
    # leave me alone
    "leave me/us alone",
    "lose/forget/block/blocking/blocked my/this/your number",
    "blocking/reporting/reported you/this/as",
    "youre blocked/reported",
    "report/sue you",
    "spamming me/us",
    "this is spam .",
    "harassment/fcc/ftc/tcpa",
    "wrong number/person/guy",
    "this/it isnt/not .. number",
    "this/it is not/no .. number",
    "nobody/noone/one by that/this name",
    "enough already/of",
    ". go away .",
    ". get lost .",
    "knock/cut it off/out",
    "fuck/piss/screw/bug/buzz/back off/you",
    # Spanish
    "no mas ./mensajes/textos/sms",
    "no me/nos manden/mande/mandes/envien/envie/envies/escriban/escriba/llamen/contacten/molesten",
    "no manden/envien mas",
    "no quiero/deseo mas/recibir/sus/estos/mensajes/que",
    "dejen/deje/deja/dejar/paren/pare/para de mandar/mandarme/enviar/enviarme/escribirme/molestar/molestarme",
    "quitenme/quiteme/saquenme/saqueme/borrenme/borreme/eliminenme/elimineme",
    "borrar/borren/eliminar/eliminen/quitar/quiten mi numero",
    "dar/darme/denme/deme de baja",
    "numero equivocado",
    "dejenme/dejeme en paz/tranquilo/tranquila",
    # French
    "arrete/arreter/arretez/cessez de/les/vos",
    "ne menvoyez/menvoie/mecrivez/mappelez plus",
    "ne me .. plus",
    "plus de messages/textos/texto/sms",
    "ne veux/souhaite/desire plus",
    "desabonner/desabonnez/desinscrire/desinscrivez",
    "retirez/enlevez/supprimez/otez moi/mon",
    "me/mon .. retirer/enlever/supprimer",
    "retirer/enlever/supprimer mon numero/nom",
    "laissez moi tranquille",
    "mauvais numero",
]

#: What only sounds like revoking, and is taken out before the search. "You don't stop" is a reproach, and stays.
TURNS_OF_SPEECH = [
    "!<you> <not> stop/quit",
    "!<you> <never> <leave>",
    "!<you> <never> take <me> off .. list/lists",
    "!<you> <never> take <me> off",
    "!<you> <not> <want>/mean/plan/intend to stop/<leave>",
    "<dont> <want> to miss/lose",
    "did/when/why i/you/it/they/we stop",
    "accidentally <leave>",
    "!put non/bus/pit/truck/rest/train/last/next/first/one/full/quick/a/the/my/which stop",
    "year/month/week/season/high end",
    "end of",
    "no dejen/deje/dejes de",
]

#: What asks for texts, whatever else the text says.
ASKING_FOR_TEXTS = [
    "./but/and/no keep .. <texts>/coming/sending/it/them",
    "<dont> call/email . text",
    "text . <dont> call/email",
    "text me . <dont> call/email",
    "text instead",
    "text me instead",
    "email/emails only",
]


def _compiled(phrases: list[str]) -> re.Pattern[str]:
    spelled = ("".join(map(_spelled, phrase.split())).rstrip() for phrase in phrases)
    return re.compile(rf"(?<!\S)(?:{'|'.join(spelled)})(?!\S)")


def _spelled(part: str) -> str:
    """One part of a phrase as a regular expression. A gap ends at a conjunction, and is short: so time is linear."""
    if part == "..":
        return r"(?:(?!(?:and|but|so|or|then|when|if) )\w+ ){0,4}"
    if part.startswith("!"):
        return "".join(rf"(?<!\b{word} )" for word in _choices(part[1:]))
    return rf"(?:{'|'.join(map(re.escape, _choices(part)))}) "


def _choices(part: str) -> list[str]:
    either = [LISTS[name[1:-1]].split(", ") if name.startswith("<") else [name] for name in part.split("/")]
    return [choice for choices in either for choice in choices]


_REVOKING = _compiled(REVOKING)
_TURNS_OF_SPEECH = _compiled(TURNS_OF_SPEECH)
_ASKING_FOR_TEXTS = _compiled(ASKING_FOR_TEXTS)
