"""Phrases by which a longer text revokes consent, as a reasonable person reads it (47 CFR 64.1200(a)(10))."""

import re


def revokes(plain: str) -> bool:
    """Whether a plain text (small letters, one space between words, . and ? where clauses end) revokes consent."""
    return bool(_REVOKING.search(_TURNS_OF_SPEECH.sub("~", plain)))


#: The lists that phrases are made of.
LISTS = {
    "stop": "stop, stopping, quit, cease, halt, discontinue",
    "end": "stop, stopping, quit, cease, halt, discontinue, end, cancel, suspend, terminate, disable, deactivate",
    "leave": "unsubscribe, cancel, end, revoke, remove, delete, drop, opt, be removed",
    "not": "dont, do not, wont, will not, cant, cannot, can not, couldnt, could not, didnt, did not, never",
    "dont": "dont, dnt, do not, never, no longer",
    "never": "never, didnt, did not, havent, have not, dont, do not",
    "agree": "sign up, signed up, opt in, opted in, subscribe, subscribed, agree, agreed, consent, consented,"
    " authorize, authorized",
    "want": "want, need, wish, like, care, appreciate, wanna",
    "contact": "text, txt, message, msg, contact, call, phone, email, write, reach out, ping, bother, disturb, spam,"
    " solicit",
    "contacting": "texting, textin, txting, txtin, messaging, msging, contacting, calling, emailing, spamming,"
    " soliciting, bothering, harassing, bugging, annoying, pestering, hounding, stalking, pinging, blowing, hitting",
    "texts": "texts, txts, texting, text messages, text alerts, text updates, messages, message, msgs, msg, sms, mms,"
    " spam, notifications, alerts, communications, communication, marketing, solicitations,"
    " subscription, subscriptions",
    "wares": "ads, promos, promotions, promotional, coupons, deals, offers, sales, calls, emails, reminders,"
    " newsletter, newsletters, updates, crap, junk, shit, bullshit, nonsense",
    "these": "these, this, those, them, anything, any, more, stuff, crap",
    "me": "me, us, him, her, my name, my number, my phone, my cell, my mobile, my contact, my info, my data,"
    " my details, my mom, my dad, my wife, my husband, this number, this phone, the number",
    "list": "list, lists, database, system, contacts, records, distribution, marketing, texts, messages",
    "you": "you, u, they, ya, yall",
}

#: Each phrase is words; `a/b` is either word, `<list>` any of a list, `..` up to four words, `.` the end of a clause,
#: `a*` any word that begins so, and `!<list>` that none of the list stands before.
REVOKING = [
    # stop what you do
    ". stop",
    "stop .",
    ". remove/quit/revoke/discontinue/desist .",
    "stop i/im/ive/you/your/youre/this/its/thats/we/he/she/they/who/why/not/no/wrong/dont/never",
    "<stop> .. <contacting>",
    "<stop> .. text*/txt*/messag*/msg*",
    "<end> .. <texts>",
    "<stop> .. <wares>",
    "<stop> .. <these>/it .",
    "<stop> .. sending",
    "<stop> .. getting/receiving/hearing .. <these>/from",
    "stop/quit/enough with",
    "put a/an stop/end",
    "asked/told .. to stop",
    "said/texted/replied/typed/sent/wrote stop",
    "get/make <these>/it/you stop",
    "get/make <these>/it/you to stop",
    "turn/shut/switch off .. <texts>/<these>",
    "turn/shut/switch <these> off",
    "hate/hating/sick/tired/done/annoyed/annoying .. <texts>",
    "too many .. <texts>",
    "!to/and/but still/keep/keeps <contacting> <me>",
    "can/could/will/would you stop ?",
    "cease/desist",
    # do not write to me
    "<dont> .. <contact> <me>/my/our/this/it",
    "<dont> <contact> or/and <contact>",
    "you/to not <contact> <me>",
    ". dont you <contact>",
    "prefer/rather/wish/appreciate you didnt/not/wouldnt",
    "<dont> <contact> ./again/anymore/here",
    "<dont> .. <texts>/<contacting>",
    "<dont> .. send/sending me/us/<these>",
    "<dont> send .",
    "no one .. want*/need*/ask* .. <texts>/<wares>",
    "nobody .. want*/need*/ask* .. <texts>/<wares>",
    "<dont> <want> .. <wares>/your",
    "<dont> <want> .. these/this/those/any/anything ./anymore",
    "<dont> <want> .. get/receive .. <these>",
    "<dont> <want> .. hear/receive/contacted/texted/messaged/list/lists",
    "<dont> use/keep/save my/this number",
    "no <texts> .",
    "no more .",
    "no more of <these>/your",
    "no more .. <texts>/<wares>/contact",
    "no further/future .. <texts>/<wares>/contact",
    "not/longer interested ./anymore/here",
    "not/longer interested .. <texts>/getting/receiving/hearing",
    "rather/prefer not .. <texts>/<these>",
    "not allowed/permitted/authorized to <contact>",
    "do not call/contact list",
    # I never agreed, or no longer do
    "<never> .. <agree>",
    "<never> have/has/give/gave/given .. permission/consent",
    "<never> .. ask/asked for <these>/it/<texts>",
    "<never> give/gave you my number",
    "no/without consent/permission",
    "without my consent/permission",
    "revok*/withdr* .. consent/permission",
    "consent/permission .. revoked/withdrawn/denied",
    # off the list
    "unsubscribe/unsubscribing/unenroll/disenroll/unregister/deregister",
    "un subscribe",
    ". i unsubscribed",
    "ive/have unsubscribed",
    "i/ive/have opted out",
    "opt/opting <me> out",
    "opt/opting out ./?",
    "opt/opting out of/from .. <texts>/<these>/all/everything",
    "remove/delete/erase/exclude/purge <me>/all",
    "remove/delete/erase/exclude/purge .. number",
    "withdraw* from",
    "get rid of my/this",
    "take/get/drop/scratch <me> off/from/out",
    "<want>/ask/asked/request .. be removed/deleted/unsubscribed",
    "can/could/may i/we be removed/deleted/unsubscribed",
    "<want>/ask/asked/request .. be taken off",
    "remove/delete/take/drop .. from .. <list>",
    "off your/this/that/the/these .. <list>",
    "off of your/this/that/the/these .. <list>",
    # leave me alone
    "leave me/us .. alone/out",
    "want out .",
    "count me out",
    "lose/forget/block/blocking/blocked my/this/your number",
    "block/blocking/reporting/reported you/this/as",
    "youre blocked/reported",
    "report/sue you",
    "spamming me/us",
    "this is spam .",
    "harassment/lawsuit/fcc/ftc/tcpa",
    "wrong number/person/guy",
    "this/it isnt/not .. number",
    "this/it is not/no .. number",
    "nobody/noone/one by that/this name",
    "enough already/of",
    ". go away .",
    ". get lost .",
    "knock/cut it off/out",
    "fuck/piss/screw/bug/buzz/back off",
    "fuck/screw you",
    # Spanish
    "no mas ./mensajes/textos/sms",
    "no me/nos mand*/envi*/escrib*/llam*/contact*/molest*/text*",
    "no escrib*/llam*/molest*",
    "no mand*/envi* mas",
    "no me interesa",
    "alto/basta a/de/con",
    "no quiero/deseo mas/recibir/sus/estos/mensajes/que",
    "dejen/deje/deja/dejar/paren/pare/para de mandar*/enviar*/escribir*/molestar*/llamar*",
    "quitenme/quiteme/quitame/saquenme/saqueme/sacame/borrenme/borreme/borrame/eliminenme/elimineme/eliminame",
    "borr*/elimin*/quit* mi numero",
    "dar/darme/denme/deme/dame de baja",
    "numero equivocado",
    "dejenme/dejeme/dejame en paz/tranquilo/tranquila",
    # French
    "arrete/arreter/arretez/cessez avec/ca/ces/de/les/vos",
    "ne menvoyez/menvoie/mecrivez/mappelez plus",
    "ne me .. plus",
    "ne plus m*",
    "plus de messages/textos/texto/sms",
    "ne veux/souhaite/desire plus",
    "desabonn*/desinscri*",
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
    "!<you> <never> take <me> off .. <list>",
    "!<you> <dont>/didnt get/got/receive/received/see/saw/have/had/find/open/read/sent",
    "not getting/receiving/seeing",
    "!<you> <dont>/didnt know/recall/remember/understand/recognize/mind/forget/hesitate/worry/ignore/be",
    "!<you> <never> take <me> off",
    "!<you> <not> <want>/mean/plan/intend to stop/<leave>",
    "<dont> <want> to miss/lose",
    "why would/should i .. <leave>/stop",
    "stop by/in/at/over/off/sign/signs",
    "did/when/why i/you/it/they/we stop",
    "accidentally <leave>",
    "!put non/bus/pit/truck/rest/train/last/next/first/one/full/quick/a/the/my/which stop",
    "year/month/week/season/high end",
    "end of",
    "no dejen/deje/dejes de",
    # other wishes, and other numbers and lists
    "<dont>/stop call/calling .. . text",
    "text . <dont> call",
    "text me . <dont> call",
    "unsubscribe .. email/emails only",
    "unsubscribe .. list but keep",
    "unsubscribe .. email/emails but keep",
    ". keep",
    "tracking/order/confirmation/item/model/serial/account/reference/right number",
    "list price/prices",
]


def _compiled(phrases: list[str]) -> re.Pattern[str]:
    spelled = ("".join(map(_spelled, phrase.split())).rstrip() for phrase in phrases)
    return re.compile(rf"(?<!\S)(?:{'|'.join(spelled)})(?!\S)")


def _spelled(part: str) -> str:
    """One part of a phrase as a regular expression. A gap ends at a conjunction, and is short: so time is linear."""
    if part == "..":
        return r"(?:(?!(?:and|but|so|or|for|then|when|if) )\w+ ){0,4}"
    if part.startswith("!"):
        return "".join(rf"(?<!\b{word} )" for word in _choices(part[1:]))
    either = "|".join(map(re.escape, _choices(part))).replace(r"\*", r"\w*")
    return f"(?:{either}) "


def _choices(part: str) -> list[str]:
    either = [LISTS[name[1:-1]].split(", ") if name.startswith("<") else [name] for name in part.split("/")]
    return [choice for choices in either for choice in choices]


_REVOKING = _compiled(REVOKING)
_TURNS_OF_SPEECH = _compiled(TURNS_OF_SPEECH)
