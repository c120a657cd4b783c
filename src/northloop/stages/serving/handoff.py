"""When a person takes over because the customer asks for one.

Asked for a person: patterns, deliberately narrow, of English here and of twenty more languages in
`asking_for_people`. Asking *for* a person ("let me speak to a human", "agent please", "I don't want
a robot", "call me back") counts; mentioning one ("a human-sized tent", "is there somebody at the
shop on Sunday?") does not.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

from northloop.core.pattern_set import PatternSet
from northloop.core.patterns import lazy
from northloop.stages.serving.asking_for_people import LANGUAGES, plain
from northloop.stages.serving.misspelt import respelt

_PERSON = (
    r"(?:(?:real|live|actual|human|proper|other|different|customer|support|service|shop"
    r"|sales)[\s-]+)*"
    r"(?:human(?:\s+being)?s?|persons?|agents?|assistants?|representatives?|reps?|operators?|"
    r"advis[oe]rs?|colleagues?|employees?|managers?|supervisors?|staff\s+members?|"
    r"members?\s+of\s+(?:the\s+|your\s+)?(?:staff|team))(?![\w-])"
)
_SOMEONE = r"(?:someone|somebody|anyone|anybody)(?![\w'-])"
_ARTICLE = r"(?:(?:a|an|any|one|some|the|your|another|to|of|with)\s+)*"
_ADDRESS = (
    r"(?:talk|talking|speak|speaking|chat|chatting|transfer|transferred|connect|connected|"
    r"communicate|deal|dealing|put(?:\s+me)?\s+through|pass|hand|switch|escalate|forward|redirect"
    r"|direct)"
)
_CONTACT = r"(?:contact|contacting|reach|reaching|call|calling|message|messaging)"
_WISH = (
    r"(?:want|wanna|need|get|give|prefer|require|like|have|request|requesting|find|rather|"
    r"ask(?:ing)?\s+for|looking\s+for)"
)
_UNWANTED = (
    r"(?:do|does|did|would|will)(?:\s+not|n'?t)\s+(?:really\s+|even\s+)?(?:want|need|wish|like)"
)

_STOP = r"(?<!how to )(?<!how do i )(?<!how can i )(?<!hoe )stop(?!\s+i[ck]\b)"

_ASKED = PatternSet(
    lazy(pattern, re.IGNORECASE)
    for pattern in (
        # "let me speak to someone", "can I talk with a damn person", "put me through to an agent"
        # but not "my transfer to someone"
        rf"\b(?<!\ba )(?<!\bmy )(?<!\bthe ){_ADDRESS}\s+(?:me\s+)?(?:(?:over|on)\s+)?"
        rf"(?:with|to|wit)\s+(?:me\s+)?{_ARTICLE}(?:{_SOMEONE}|(?:\w+\s+)?{_PERSON})",
        # "how can I contact someone?", "I must reach an operator"
        rf"\b(?<!the ){_CONTACT}\s+{_ARTICLE}(?:{_SOMEONE}|{_PERSON})",
        # "I'd like to be phoned by someone", "can I get called back by an agent"
        rf"\b(?:be|get|getting)\s+(?:phoned|called|contacted|rung)(?:\s+back)?\s+by\s+{_ARTICLE}"
        rf"(?:{_SOMEONE}|{_PERSON})",
        # "I want a human", "give me an agent", "get a person"
        rf"\b{_WISH}\s+(?:me\s+)?(?:to\s+)?{_ARTICLE}{_PERSON}",
        # "human please", "agent!", "a real person", "I need someone": nothing else is said
        rf"^\W*(?:please\W+)?(?:I\s+(?:need|want)\s+)?(?:{_SOMEONE}|{_ARTICLE}{_PERSON})\W*"
        r"(?:please|pls|now|asap)?\W*$",
        # "put a human on", "connect me with customer service"
        rf"\bput\s+{_ARTICLE}{_PERSON}\s+on\b(?=\W*$|\s+(?:please|now|the\s+(?:phone|line)))",
        r"\b(?:connect|transfer|put|hand|pass|forward|switch)\s+me\s+(?:(?:over|through)\s+)?"
        r"(?:with|to)\s+(?:your\s+|the\s+)?customer\s+(?:service|support|care)\b",
        # "we leave on Tuesday, human please"
        r"\b(?:human|agent|operator|representative|advis[oe]r|customer\s+(?:service|support))"
        r"\s+(?:please|pls)\b",
        # "Enough of this. Person. Now."
        rf"(?:^|[.!?]\s)\W*(?:{_SOMEONE}|{_ARTICLE}{_PERSON})[.!,\s]+(?:now|please|immediately)\W*$",
        # "this bot is useless, get me someone", "over the phone with someone"
        rf"\b(?:get|give|find|send|fetch|bring)\s+me\s+{_SOMEONE}"
        rf"|\b(?:on|over|by)\s+(?:the\s+)?phone\s+(?:with|to)\s+{_SOMEONE}",
        # "I don't want to talk to a robot", "no bots", "stop the chatbot"
        rf"\b(?:{_UNWANTED}|no|{_STOP}|hate|enough|instead\s+of|rather\s+than)\b[^.?!]{{0,25}}"
        r"\b(?:chat|ro)?bots?\b(?!\s+(?!please)\w)",
        # "is there a human I can talk to?", "are there any agents here"
        rf"\b(?:is|are)\s+there\s+{_ARTICLE}{_PERSON}[^.?!]{{0,20}}\b(?:talk|speak|chat|help"
        rf"|here)\b",
        # "call me back", "could someone ring me", "have one of your people phone me"
        r"\b(?:call|ring|phone)\s+me\s+back\b|\bgive\s+me\s+a\s+(?:call|ring)\b(?!\s+(?:when|if"
        r"|once))"
        r"|\b(?:someone|somebody|anyone|anybody|a\s+colleague|one\s+of\s+(?:you|your\s+\w+))\s+"
        r"(?:(?:from|at|in)\s+your\s+\w+\s+)?"
        r"(?:(?:please|could|to)\s+)*(?:call|ring|phone)\s+me\b",
        # "escalate this", "let me talk to whoever is in charge", "complain to your boss"
        r"\bescalate\s+(?:this|it|my\s+\w+)\b",
        rf"\b(?:{_ADDRESS}|complain|complaining)\s+(?:me\s+)?(?:directly\s+)?(?:to"
        rf"|with)\s+(?:whoever|who(?:m)?\b|"
        r"the\s+one|(?:your|the)\s+(?:boss|team|staff|people|support|superiors?|management))\b",
        r"\b(?:discuss|sort)\s+(?:this|it|that)\s+(?:out\s+)?with\s+(?:you\s+in\s+person"
        r"|your\s+(?:staff|team|people|boss)|"
        rf"{_ARTICLE}{_PERSON})",
        # "hand me over to support", "get me your team", "get hold of a colleague"
        r"\b(?:hand|put|pass|get)\s+(?:me|us)\s+(?:(?:over|on|through)\s+)?(?:to\s+)?(?:your\s+"
        r"|the\s+|a\s+)?"
        r"(?:support(?:\s+staff)?|team|staff|help\s*desk)\b",
        rf"\bget\s+(?:a\s+)?hold\s+of\s+{_ARTICLE}(?:{_SOMEONE}|{_PERSON})",
        # "is anybody there?", "isn't there anyone human on your end?"
        r"^\W*(?:hello\W+)?is\s+(?:anybody|anyone|someone|somebody)\s+(?:really\s+"
        r"|even\s+)?there\b",
        r"\b(?:anyone|anybody|someone|somebody)\s+(?:human|real)\b",
        # "get me out of this chatbot", "stop giving me automated replies"
        r"\b(?:out\s+of|away\s+from|past)\s+(?:this|the|your)\s+(?:\w+\s+)?(?:chat)?bot\b",
        r"\b(?:no\s+more|stop|enough|sick|tired)\b[^.?!]{0,25}\b(?:automated|canned|scripted)\s+"
        r"(?:answers?|repl(?:y|ies)|responses?|messages?)\b",
        # "I need someone who understands"
        rf"\b(?:I|we)\s+(?:need|want)\s+{_SOMEONE}\s+who\b",
        # "real person", "human agent" in any position: nobody says it but to have one
        r"\b(?:real|live|actual)\s+(?:human|person|agent|representative)s?\b(?!\s+who)",
        r"\bhuman\s+(?:agent|being|assistance|help|support|representative|operator|advisor)s?\b",
    )
)
_ASKED_ELSEWHERE = PatternSet(chain.from_iterable(LANGUAGES.values()))
_REFUSED = lazy(
    # "I don't need to talk to a person", "no need for an agent", "do I need a person to sign?"
    rf"\b(?:{_UNWANTED}|no\s+need)\b[^.?!,;:–—]{{0,25}}?{_PERSON}|\bdo\s+(?:I"
    rf"|we)\s+need\s+{_ARTICLE}{_PERSON}",
    re.IGNORECASE,
)

_PRICED = lazy(
    # "Ile kosztuje połączenie z konsultantem?" asks for the price
    r"\b(?:was\s+kostet|(?:what|how\s+much)\s+do(?:es)?\s+(?:it|a|the)\b[^.?!\n]{0,20}?\s+cost"
    r"|(?<!moi )combien\s+coute|cuanto\s+cuesta|quanto\s+costa|quanto\s+custa|wat\s+kost"
    r"|ile\s+kosztuje|vad\s+kostar)\b[^.,;?!\n]*"
    r"(?:,\s*(?:(?:wenn|falls|als|si|se|om|jesli|gdy)\b|(?=[^.,;?!\n]{0,60}\bzu\s+\w+en\b))[^.,;?!\n]*)?"
    # "人に代わってもらうと、いくらですか", but not "いくら待っても", however long
    r"|(?:^|(?<=[。、，,;?？!！\n]))[^。、，,;?？!！\n]*"
    r"(?:(?:と|たら|れば|場合は?|には|的话|的話)[、，,][^。、，,;?？!！\n]*)?"
    r"(?:いくら(?!なん?でも|何でも|[^。、，,?？!！\n]{0,12}?[てで]も)|多少钱|多少錢)[^。、，,;?？!！\n]*"
)


def asked_for_human(text: str) -> bool:
    """Return whether a customer's message asks for a person, whatever else it does not want."""
    said = unicodedata.normalize("NFC", text).replace("’", "'").replace(" - ", ", ")
    if _is_asked(said):
        return True
    bare = plain(said)
    mended = respelt(bare)
    return mended != bare and _is_asked(mended)


def _is_asked(said: str) -> bool:
    said = _REFUSED.sub(" … ", said)
    found = chain(_ASKED.matching(said), _ASKED_ELSEWHERE.matching(_PRICED.sub(" … ", plain(said))))
    return next(found, None) is not None
