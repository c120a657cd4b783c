"""Roundabout ways of asking for a person: one grammar, a table of words for each language.

Beside what `asking_for_people` hears: have a word with one of yours, whom may I call, is there a
number where somebody answers, let a colleague look at it, send it up to a superior, stop sending me
robots, out of this chatbot, somebody who is no computer, one of flesh and blood. Texts are compared
as `plain` leaves them, so accents here are for reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from northloop.core.patterns import lazy
from northloop.stages.serving.asking_for_people import NOT_SHOWN, SHOWN, bare

_GAP = r"[^.?!;\n]{0,25}?"
"""Some words in between, within a sentence."""
_LONG = r"[^.?!;\n]{0,50}?"
"""More of them."""
_BOT = r"(?:(?:chat|tjatt|czat)-?)?bot(?:s|te[nr]?|em|ów|y|a|i|ar|arna|en|ach|om)?"

_ROBOTS = "robo(?:t(?:s|er|ern|y|ow|ami|ach|ar|arna|en|em|a)?|s)"
_WITH = "with|by|mit|von|avec|par|con|com|por|met|door|z|przez|med|av|da|di"
_ABOUT = (
    r"(?!\s+(?:(?:about|of|for|zu[mr]?|über|wegen|fürs?|sur|pour|sobre|su|over|voor|o|om|na\s+temat)\b"
    r"|(?:d[ei]|van|von)\s+(?:promo|publi|pub\b|market|news|reclam|aanbied|werb|factur|fattur|rechn"
    r"|ofert|offert)))"
)
"""Messages that nobody wrote, but no notices of something."""
_POSSIBLE = (
    r"(?:es\s+)?(?:poss?i[bv]\w+|möglich|mogelijk|możliwe|möjligt|you\s+can|puede[ns]?|geht"
    r"|kan|kann)\b"
)
"""If it can be."""
_NEXT = r"(?:and|to|und|et|pour|y|para|per|e|en|i|żeby|och|för|att)"
"""What begins another thought: call me and tell me when."""


class _Words(NamedTuple):
    """Patterns of one language."""

    someone: str
    staff: str
    """Who works there, and nobody else."""
    yours: str
    """One of your people."""
    my: str
    """Before people: not theirs. And words that begin another thought."""
    speak: str
    """To speak with, where people come behind it."""
    live: str
    """A person who is none but a person: asked for wherever it is said."""
    have: str
    """Are there, do you have, do there work:"""
    real: str
    """people who are real."""
    stop: str
    """Stop sending me:"""
    machines: str
    """what answers; things that a company sells are among them."""
    tired: str
    """Enough of, no more:"""
    automatic: str
    """answers that nobody wrote, or"""
    talking: str
    """talk with machines."""
    out: str
    """Get me out of, away from a bot."""
    is_no: str
    """Who is no machine."""
    number: str
    """A telephone number, where somebody"""
    answers: str
    """picks up."""
    whom: str
    """Whom may I call, speak to, complain to"""
    this: str
    """about this: with no more of the matter, which a document may answer."""
    may: str
    """Could, I want that: before a colleague who is"""
    care: str
    """to look at it, to take care of it."""
    contact: str
    """Somebody is to get in touch with me."""
    forward: str
    """To pass this on to, to send it up to."""
    connect: str
    """To put me through, to whomever."""
    one: str
    """What stands before somebody who is asked for alone: an article, to."""
    your: str
    """The same, where a word of asking has to follow: letters are signed "your team"."""
    please: str
    event: str
    """When, if: who is told then wants a notice, not a person now."""
    closing: str = "(?!)"
    """To speak, where people come before it."""
    mine: str = "(?!)"
    """Behind staff: of mine, of another firm."""
    things: str = "(?!)"
    """What stands before wares, which staff might look at: the, my, a."""
    matter: str = "(?!)"
    """And the customer's own case, which is no ware."""


def _language(words: _Words) -> tuple[re.Pattern[str], ...]:
    """Return a pattern a way, so that a text is put to those alone of which it has a word."""
    not_mine = rf"\b(?!\s+(?:{words.mine})\b)"
    staff = rf"(?:{words.staff}|{words.yours}){not_mine}"
    people = rf"(?:{words.someone}|{words.staff}|{words.yours}){not_mine}"
    few = rf"\s+(?:(?!(?:{words.my})\b)[^\s.?!;,]+\s+){{0,4}}?"
    machines = rf"(?:{words.machines}|{_BOT})"
    asking = rf"(?:\s*,?\s*(?:{words.please}))"
    alone = r"(?:\A\W*|[.!?][ \t]+[^\w\n]*)"
    line = r"(?:^|[.!?][ \t])[^\w\n]*"
    robots = rf"(?:{_ROBOTS}|{_BOT})"
    automatic = rf"(?:{words.automatic})\b{_ABOUT}"
    ends = rf"(?=\s*(?:[.?!,;)]|$)|{asking})"
    ware = rf"\b(?:{words.things})\s+(?!(?:\w+\s+)?(?:{words.matter})\b)\w"
    cared = rf"\b(?:(?!{ware})[^.?!;\n]){{0,50}}?\b(?:{words.care})\b(?!\s+{ware})"
    then = rf"(?:[\s,]+(?!{_NEXT}\b)[^\s.?!,;]+){{0,6}}?[\s,]+"
    notice = rf"(?!{then}(?:{words.event})\b(?!\s+{_POSSIBLE}))"
    ways = (
        rf"\b(?:{words.speak}){few}{people}\b",
        rf"\b{people}{few}(?:{words.closing})\b",
        rf"\b(?:{words.live})\b{NOT_SHOWN}",
        rf"\b(?:{words.have})(?!{_LONG}\b{SHOWN}){few}(?:{words.real})(?![\w-]){NOT_SHOWN}",
        rf"\b(?:{words.stop})\b{_GAP}\b(?:{robots}(?![\w-])|{automatic}"
        rf"|(?:{_WITH})\s+(?:\w+\s+)?{machines}{ends})",
        rf"\b(?:{words.tired})\b{_GAP}\b(?:{automatic}|{_BOT}\b)",
        rf"\b(?:{words.tired})\b{_GAP}\b(?:{words.talking})\b{_GAP}\b{machines}\b",
        rf"\b(?:{words.out})\b{_GAP}\b{_BOT}\b",
        rf"\b(?:{words.someone})\b{_GAP}\b(?:{words.is_no})\s+(?:\w+\s+)?{machines}"
        rf"{ends}",
        rf"\b(?:{words.number})\b{_LONG}\b(?:{words.someone}){few}(?:{words.answers})\b",
        rf"\b(?:{words.number})\b{_LONG}\b(?:{words.answers}){few}(?:{words.someone})\b",
        rf"\b(?:{words.whom})(?:\s+(?:{words.this}))*(?=\s*(?:[.?!)]|$)|{asking})",
        rf"\b(?:{words.may}){few}{staff}{cared}{notice}",
        rf"\b(?:{words.may}){few}(?:{words.care}){few}{staff}\b",
        rf"\b{staff}{few}(?:{words.may}){cared}{notice}",
        rf"\b(?:{words.may}){few}(?:{words.someone}){few}(?:{words.contact})\b(?!\s+(?:{words.things})\b){notice}",
        rf"\b(?:{words.forward}){few}{staff}\b",
        rf"\b(?:{words.connect})\b",
        rf"{alone}(?:(?:{words.one})\s+)*(?:{words.staff})\W*$",
        rf"{line}(?:(?:{words.one}|{words.your})\s+)*(?:{words.staff})"
        rf"[ \t]*,?[ \t]*(?:{words.please})\W*$",
    )
    return _ways(map(bare, ways))


def _ways(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(lazy(pattern, re.MULTILINE) for pattern in patterns)


def _chinese(pattern: str) -> str:
    """Return a pattern in simplified characters for traditional ones too."""
    return "".join(f"[{c}{_TRADITIONAL[c]}]" if c in _TRADITIONAL else c for c in pattern)


_TRADITIONAL = dict(
    zip(
        "转个们经机说谈讲与给电话员务联络处该谁让请专责负顾问对动脑没换来里类财这职导领领职总级级报馈术组门",
        "轉個們經機說談講與給電話員務聯絡處該誰讓請專責負顧問對動腦沒換來裡類財這職導領領職總級級報饋術組門",
        strict=True,
    )
)
_CHINESE_STAFF = (
    "(?:人工(?:客服|服务|坐席|座席)|真人|活人|客服(?:代表|人员|专员|经理|主管)?|工作人员|员工|职员|店员|经理|主管|领导|负责人"
    "|老板|店长|顾问|专员|专家|同事|上级|接线员|话务员|(?:真的|真正的|懂的|懂行的|明白的|能解决问题的)人|人类)"
)
_CHINESE_BOT = (
    "(?:聊天)?(?:机器人(?!吸|扫|拖|擦|玩)|机器(?!人)|电脑|程序|ai|bot|自动回复|自动答复|模板)"
)
_CHINESE_ONE = "(?:一?(?:个|位|名)|你们的?|您的?|你的?|贵公司的?|其他的?|别的){0,3}"
_JAPANESE_PEOPLE = (
    "(?:人間|オペレーター?|担当(?:者|の方|の人)?|スタッフ|係(?:の方|の人|員)|責任者|上司|店長|社員|従業員|店員|アドバイザー|相談員|専門家"
    "|上の(?:者|人|方)|(?:生身|本物|本当|実際|普通|別|他|ほか)の(?:人間?|方|スタッフ|担当者?)|(?:話の)?(?:わかる|分かる|通じる)(?:人|方)"
    "|どなたか|誰か|カスタマー(?:サービス|サポート)|サポート(?:の方|担当|センター)?|コールセンター|お客様センター)(?:の(?:方|人|担当者?))?"
)
_JAPANESE_BOT = (
    "(?:ロボット|(?:チャット)?ボット|ai|機械|コンピューター?|プログラム|ソフト"
    "|自動(?:返信|応答|音声|メッセージ|回答))"
)


_NETS = (
    r"(?!\s+(?:\S+\s+)?(?:wi-?fi|w-?lan|inter\w+|netz\w*|net|nätet|bluetooth|sieci\w*|rete|red|rede"
    r"|réseau|vpn|server\w*)\b)"
)
"""Not to a network."""

ROUNDABOUT: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        "English": _language(
            _Words(
                someone=r"some(?:one|body)|any(?:one|body)",
                staff=r"(?:customer\s+)?(?:(?:advis[oe]r|representative|rep|operator|supervisor|colleague"
                r"|employee|agent)s?|staff\s+members?|team\s+(?:member|leader)s?)"
                r"|members?\s+of\s+(?:the\s+|your\s+)?(?:staff|team)"
                r"|your\s+(?:manager|boss|superior|team|staff|people)",
                yours=r"(?:one|any|some|an?\s+\w+)\s+of\s+(?:you|your\s+(?:\w+\s+)?(?:staff|people|team|colleagues"
                r"|agents|advis[oe]rs|employees|guys|reps|representatives|managers|specialists|experts|humans))"
                r"|(?:some|any)(?:one|body)\s+(?:on|from|in|at|of)\s+your\s+(?:team|staff|side|end|office|company|department)",
                my=r"my|our|because|that|when|if|whether|and|but|about|as",
                speak=r"(?:(?:have|get)\s+a\s+(?:\w+\s+)?(?:word|chat|talk|conversation|call)"
                r"|(?:speak|talk|chat|deal)(?:\s+directly)?|(?:get|be)\s+in\s+touch"
                r"|(?:be|get)\s+(?:connected|put\s+through|transferred))\s+(?:with|to)",
                live=r"(?:of\s+)?flesh\s+and\s+blood|living\s+(?:soul|person|human)|with\s+a\s+pulse"
                r"|(?:person|human)\s+(?:to|(?:that\s+|whom\s+|who\s+)?i\s+(?:can|could))\s+(?:talk|speak|chat)",
                have=r"(?:do|does)\s+(?:you|this\s+company|your\s+company)\s+(?:even\s+|actually\s+)?(?:have|employ)"
                r"|(?:are|is)\s+there",
                real=r"(?:real|actual|living|live)\s+(?:people|persons?|humans?|employees|staff)|humans|a\s+human",
                stop=r"(?:stop|quit)\s+(?:sending|giving|replying|answering|passing|wasting\s+my\s+time)",
                machines=r"robots?|machines?|computers?|software|algorithms?|ai|program(?:me)?s?"
                r"|(?:automated|automatic|canned|scripted)\s+\w+",
                tired=r"enough\s+(?:of|with)|(?:sick|tired|fed\s+up|done)(?:\s+(?:of|with))?|no\s+more",
                automatic=r"robots|(?:automated|automatic|canned|scripted)\s+(?:answers?|repl(?:y|ies)|responses?"
                r"|messages?|e?-?mails?|texts?|nonsense)",
                talking=r"talk\w*|chat\w*|speak\w*|writ\w+|typ\w+|argu\w+",
                out=r"(?:out|off|rid|past|away|around)(?:\s+(?:of|from))?\s+(?:this|the|your|that)",
                is_no=r"isn'?t|is\s+not|who'?s\s+not|not",
                number=r"(?:phone|telephone|hot-?\s*line|help-?\s*line)(?:\s*(?:number|line))?|number",
                answers=r"answers?|picks?\s+up|is\s+there",
                whom=r"who(?:m)?\s+(?:can|could|do|may)\s+i\s+(?:call|ring|phone|(?:talk|speak|complain)\s+(?:to|with))"
                r"|(?:to|with)\s+whom\s+(?:can|may|could)\s+i\s+(?:speak|talk)",
                this=r"about\s+(?:this|it|that)|then|now|here|instead|please|to\s+get\s+help",
                may=r"could|can|would|please|have|let|want|need",
                care=r"look(?:s|ed)?\s+(?:at|into|over)|tak(?:e|es|en)\s+(?:care\s+of(?=\s+(?:this|it|my))|over)"
                r"|handles?(?=\s+(?:this|it|my))|deals?\s+with(?=\s+(?:this|it|me|my))|(?:contact|call|ring|phone)s?\s+me"
                r"|gets?\s+(?:back\s+to|in\s+touch\s+with)\s+me|sorts?\s+(?:this|it)",
                contact=r"(?:contact|call|ring|phone|e-?mail|write\s+to|message)\s+me|(?:get|be)\s+in\s+touch(?:\s+with\s+me)?",
                forward=r"(?:forward|pass|escalate|refer|send)\s+(?:this|it|me|my\s+(?:case|complaint|ticket|message|request|query))"
                r"\s+(?:\w+\s+)?to",
                connect=r"(?:put|patch)\s+me\s+(?:through|over)\s+to|(?:connect|transfer)\s+me\s+(?:to|with)\s+"
                r"(?:your\s+|the\s+|a\s+)?(?:\w+\s+)?(?:department|team|desk|office|hotline)",
                one=r"please|an?|the|some|one|real|live|human|just|to|get|me|another|with|talk|speak",
                your=r"your",
                please=r"please|pls|plz|now|asap|thanks|immediately|!",
                event=r"when(?:ever)?|if|once|after|unless|as\s+soon\s+as|in\s+case|before\s+(?!\d|noon|tomorrow|tonight|the\s+end)",
                mine=r"of\s+(?:mine|ours|another)|(?:from|at|in)\s+(?:my|our)",
                things=r"the|my|our|an?|\d+",
                matter=r"case|matter|order|refund|problem|issue|complaint|ticket|account|request|invoice|bill|situation|claim|return|query"
                r"|question|message|whole|look|moment|minute|second|eye",
            )
        ),
        "German": _language(
            _Words(
                someone=r"jemand(?:en|em)?|irgend(?:wer|wen|wem|jemand(?:en|em)?)|menschen?",
                staff=r"mitarbeiter(?:in|s|n)?|mitarbeitenden?|sachbearbeiter(?:in|s)?|(?:kunden|fach)?berater(?:in|n)?"
                r"|kolleg(?:en?|in)|(?:euren|ihren|eine[nmr]?|bitte)\s+angestellten?|ansprech(?:partner(?:in)?|person)"
                r"|vorgesetzten?r?|zuständigen?|verantwortlichen?|(?:ihr|eur|dein)en?\s+(?:chef(?:in)?|boss|manager(?:in)?)"
                r"|(?:filial|team|abteilungs|geschäfts)leiter(?:in)?|teamleitung|geschäftsführ(?:er(?:in)?|ung)"
                r"|kundenservice|kundendienst|kundenbetreuer(?:in)?|support(?:-?team)?|servicekraft|servicemitarbeiter(?:in)?",
                yours=r"(?:mit|zu|von)\s+eine[mr]\s+(?:von\s+)?(?:ihren|euren|ihrer|eurer|euch|ihnen)(?:\s+\w+)?"
                r"|eine[nr]?\s+(?:von\s+euch|von\s+ihnen|(?:ihr|eur)er\s+(?:leute|mitarbeiter\w*|kolleg\w+|berater\w*))"
                r"|jemande?[nm]?\s+(?:von|bei|aus)\s+(?:ihnen|euch|(?:ihr|eur)em\s+\w+)",
                my=r"mein(?:e[nmrs]?)?|unser(?:e[nmrs]?)?|weil|dass|wenn|ob|und|aber|über|als",
                speak=r"(?:gespräch|wort|telefonat|unterhaltung|kontakt)\s+(?:zu|mit)|zu\s+tun\s+(?:haben\s+)?mit"
                r"|(?:sprech|red|unterhalt|telefonier|chatt|schreib|klär|besprech)e?n?\s+(?:\w+\s+){0,2}mit",
                closing=r"(?<!isch )(?<!deutsch )(?:sprechen|reden|chatten|telefonieren"
                r"|unterhalten|kontaktieren|verbunden\s+werden)"
                r"|zu\s+tun\s+(?:haben|hätte)|ans?\s+(?:apparat|telefon|hörer|strippe)",
                live=r"aus\s+fleisch\s+und\s+blut|leibhaftig\w+\s+\w+|menschliche[rn]?\s+(?:hilfe|kontakt|ansprechpartner|antwort)"
                r"|(?:jemand(?:en|em)?|irgend\w+)\s+(?:echte[snm]|richtige[snm]|menschliche[snm]|wirkliche[snm])"
                r"|persönliche[sn]?\s+(?:gespräch|kontakt)",
                have=r"arbeiten|arbeitet|habt\s+ihr|haben\s+sie|gibt(?:\s+e)?'?s|sitzen|sind\s+(?:da|hier|dort)",
                real=r"(?:echte|richtige|wirkliche|lebende|lebendige|normale)[nr]?\s+(?:menschen|leute|mitarbeiter|personen)",
                stop=r"hör(?:t|en\s+sie)?\s+(?:\w+\s+){0,2}auf|verschon\w*\s+(?:sie\s+)?mich\s+mit|bleibt?\s+mir\s+weg\s+mit"
                r"|(?:schickt|schicken\s+sie)\s+mir\s+(?:keine?|nicht)",
                machines=r"robotern?|maschinen?|computern?|automaten?|ki|software|programm|automatische\w?\s+\w+|textbaustein\w*",
                tired=r"schluss\s+mit|genug\s+(?:von|mit)|keine\s+lust|satt|leid|statt|will\s+(?:\w+\s+){0,2}nicht\s+(?:mehr\s+)?",
                automatic=r"robotern|automatische\w?\s+(?:antwort|nachricht|mail|reaktion)\w*|textbaustein\w*|floskeln|standardantwort\w*",
                talking=r"mit\s+(?:ein|dies|dein|eur|ihr)\w+",
                out=r"(?:hol|lass|bring|lasst|holt|bringt)(?:en\s+sie)?\s+mich\b[^.?!;\n]{0,15}?\b(?:aus|raus|weg)|(?:raus|weg|heraus)\s+(?:aus|von|hier)",
                is_no=r"kein(?:e[nr]?)?|nicht",
                number=r"(?:telefon|ruf|handy|service)?nummer|hotline|telefon|durchwahl",
                answers=r"r?angeht|abhebt|abnimmt|antwortet|erreichbar|rangehen|abheben|dran\s*geht|ran|ab",
                whom=r"(?:wen|(?:mit|an|bei)\s+wem|an\s+wen|wem)\s+(?:kann|darf|muss|soll|könnte)\s+(?:ich|man|wir)\s+"
                r"(?:(?:mich|uns|mal|denn|da|nun|noch|sonst|eigentlich|überhaupt|hier|dann|jetzt|bitte|deswegen|deshalb|dazu|darüber"
                r"|in\s+der\s+sache|bei\s+(?:ihnen|euch))\s+){0,4}?"
                r"(?:anrufen|sprechen|reden|wenden|beschweren|telefonieren|melden)",
                this=r"hier|dann|jetzt|bitte|deswegen|dazu|darüber|in\s+der\s+sache",
                may=r"könnte|kann|würde|möchte|soll|will|dass|bitte|lassen?|möge",
                care=r"an(?:sehen|schau(?:en|t)|sieht)|(?:drum|darum|dem)\s+kümmer[nt]|kümmer[nt]|prüf(?:en|t)|(?:bei\s+mir|sich)\s+melde[nt]"
                r"|mich\s+(?:\w+\s+)?(?:an|zurück)ruf(?:en|t)|bearbeite[nt]|drauf\w*\s+schau(?:en|t)",
                contact=r"(?:bei\s+mir\s+)?meldet|bei\s+mir\s+melden|mich\s+(?:\w+\s+)?kontaktier(?:en|t)|kontakt\s+mit\s+mir\s+auf\w+",
                forward=r"(?:weiter(?:leiten|geben|reichen)|eskalieren)\s+(?:an|zu)"
                r"|mich\s+(?:\w+\s+)?(?:an|zu|bei)|(?:gib|gebt|geben\s+sie|leite\w*|reiche?\w*|schick\w*)\s+(?:\w+\s+){1,3}?(?:an|zu)"
                r"|(?<!(?:kann|darf) ich )(?<!(?:kann|darf) ich (?:das|den|die) )"
                r"(?:das|dies|es|fall|anliegen|beschwerde|sache|anfrage|ticket)"
                r"(?=[^.?!;\n]{0,60}\b(?:weiter|eskal|leite|übergeb|abgeb|hoch))\s+(?:\w+\s+)?(?:an|zu|bei)",
                connect=rf"verbind(?:en?|et)\s+(?:sie\s+)?mich\s+(?:\w+\s+)?mit{_NETS}|stell(?:en?|t)?\s+(?:sie\s+)?mich\b[^.?!;\n]{{0,40}}\bdurch"
                r"|mich\b[^.?!;\n]{0,40}?\b(?:durchstellen|weiterverbinden)",
                one=r"bitte|eine?[nrm]?|de[nrm]|die|mit|zum?|zur|an|mal|ich|will|möchte|brauche|echte[nr]?|richtige[nr]?|menschliche[nr]?|andere[nr]?",
                your=r"ihre?[nrm]?|eure?[nrm]?|deine?[nr]?",
                please=r"bitte|jetzt|sofort|danke|her|dran|!",
                event=r"wenn|falls|sobald|bevor|ehe|vor\s+de[rm]",
                mine=r"von\s+(?:mir|uns|mein\w*|unser\w*)|aus\s+(?:mein|unser)\w+|bei\s+(?:mir|uns)|eine[sr]\s+anderen?",
                things=r"die|den|eine?n?|meine?n?|unsere?n?|mein",
                matter=r"fall|sache|anfrage|anliegen|beschwerde|bestellung|erstattung|problem|ticket|vorgang|konto|rechnung|reklamation"
                r"|angelegenheit|frage|blick|moment|auge",
            )
        ),
        "French": _language(
            _Words(
                someone=r"quelqu'un|qqu?n|personne(?!\s+(?:ne|n')\b)|(?:êtres?\s+)?humains?",
                staff=r"conseill(?:ers?|ères?|é)|(?:un|des|vos|votre)\s+agents?|collègues?|employée?s?|(?:un\s+|une\s+|vos\s+)?opérat(?:eurs?|rices?)"
                r"|(?:une?|votre|vos|le|la)\s+(?:responsables?|supérieure?s?|direct(?:eur|rice)|chef|patron(?:ne)?|gérante?)|superviseure?s?"
                r"|votre\s+(?:supérieure?|équipe|hiérarchie)|interlocut(?:eurs?|rices?)|télé-?conseill\w+"
                r"|service\s+(?:client(?:èle)?s?|après[\s-]vente)|sav|membre\s+(?:de\s+(?:votre|l')|du)\s*\w+",
                yours=r"(?:l')?une?\s+de\s+vos\s+(?:\w+\s+)?(?:collègues|conseill\w+|employée?s|agents|collaborat\w+|responsables|salariés|équipes|gens|techniciens|représentants)"
                r"|l'un\s+d'entre\s+vous|quelqu'un\s+(?:de\s+(?:chez\s+vous|votre\s+\w+)|dans\s+votre\s+\w+)",
                my=r"mon|ma|mes|d'une?|notre|nos|parce|que|qui|si|quand|et|mais|de|du|sur|comme",
                speak=r"(?:parler|discuter|échanger|causer|dialoguer|m'entretenir|communiquer|traiter|converser|bavarder)\s+(?:\w+\s+){0,2}?(?:à|avec|au)"
                r"|(?:affaire|contact|relation|entretien|conversation)\s+(?:à|avec)|m'adresser\s+à"
                r"|(?:parler|discuter)\s+(?:\S+\s+){0,2}?au\s+téléphone\s+(?:à|avec)",
                live=r"en\s+chair\s+et\s+en\s+os|(?:vrais?|véritables?)\s+(?:êtres?\s+humains?|gens|humains?|conseillers?|agents?)"
                r"|(?:(?:faut|faudrait|veux|voudrais)\s+(?:un\s+|l')|besoin\s+d'(?:un\s+)?)(?:être\s+)?humain|(?:contact|aide|assistance)\s+humaine?",
                have=r"y\s+a(?:[\s-]t[\s-]il)?|avez[\s-]vous|vous\s+avez|travaillent?|existe(?:[\s-]t[\s-]il)?",
                real=r"(?:vrais?|vraies?|véritables?)\s+(?:gens|personnes?|humains?|êtres|employés?|conseillers?)|gens\s+(?:réels|vrais)",
                stop=r"(?:arrêtez|arrête|cessez|cesse)\s+(?:de\s+|d')\s*(?:m[e']\s*)?(?:envoyer|répondre|passer|mettre|servir|donner)",
                machines=r"robots?|machines?|ordinateurs?|ordi|logiciels?|automates?|programmes?|ia|réponses?\s+(?:automatiques?|toutes\s+faites)",
                tired=r"(?:assez|marre|ras[\s-]le[\s-]bol)\s*(?:de|d'|des|du)?|(?:plus|non)\s+(?:de|d')|fini\s+les|stop\s+(?:aux?|les|le)",
                automatic=r"robots|(?:réponses?|messages?)\s+(?:automatiques?|toutes\s+faites|préenregistrée?s?|types?)",
                talking=r"parler|discuter|écrire|chatter|échanger|causer",
                out=r"(?:sortez|sors|enlevez|débarrassez|libérez|retirez)[\s-]moi|(?:sortir|me\s+débarrasser)\s+(?:de|du)",
                is_no=r"pas",
                number=r"numéro|téléphone|ligne|tél",
                answers=r"(?:décroch|répond|réponde)\w*",
                whom=r"qui\s+(?:puis-je|je\s+peux|dois-je|est-ce\s+que\s+je\s+peux)\s+(?:appeler|joindre)"
                r"|(?:à|avec|vers)\s+qui\s+(?:(?:puis|dois|pourrais)-je\s+(?:m'adresser|parler|me\s+tourner|me\s+plaindre)"
                r"|(?:est-ce\s+que\s+)?je\s+(?:m'adresse|parle|(?:peux|dois)\s+(?:m'adresser|parler|me\s+plaindre|me\s+tourner)))",
                this=r"à\s+ce\s+sujet|pour\s+(?:ça|cela)|alors|maintenant|ici|chez\s+vous|de\s+ça",
                may=r"pourrait|peut|pourriez|pouvez|(?:veux|voudrais|souhaite|aimerais|exige"
                r"|demande)\s+qu'?e?|(?<!dit )(?<!dire )qu'|faites",
                care=r"regarder?|s'(?:en\s+)?occupe[rs]?|jeter\s+un|vérifier?|prenne|prendre\s+(?:en|le|la)|me\s+(?:contacter?|rappeler?|réponde|répondre)"
                r"|traiter?|examiner?|m'(?:appeler?|aider?)",
                contact=r"me\s+(?:contacte|recontacte|rappelle|réponde|téléphone)r?|(?:prenne|prendre)\s+contact\s+avec\s+moi|m'(?:appeler?|écrive)",
                forward=r"(?:transmett\w+|transfér\w+|remont\w+|escalad\w+|fait\w*\s+suivre|faire\s+suivre|renvoy\w+)[\s-]+(?:ma|mon|moi|ce(?:la|ci)?|ça|cette|le|la|l'|les)[\s-]*(?:demande|dossier|problème|question|réclamation|plainte|message|affaire|cas|ticket)?\s*(?:à|au|vers)",
                connect=r"(?:passez|passe|passer)[\s-]moi\s+(?:au\s+|à\s+|avec\s+)?(?:le\s+|la\s+|l'|une?\s+|votre\s+)?(?:service|département|bureau|standard|siège"
                r"|atelier|magasin|comptabilité|accueil|support|technicien|direction)|(?:mett\w+[\s-]moi|me\s+mettre)\s+en\s+(?:relation|contact|ligne|communication)\s+avec",
                one=r"une?|le|la|les|des|svp|avec|à|au|parler|vraie?|autre",
                your=r"votre|vos",
                please=r"s'il\s+(?:vous|te)\s+plait|svp|stp|maintenant|merci|vite|tout\s+de\s+suite|!",
                event=r"quand|si|s'il|lorsque?|dès|avant|une\s+fois|au\s+cas\s+où",
                mine=r"à\s+moi|de\s+(?:mon|ma|notre|nos|travail)|d'une?\s+autre",
                things=r"le|la|les|mon|ma|mes|notre|nos|une?|des",
                matter=r"cas|dossier|commande|demande|problème|question|réclamation|plainte|remboursement|compte|facture|affaire|situation"
                r"|coup|moment|instant",
            )
        ),
        "Spanish": _language(
            _Words(
                someone=r"alguien|persona|(?:ser\s+)?humano",
                staff=r"(?:una?|sus?|otr[oa]|tus?)\s+(?:agente|ejecutiv[oa]|emplead[oa]|encargad[oa]|responsable|gerente|jef[ea]|director(?:a)?)"
                r"|asesor(?:a|es|as)?|representantes?|operador(?:a|es)?|teleoperador\w*|supervisor(?:a|es)?|superior(?:a|es)?|ejecutiv[oa]"
                r"|(?:el|la|al)\s+(?:encargad[oa]|responsable|gerente)|agente(?:\s+human[oa])?|trabajador(?:a|es)?"
                r"|(?:sus?|tus?|vuestr[oa]s?)\s+(?:compañer[oa]s?|colegas?|equipo|jef[ea]|gerente)|compañer[oa]\s+(?:suy|tuy|vuestr)[oa]"
                r"|(?:atención|servicio)\s+al\s+cliente",
                yours=r"un[oa]?\s+de\s+(?:sus|tus|vuestr[oa]s|los|ustedes)\s*(?:asesor\w*|emplead\w+|compañer\w+|agentes|colegas|trabajador\w*|técnic\w+|ejecutiv\w+|operador\w*|representantes)?"
                r"|algún(?:[oa])?\s+(?:de\s+(?:sus|ustedes|vosotros)\s*)?(?:compañer[oa]s?|colegas?|emplead[oa]s?|agentes?|asesor\w*)|alguien\s+(?:de|en)\s+(?:su|tu|vuestro|el)\s+(?:equipo|empresa|departamento|oficina|tienda)",
                my=r"mis?|nuestr[oa]s?|porque|que|si|cuando|y|pero|sobre|de|como",
                speak=r"(?:h?ablar(?:lo)?|chatear|comunicarme|conversar|contactar|tratar(?:lo)?|platicar|charlar|entenderme|lidiar|discutirlo"
                r"|cruzar\s+(?:unas|dos)\s+palabras)\s+(?:\w+\s+){0,3}?con",
                live=r"de\s+carne\s+y\s+hueso|(?:agente|asesor|persona|alguien)\s+en\s+(?:vivo|directo)|(?:alguien|persona|humano|gente|agente|asesor)\s+(?:real|de\s+verdad|human[oa])|(?:ayuda|atención|asistencia|contacto)\s+human[oa]|personas?\s+de\s+verdad",
                have=r"hay|tienen|tenéis|trabajan?|existen?",
                real=r"personas?\s+(?:reales|de\s+verdad|humanas)|gente\s+(?:real|de\s+verdad)|humanos|seres\s+humanos",
                stop=r"(?:dejen|deja|deje|dejad|paren|pare|basta)\s+(?:ya\s+)?de\s+(?:mand|envi|pas|contest|respond|pon)\w+",
                machines=r"robots?|máquinas?|ordenador(?:es)?|computador[ae]?s?|programas?|ia|(?:respuestas?|mensajes?)\s+(?:automátic[oa]s?|enlatadas?|prefabricadas?)|autómatas?",
                tired=r"basta\s+(?:ya\s+)?(?:de|con)|(?:hart[oa]|cansad[oa])\s+(?:ya\s+)?de|no\s+(?:quiero\s+)?(?:más|mas|otra)",
                automatic=r"robots|(?:respuestas?|mensajes?)\s+(?:automátic[oa]s?|enlatad[oa]s?|prefabricad[oa]s?)",
                talking=r"h?ablar|chatear|escribir\w*|discutir|conversar|tratar",
                out=r"(?:sáque(?:n)?|saca|sáca|quíte(?:n)?|libre(?:n)?)me\s+(?:ya\s+)?(?:de|a|al)|salir\s+de",
                is_no=r"no\s+(?:sea|es)(?:\s+un)?",
                number=r"teléfono|número|línea",
                answers=r"(?:contest|respond|atien|atend|coj|descuelg|descuelgu)\w*",
                whom=r"(?:a|con)\s+quién\s+(?:puedo|podría|debo|tengo\s+que|hay\s+que)\s+(?:llamar|hablar|dirigirme|quejarme|reclamar|acudir|comunicarme)",
                this=r"por\s+esto|sobre\s+(?:esto|eso)|de\s+esto|entonces|ahora|aquí|para\s+esto",
                may=r"podría|puede|pueden|podrían|(?:quiero|quisiera|necesito|pido|exijo)\s+que|(?:^|[,;.!]\s)que|por\s+favor\s+que|si\s+(?:podría|puede)",
                care=r"mir(?:e|en|ar|arlo)|revis(?:e|en|ar|arlo)|se\s+(?:ocupe|encargue|haga\s+cargo)|encargarse|ocuparse|at(?:ienda|ender|enderme)|echar\s+un|verlo|mirarl[oae]s?|verific(?:ar|que)"
                r"|comprob\w+|(?:contactar|llamar)me|me\s+(?:contacte|llame|responda|conteste)",
                contact=r"(?:se\s+)?(?:ponga|ponerse|comunique)\s+(?:en\s+contacto\s+)?conmigo|me\s+(?:contacte|escriba|llame|responda)|contactarme",
                forward=r"(?:escal(?:e|en|ar|a)|deriv(?:e|en|ar|a)|remit\w+|elev(?:e|en|ar)|traslad(?:e|en|ar)|transfier\w+|reenv[ií]\w+|pás?e[ln]?[lmn]\w+)\s+(?:(?:esto|el|mi|me|la|lo|este)\s+)?(?:\w+\s+)?(?:a|al)",
                connect=r"(?:páse(?:n)?me|pásame|comuníque(?:n)?me|comunícame|póngame|pónganme|ponme|conécteme|conéctame)\s+(?:por\s+favor\s+)?(?:con|al\s+(?:departamento|servicio|área))"
                r"|(?:póngame|pónganme|ponme)\s+en\s+contacto\s+con|(?:llam(?:e|a|en)|trae|traig\w+)\s+al?\s+(?:su\s+|tu\s+)?(?:supervisor|encargado|gerente|jefe|responsable)\w*",
                one=r"una?|el|la|con|a|al|otr[oa]|hablar|pas[ae]me|quiero|necesito",
                your=r"sus?|tus?",
                please=r"por\s+favor|porfa(?:vor)?|ya|gracias|ahora|urgente|!",
                event=r"cuando|si|en\s+cuanto|antes|apenas",
                mine=r"mí[oa]s?|nuestr[oa]s?|de\s+(?:mis?|nuestr[oa]s?|otr[oa]s?)",
                things=r"el|la|los|las|mis?|nuestr[oa]s?|un[oa]?s?",
                matter=r"caso|pedido|asunto|problema|reembolso|reclamación|queja|cuenta|factura|solicitud|situación|tema"
                r"|vistazo|momento",
            )
        ),
        "Italian": _language(
            _Words(
                someone=r"qualcuno|persona|(?:essere\s+)?umano",
                staff=r"(?:un\s+|l'|un')?(?:operator[ei]|operatric[ei]|addett[oai])|consulent[ei]|supervisor[ei]|assistente\s+uman[oa]"
                r"|(?:un[oa']?|il|la|vostr[oa]|su[oa]|tu[oa])\s*(?:responsabile|collega|superiore|direttore|direttrice|dipendente|capo|titolare|referente|impiegat[oa]|dirigente)"
                r"|(?:vostri|suoi|tuoi)\s+collegh?i|(?:servizio|assistenza)\s+clienti|membro\s+del\s+(?:vostro|suo)\s+\w+|rappresentante",
                yours=r"(?:un[oa']?)\s*(?:(?:dei|delle|tra\s+i)\s+)?(?:vostr[oaie]|suoi|suo|sua|sue|tuoi)\s+(?:collegh?[aie]+|operator\w+|consulent\w+|addett\w+|dipendent\w+|impiegat\w+|tecnic\w+|responsabil\w+|assistent\w+)"
                r"|qualcuno\s+(?:de[il]|dal|nel|del|della)\s*(?:vostr[oaie]|suoi|suo)\s+\w+|qualcuno\s+(?:di|da)\s+voi",
                my=r"mio|mia|miei|mie|nostr[oaie]|perché|che|se|quando|e|ma|di|del|su|come",
                speak=r"(?:parlar(?:e|ne)?|chattare|discuter(?:e|ne)|conversare|dialogare|comunicare|confrontarmi|mettermi\s+in\s+contatto|avere\s+a\s+che\s+fare|trattare"
                r"|scambiare\s+(?:due|quattro|qualche)\s+parol[ea]|interagire)\s+(?:\w+\s+){0,2}?co[nl]|(?:parlare|rivolgermi)\s+ad?",
                live=r"in\s+carne\s+ed?\s+ossa|person[ae]\s+(?:ver[ae]|real[ei]|uman[ae])|ver[aeoi]\s+(?:person[ae]|uman[oi]|esser[ei])|(?:assistenza|aiuto|contatto|risposta)\s+uman[oa]|qualcuno\s+(?:di\s+)?(?:reale|vero|umano)",
                have=r"ci\s+sono|avete|lavorano|c'è|esistono",
                real=r"person[ae]\s+(?:ver[ae]|real[ei])|esseri\s+umani|umani|gente\s+vera",
                stop=r"(?:smett(?:etela|ila|a|ete)|basta|piantatela|finitela)\s+(?:di|a)\s+(?:mand|invi|rispond|pass|dar|rifil)\w+",
                machines=r"robot|macchin[ae]|computer|programm[ai]|software|automi|(?:risposte?|messaggi)\s+automatic(?:a|he|i)|ia",
                tired=r"basta(?:\s+con)?|(?:stuf[oa]|stanc[oa])\s+(?:di|dei|delle)|niente\s+più|non\s+voglio\s+(?:più|altr[eai]|un'altra)|non\s+ne\s+posso\s+più",
                automatic=r"(?:risposte?|messaggi)\s+(?:automatic(?:a|he|i)|preconfezionat\w+)",
                talking=r"parlare|chattare|scrivere|discutere|conversare",
                out=r"(?:toglietemi|toglimi|portatemi|tiratemi|fatemi\s+uscire|mi\s+tolga|liberatemi)(?:\s+fuori)?\s+(?:da|di|via)|uscire\s+da",
                is_no=r"non\s+(?:sia|è)(?:\s+un)?",
                number=r"numero|telefono|linea",
                answers=r"rispond\w*",
                whom=r"(?:chi|con\s+chi|a\s+chi)\s+(?:posso|devo|potrei|dovrei)\s+(?:chiamare|parlare|rivolgermi|sentire|telefonare|lamentarmi|reclamare)",
                this=r"per\s+(?:questo|questa\s+(?:cosa|faccenda|storia))|di\s+questo|allora|adesso|qui|da\s+voi",
                may=r"potrebbe|può|possa|(?:voglio|vorrei|pretendo|chiedo|esigo|possibile)\s+che",
                care=r"occup(?:i|ino|asse|arsene)|occuparsi|guard(?:i|are|asse|arci)|dare\s+un|dia\s+un|verific(?:hi|are|asse)|controll(?:i|are|asse|arla|arlo)|contatt(?:i|armi|asse)|chiam(?:i|armi|asse)"
                r"|rispond(?:a|ermi|esse)|richiam(?:i|armi|asse)|prenda|prendere\s+in|aiutarmi",
                contact=r"mi\s+(?:contatti|contattasse|chiami|richiami|scriva)|contattarmi|si\s+metta\s+in\s+contatto\s+con\s+me",
                forward=r"(?:inoltr(?:i|ate|are)|trasfer(?:isca|ite|ire)|gir(?:i|ate|are)|escal\w+|segnal(?:i|ate|are))\s+(?:(?:la|il|questo|questa|mi|lo|mia|mio)\s+)*(?:\w+\s+)?(?:a|ad|al|alla)",
                connect=r"(?:mi\s+passi|mi\s+passa|passatemi|passami|mi\s+può\s+passare|può\s+passarmi)\s+(?:l'|il\s+|la\s+|un\s+|un'|lo\s+)?(?:ufficio|reparto|servizio|centralino"
                r"|supporto|assistenza|responsabile|direzione|amministrazione|negozio)|(?:mett(?:a|ete|i)(?:mi|temi)|mettetemi|mi\s+metta)\s+in\s+contatto\s+con|(?:fatemi|mi\s+faccia|fammi)\s+(?:parlare|contattare|chiamare|richiamare)",
                one=r"un[oa']?|il|la|lo|con|a|altro|parlare|l'",
                your=r"vostr[oa]|suo|tuo",
                please=r"per\s+favore|per\s+cortesia|grazie|subito|ora|adesso|pls|!",
                event=r"quando|se|appena|prima\s+d\w+",
            )
        ),
        "Portuguese": _language(
            _Words(
                someone=r"alguém|pessoa|(?:ser\s+)?humano|gente",
                staff=r"atendentes?|operador(?:a|es)?(?!\s+de)|assistente\s+(?:human[oa]|pessoal)|representantes?|supervisor(?:a|es)?|superior(?:a|es)?"
                r"|(?:uma?|o|a|seus?|suas?|vossos?|vossas?|outr[oa])\s+(?:agente|funcionári[oa]s?|gerente|responsável|colegas?|chefe|diretora?|assistente|consultora?|encarregad[oa])"
                r"|(?:sua|vossa)\s+(?:equipe|equipa)|membro\s+da\s+(?:sua|vossa)\s+\w+|(?:apoio|serviço|atendimento|suporte)\s+ao\s+cliente|sac",
                yours=r"uma?\s+d(?:os|as|e)\s+(?:seus|suas|vossos|vossas|vocês)(?:\s+(?:colegas|assistentes|funcionári\w+|atendentes|consultor\w+|operador\w+|técnic\w+|agentes))?"
                r"|colega\s+(?:seu|sua|vosso|vossa)|alguém\s+d[ae]\s+(?:sua|vossa|seu|vosso|equip[ae])(?:\s+\w+)?|algu(?:m|ma)\s+(?:colega|funcionári[oa]|atendente)",
                my=r"meus?|minhas?|noss[oa]s?|porque|que|se|quando|e|mas|sobre|de|como",
                speak=r"(?:falar?|conversar|chatear|tratar|lidar|discutir|trocar\s+(?:uma|umas|duas)\s+(?:palavras?|ideias?)|comunicar|resolver\s+isto)\s+(?:\w+\s+){0,3}?com|conta(?:c)?to\s+com",
                live=r"(?:em|de)\s+carne\s+e\s+osso|(?:atendente|pessoa|alguém|atendimento)\s+ao\s+vivo|atendid[oa]\s+por\s+(?:gente|pessoas|alguém)|(?:pessoas?|gente|humanos?|atendentes?)\s+(?:reais|real|de\s+verdade|a\s+sério|viv[oa])|(?:ajuda|atendimento|contato|contacto|apoio)\s+human[oa]",
                have=r"há|tem|têm|existem?|trabalham?",
                real=r"pessoas?\s+(?:reais|de\s+verdade|a\s+sério)|gente\s+de\s+verdade|seres\s+humanos|humanos",
                stop=r"(?:parem|pare|para|chega|basta|deixem)\s+(?:já\s+)?(?:de|com)\s+(?:me\s+)?(?:mand|envi|respond|pass|dar)\w*",
                machines=r"robo(?:s|ts?)?|máquinas?|computador(?:es)?|programas?|ia|(?:respostas?|mensage(?:m|ns))\s+(?:automátic|pront|feit)as?|gravações",
                tired=r"(?:chega|basta)\s+(?:já\s+)?(?:de|com|desse|desta?s?|deste)|(?:cansei|cansad[oa]|fart[oa])\s+(?:já\s+)?(?:de|desse|deste|desta)|não\s+(?:quero|aguento)\s+mais|nada\s+de",
                automatic=r"robos|(?:respostas?|mensage(?:m|ns))\s+(?:automátic|pront|feit)as?|gravações",
                talking=r"falar|conversar|escrever|chatear|discutir|teclar",
                out=r"(?:me\s+)?(?:tira|tire|tirem|livrem?)(?:-me)?\s+(?:daqui|desse|deste|do|dessa|já)|sair\s+d(?:o|este|esse)",
                is_no=r"não\s+(?:seja|é)(?:\s+um)?",
                number=r"telefone|número|linha",
                answers=r"(?:atend|respond)\w*",
                whom=r"(?:para|pra|a|com)\s+quem\s+(?:(?:eu\s+)?(?:posso|devo|tenho\s+que|tenho\s+de|poderia)\s+(?:ligar|falar|telefonar|me\s+dirigir|dirigir-me|reclamar|recorrer)"
                r"|(?:eu\s+)?(?:falo|ligo|reclamo))",
                this=r"sobre\s+(?:isso|isto)|por\s+(?:isso|isto)|então|agora|aqui|aí|disso|disto",
                may=r"poderia|pode|podia|podem|(?:quero|queria|preciso|peço|exijo|gostaria)\s+que",
                care=r"ver\s+(?:isto|isso)|veja|olhar|olhe|verifi(?:car|que)|trate|tratar|resolv(?:er|a)|cuid(?:ar|e)|me\s+(?:contact|contat|lig|respond)\w+|(?:contact|contat|lig)\w+-me|analis(?:ar|e)|assum(?:ir|a)",
                contact=r"me\s+(?:contacte|contate|ligue|escreva|responda)|(?:contacte|contate|ligue)-me|entr(?:e|ar)\s+em\s+conta(?:c)?to\s+comigo",
                forward=r"(?:encaminh(?:e|em|ar|a)|transf[ei]r(?:e|em|ir|a)|escal(?:e|em|ar)|reencaminh\w+)\s+(?:(?:isto|isso|o|a|me|meu|minha|este|esse)\s+)*(?:\w+\s+)?(?:a|ao|para|pra)",
                connect=r"(?:pass(?:e|a|em)-me|me\s+pass(?:a|e|em)|ligue-me|transfira-me)\s+(?:a|ao|à|para|pra|pro|com)\s+(?:o\s+|a\s+)?(?:departamento|setor|sector|apoio|financeiro|serviço|suporte|responsável|gerência|atendimento|equipa|equipe)"
                r"|(?:ponham?|coloquem?|põe)(?:-me)?\s+(?:me\s+)?em\s+conta(?:c)?to\s+com|cham(?:a|e|em)\s+(?:o|a|seu|um)\s+(?:seu\s+)?(?:supervisor|gerente|chefe|responsável)\w*",
                one=r"uma?|o|a|com|outr[oa]|falar|quero|chama|preciso\s+de",
                your=r"seu|sua|vosso|vossa",
                please=r"por\s+favor|pfv?r?|pf|já|agora|urgente|obrigad[oa]|se\s+faz\s+favor|!",
                event=r"quando|se|assim\s+que|antes",
            )
        ),
        "Dutch": _language(
            _Words(
                someone=r"iema?nd|mens(?:en)?|persoon",
                staff=r"mede?werk(?:st)?ers?|collega'?s?|adviseurs?|leidinggevenden?|klanten(?:service|dienst)|(?:uw|je|jullie|een)\s+(?:manager|baas|chef|directeur|teamleider|verantwoordelijke)"
                r"|verantwoordelijke|contactpersoon|vertegenwoordiger|servicemedewerk\w+|supervisor|helpdesk",
                yours=r"een\s+van\s+(?:uw|jullie|je|de)\s+(?:mensen|medewerk\w+|collega'?s|adviseurs|experts|specialisten)|een\s+van\s+jullie|iemand\s+(?:van|uit|bij)\s+(?:uw|jullie|u|je)(?:\s+\w+)?",
                my=r"mijn|onze?|omdat|dat|als|of|en|maar|over",
                speak=r"(?:praten?|spreken|chatten|overleggen|bespreken|bespreek|contact|te\s+maken|gesprek)\s+(?:\w+\s+){0,3}?met|woord(?:je)?\s+(?:\w+\s+)?met"
                r"|doorverb(?:inden|onden)\s+(?:\w+\s+)?(?:met|naar)|(?:door|over)zetten\s+naar|klacht\s+(?:\w+\s+){0,2}bij",
                live=r"van\s+vlees\s+en\s+bloed|(?:iemand|mens)\s+(?:echts?|menselijks)|menselijke?\s+(?:contact|hulp|medewerker|antwoord)|levend\s+(?:mens|persoon|wezen)",
                have=r"werken|werkt|zijn\s+er|hebben\s+jullie|hebt\s+u|heeft\s+u|zitten",
                real=r"(?:echte|levende|gewone)\s+(?:mensen|personen|medewerkers)",
                stop=r"(?:stop|hou(?:d|dt)?)\s+(?:\w+\s+)?(?:met|op)(?=[^.?!;\n]{0,60}\b(?:sturen|stuur|mij|me|antwoord\w*|geven)\b)",
                machines=r"robots?|machines?|computers?|software|programma|automaa?t(?:en)?|automatische?\s+(?:antwoord\w*|bericht\w*|reacties?)|ai",
                tired=r"genoeg\s+van|klaar\s+met|(?:zat|beu|moe)|geen|weg\s+met",
                automatic=r"robots|automatische?\s+(?:antwoord\w*|bericht\w*|reacties?)|standaardantwoord\w*",
                talking=r"praten|chatten|schrijven|typen|overleggen",
                out=r"(?:haal|laat|krijg)\s+(?:me|mij)\b[^.?!;\n]{0,10}?\b(?:uit|weg|van)|(?:weg|uit|af)\s+(?:uit|van|bij|met)?\s*(?:deze|die|de)",
                is_no=r"geen|niet",
                number=r"(?:telefoon)?nummer|telefoon|lijn",
                answers=r"opneemt|opnemen|antwoordt?|neemt\s+op|bereikbaar",
                whom=r"(?:wie|(?:met|bij|tot|naar)\s+wie)\s+(?:kan|moet|mag)\s+(?:ik|we|wij)\s+"
                r"(?:(?:me|mij|ons|nu|dan|hier|hierover|daarover|hiervoor|eigenlijk|nog|voor\s+(?:dit|hulp)|bij\s+jullie)\s+){0,3}?(?:bellen|spreken|praten|zijn|terecht|wenden|klagen)",
                this=r"hierover|daarover|dan|nu|hier|hiervoor|bij\s+jullie",
                may=r"kan|kunnen|kunt|zou|wil|laat|dat|graag",
                care=r"naar\s+kijk(?:t|en)|kijkt|oppak(?:t|ken)|overnemen|overneemt|contact\s+(?:\w+\s+){0,3}op(?:nemen|neemt)|nakijk(?:t|en)|behandel(?:t|en)|(?:mij|me)\s+(?:\w+\s+)?(?:terug)?bel(?:t|len)|mee\s+bezig",
                contact=r"contact\s+(?:met\s+(?:mij|me)\s+)?op(?:nemen|neemt)(?:\s+met\s+(?:mij|me))?|(?:mij|me)\s+(?:\w+\s+)?(?:contacteren|contacteert|mailen|mailt)",
                forward=r"(?:escaleren|doorsturen|doorgeven|doorverbinden)\s+(?:naar|aan|met)|(?:dit|het|me|mij|klacht|zaak|vraag)\s+(?:\w+\s+)?(?:escaleren|door)\s+(?:naar|aan|met)",
                connect=rf"verbind\s+(?:me|mij)\s+(?:\w+\s+)?(?:door|met|naar){_NETS}|(?:me|mij)\s+(?:\w+\s+)?doorverbinden",
                one=r"een|de|graag|mag\s+ik|met|echte?|andere",
                your=r"uw|je|jullie",
                please=r"alstublieft|alsjeblieft|aub|a\.u\.b|graag|nu|meteen|dank\w*|!",
                closing=r"(?<!engels )(?<!nederlands )(?<!duits )(?<!frans )(?:te\s+)?(?:spreken"
                r"|praten|chatten|overleggen|doorverbonden)|aan\s+de\s+(?:lijn|telefoon)",
                event=r"als|wanneer|zodra|voordat|indien",
                mine=r"van\s+(?:mij|me|ons|mijn|onze?|een\s+ander\w*)",
                things=r"de|een|mijn|onze?",
                matter=r"zaak|bestelling|klacht|vraag|probleem|terugbetaling|account|factuur|verzoek|situatie|kwestie"
                r"|blik|kijkje|oogje",
            )
        ),
        "Polish": _language(
            _Words(
                someone=r"kto(?:ś|kolwiek)|kimś|kogo(?:ś|kolwiek)|komuś|człowiek\w*|(?:żyw|prawdziw)\w+\s+osob\w+|osobą",
                staff=r"konsultant\w*|pracowni(?:k|c)\w*|doradc\w*|doradczyni\w*|kierowni(?:k|c)\w*|przełożon\w*|(?:państwa|wasz\w*)\s+(?:szef\w*|koleg\w*|koleżan\w*|menedżer\w*|zesp\w+)"
                r"|przedstawiciel\w*|agent(?:em|ką|owi)|operator(?:a|em|ką|owi)|obsług(?:ą|i|ę)\s+klienta|specjalist\w+|menedżer(?:em|owi|a)",
                yours=r"(?:jedn\w+|kimś|ktoś|kogoś|któr\w+)\s+z\s+(?:waszych|państwa|was|waszego|pańskich|pana|obsługi|zespołu|działu)(?:\s+\w+)?",
                my=r"mój|moj\w+|mnie|nasz\w*|bo|że|jeśli|czy|gdy|i|ale|o|na\s+temat|jak",
                speak=r"(?:po)?(?:rozmawiać|gadać|mówić)\s+(?:\w+\s+)?z|rozmow[aęyie]\s+z|zamienić\s+(?:\w+\s+)?słow[oa]?\s+z|(?:do\s+czynienia|kontakt|kontaktu|styczności|czatować|pisać|skontaktować\s+się)\s+z"
                r"|omówić\s+(?:\w+\s+)?z|(?:po|prze)łącz\w*\s+(?:\w+\s+)?(?:z|do)",
                live=r"z\s+krwi\s+i\s+kości|żyw(?:ego|ym|emu|y|ej|ą|a)\s+(?:człowiek\w*|osob\w+|konsultant\w*|duch\w*)|prawdziw\w+\s+(?:człowiek\w*|osob\w+|konsultant\w*)|ktoś\s+(?:prawdziwy|żywy)"
                r"|kogoś\s+(?:prawdziwego|żywego)|kimś\s+(?:prawdziwym|żywym)",
                have=r"pracują|macie|są\s+(?:u\s+was|tam|tu)|siedzą",
                real=r"(?:prawdziwi|żywi)\s+ludzie|(?:prawdziwych|żywych)\s+ludzi",
                stop=r"(?:przestań(?:cie)?|skończ(?:cie)?)\s+(?:mi\s+)?(?:z\s+tymi|wysyłać|przysyłać|pisać|odpowiadać|odpisywać)",
                machines=r"robot(?:y|ów|a|em|ami|ach)?|maszyn\w*|komputer\w*|program\w*|automat(?:y|ów|u|em|ami)?|automatyczn\w+\s+\w+|gotow\w+\s+odpowiedzi|szablon\w*",
                tired=r"(?:mam\s+)?(?:dość|dosyć)|koniec\s+z|starczy|nie\s+chcę|żadnych|bez",
                automatic=r"robotów|automatyczn\w+\s+(?:odpowied\w+|wiadomo\w+)|gotow\w+\s+odpowiedzi|szablon\w*",
                talking=r"rozmow\w+|rozmawiani\w+|rozmawiać|pisa\w+|gada\w+|czat\w+",
                out=r"(?:zabierz(?:cie)?|wyciągnij(?:cie)?|wypuść(?:cie)?|uwolnij(?:cie)?)\s+mnie\s+(?:\w+\s+)?(?:z|od)|(?:wyjść|uciec)\s+z",
                is_no=r"nie\s+(?:jest|będzie|był)",
                number=r"numer|telefon\w*|infolini\w+|linia",
                answers=r"(?:odbier|odbior|odpowi|podnos)\w*",
                whom=r"(?:do\s+kogo|z\s+kim|komu)\s+(?:mogę|mam|powinienem|powinnam|można|mógłbym|mogłabym)\s+(?:się\s+)?(?:\w+\s+)?(?:zadzwonić|rozmawiać|porozmawiać|zwrócić|poskarżyć|skontaktować|pogadać|dzwonić)",
                this=r"w\s+tej\s+sprawie|o\s+tym|teraz|tutaj|u\s+was|na\s+ten\s+temat",
                may=r"może|mógłby|mogłaby|żeby|aby|niech|proszę",
                care=r"zaj[ąm]\w+|sprawdz\w+|spojrz\w+|przejrz\w+|przej[ąm]\w+|(?:za|od)dzwoni\w*|skontakt\w+|odpowie\w*|rozpatrz\w+|obejrz\w+",
                contact=r"(?:się\s+)?ze\s+mną\s+skontakt\w+|skontakt\w+\s+się\s+ze\s+mną|do\s+mnie\s+(?:napi\w+|odezw\w+|zadzwoni\w*)|odezw\w+\s+się",
                forward=r"(?:przekaż\w*|przekazać|przekier\w+|eskal\w+|przełącz\w*|skier\w+)\s+(?:(?:to|mnie|sprawę|temat|zgłoszenie|reklamację|moją|moje|tę)\s+)*(?:to|mnie|sprawę|temat|zgłoszenie|reklamację)(?:\s+do)?",
                connect=rf"(?:połącz|przełącz)(?:cie|yć)?\s+mnie\s+(?:\w+\s+)?(?:z|do|na){_NETS}|mnie\s+(?:połączyć|przełączyć)\s+(?:z|do|na){_NETS}",
                one=r"proszę|poproszę|o|z|do|mi|innego|dajcie|daj|żywego",
                your=r"waszego|państwa",
                please=r"proszę|poproszę|teraz|natychmiast|dziękuję|już|!",
                event=r"gdy|kiedy|jeśli|jeżeli|zanim|przed|jak\s+tylko",
            )
        ),
        "Swedish": _language(
            _Words(
                someone=r"någon|nån|människa|person|mänska",
                staff=r"medarbetare|handläggare|rådgivare|kundtjänst(?:medarbetare)?|kundservice|(?:er|din|era|dina)\s+(?:chef(?:er)?|kollega|kollegor|personal)|en\s+(?:kollega\s+till\s+dig|chef|anställd|ansvarig|representant|agent)"
                r"|(?:den\s+|er\s+)?ansvarige|kontaktperson|operatör|representant|avdelningschef|teamledare|supporten",
                yours=r"(?:någon|nån|en)\s+(?:av|i|från|på|hos)\s+(?:era?|dina?|er|ditt|ert|eran)(?:\s+(?:kolleg\w+|rådgivare|medarbetare|anställda|handläggare|personal|team|kundtjänst|avdelning|chefer|experter))?",
                my=r"min|mina|mitt|vår|våra|vårt|för|att|om|när|och|men|som",
                speak=r"(?:prata?|tala|snacka|chatta|samtala|diskutera|göra|kommunicera)\s+(?:\w+\s+){0,3}?med|(?:samtal|kontakt|ord)\s+med|(?:prata|snacka)\s+me|(?:tar|ta)\s+det\s+(?:\w+\s+){0,3}med|klaga\s+(?:hos|till|för)",
                live=r"av\s+kött\s+och\s+blod|(?:riktig|levande|verklig|mänsklig|äkta)a?\s+(?:människ\w+|personer?|medarbetare|handläggare|kontakt|hjälp)|någon\s+(?:riktig|levande|verklig|mänsklig)",
                have=r"jobbar|arbetar|finns\s+det|har\s+ni|sitter",
                real=r"(?:riktiga|levande|verkliga)\s+(?:människor|personer|medarbetare)",
                stop=r"sluta\s+(?:\w+\s+)?(?:skicka|svara|ge|slussa)",
                machines=r"robot(?:ar|en|arna)?|maskin(?:er|en)?|dator(?:er|n)?|program(?:met|vara)?|automatiska?\s+svar|autosvar|automatsvar|ai",
                tired=r"nog\s+(?:av|med)|trött\s+på|less\s+på|inga\s+fler|inte\s+ha\s+(?:fler|mer)|slipp\w*",
                automatic=r"robotar|automatiska?\s+(?:svar|meddelanden)|autosvar|automatsvar",
                talking=r"prata|snacka|chatta|skriva",
                out=r"(?:ta|släpp|få|hjälp|låt)\s+mig\b[^.?!;\n]{0,12}?\b(?:ut|ur|från|förbi)|(?:bort|ut|förbi)\s+(?:från|ur)",
                is_no=r"inte\s+(?:är|ar)",
                number=r"(?:telefon)?nummer|telefon|linje",
                answers=r"svarar|lyfter|plockar\s+upp|tar\s+emot",
                whom=r"vem\s+(?:kan|ska|får|skall)\s+(?:jag|vi)\s+(?:\w+\s+)?(?:ringa|prata\s+med|tala\s+med|vända\s+mig\s+till|klaga\s+(?:hos|till))",
                this=r"om\s+(?:det\s+här|detta|det)|nu|då|här|hos\s+er|istället",
                may=r"kan|kunde|skulle|vill|ber?|låt|att",
                care=r"titt(?:a|ar)\s+på|tar?\s+(?:över|hand\s+om|tag\s+i)|kollar?\s+på|(?:kontakta|ring)\w*\s+mig|hör\s+av\s+sig|höra\s+av\s+sig|återkomma",
                contact=r"(?:kontakta|kontaktar|ringa|ringer|mejla|mejlar)\s+mig|hör(?:a)?\s+av\s+sig|återkomm\w+\s+till\s+mig",
                forward=r"(?:skicka|koppla|eskalera|vidarebefordra|slussa|lämna)\s+(?:det\s+här|detta|det|mig|ärendet|frågan)\s+(?:\w+\s+)?(?:till|åt)",
                connect=rf"koppla\s+mig\s+(?:vidare\s+)?till{_NETS}|koppla\s+(?:över|fram)\s+mig",
                one=r"en|ett|den|med|till|riktig|prata|kan\s+jag\s+få",
                your=r"er|din",
                please=r"tack|snälla|nu|genast|omgående|är\s+du\s+snäll|!",
                event=r"när|om(?!\s+(?:det|detta|min|mitt|mina|saken))|innan|så\s+snart",
            )
        ),
        "Chinese": _ways(
            _chinese(way)
            for way in (
                rf"(?:跟|和|与|同|向)\s*{_CHINESE_ONE}{_CHINESE_STAFF}.{{0,3}}?(?:说|谈|聊|讲|沟通|通话|对话|投诉|反映|咨询|交流)(?!过|了|的)",
                rf"(?:转|接|转接|转给|接通|连线)(?:到|至|给)?\s*{_CHINESE_ONE}(?:{_CHINESE_STAFF}|人工|人公|[^。,，.\s]{{1,4}}(?:部门?|组|台|中心)(?:$|[。！!，,]))",
                rf"(?:找|换|叫|派|让|请|要|需要|给我|给|喊)\s*{_CHINESE_ONE}(?:{_CHINESE_STAFF}|人)(?:来|出来)?(?:帮|跟我|和我|与我|处理|看|联系我|解决|回复我|接手|说话|回答|服务|接待)",
                rf"(?:找|换|叫|派|给我|喊)\s*{_CHINESE_ONE}(?:{_CHINESE_STAFF}|人)(?:来|出来|吧)?(?:$|[。！!，,])",
                rf"(?:叫|让|请|找|喊)\s*{_CHINESE_ONE}{_CHINESE_STAFF}(?:出)?来",
                r"由\s*(?:真|活)?人(?:工|类)?(?:来)?(?:处理|回答|解决|回复|服务)",
                r"(?:需要|想要|要|想找|要找)\s*(?:一?(?:个|位|名))?\s*(?:真|活|懂的|懂行的)人(?!大小|秀|版|照)",
                r"有没有\s*(?:一?个)?(?:真的?|活)人|有(?:真|活)人(?:吗|在|客服)|(?:真的|真正的)(?:有)?人吗",
                r"(?:有没有|有|哪个|什么).{0,6}有人接(?:听)?的?(?:电话|号码|热线)|(?:电话|号码|热线).{0,4}(?:真的|确实|能)有人接",
                rf"不是{_CHINESE_BOT}的人",
                rf"(?:别|不要|不想|少|停止|受够了?|厌倦了?|烦透了?)(?:再|总|老)?.{{0,2}}?(?:用|拿|给我|跟|和|让|发|看)?\s*{_CHINESE_BOT}(?:糊弄|敷衍|聊|说|谈|回|打发|应付|了|$|[。！!，,])",
                r"(?:退出|离开|摆脱|跳过)\s*(?:这个|你们的?)?\s*(?:聊天)?机器人",
                r"(?:打电话给|打给|联系|找|跟|和|向)谁(?:说|谈|投诉|反映|沟通|联系|聊)?(?:呢|啊)?\s*(?:$|[。？?！!，,])",
                r"(?:能|请|让|要|希望|可以|麻烦).{0,6}?(?:同事|工作人员|员工|专人|经理|主管|负责人|技术人员).{0,6}?(?:看一下|看看|处理|跟进|核实|查一下|查查|联系我|回复我|回电)",
                r"(?:上报|升级|反映|转交|提交|反馈)(?:给|到|至)?\s*(?:你们的?)?(?:主管|经理|上级|领导|负责人|总部)",
                r"需要(?:在线|人工)客服|(?:派|让|请|叫|安排)(?:个|一个)?人(?:给我)?(?:联系我|回电|回我|打给我)",
                r"\A\W*(?:我?要|我想要?|找|叫|请|给我)?\s*(?:人工|真人|活人|客服|人类|经理|主管)(?:客服|服务)?\s*(?:在吗|在不在|谢谢|拜托|快|马上|立刻|呢)?\W*$",
            )
        ),
        "Japanese": _ways(
            bare(way)
            for way in (
                rf"{_JAPANESE_PEOPLE}(?:さん)?(?:と|に|へ)\s*(?:\w{{0,6}}?)(?:お?話(?!した(?!い)|しました|して(?:い|お))|しゃべ|喋|つない|つなげ|つなぎ|繋|代わ|替わ|かわっ|替え|変わ"
                r"|相談|対応して|対応を|苦情|クレーム|チャット|回し|引き継|聞きたい|助けて|直接|電話したい|取り次|見てもら|見ていただ|確認して(?:もら|ほし|いただ))",
                r"(?:人間|オペレーター?|担当(?:者|の方)|スタッフ|有人|責任者|上司)(?:に|へ)転送",
                rf"{_JAPANESE_PEOPLE}を?\s*(?:呼ん|呼べ|呼び|出して|出せ|出し(?:なさい|てくれ)|お願い|希望|頼み|頼む)",
                rf"{_JAPANESE_PEOPLE}(?:が|から)?(?:直接|ちゃんと)?\s*(?:確認して|見て|調べて|対応して|連絡して|返事して)\s*(?:もら|いただ|ほし|欲し|くださ|くれません)",
                rf"{_JAPANESE_BOT}の(?:返事|返信|回答|答え|対応)は?(?:もう)?(?:送らない|い(?:ら|り)|結構|やめ|たくさん|うんざり)",
                rf"(?:{_JAPANESE_BOT}|自動返信)(?:と(?:話す|のやり取り|のやりとり|の会話)の)?(?:は|も|には)?、?もう(?:いい|い(?:ら|り)|結構|うんざり|たくさん|嫌|いや|十分)(?![^。\n]{{0,60}}(?:返品|返金|返却|解約|売り))",
                rf"{_JAPANESE_BOT}(?:じゃ|では)(?:ない(?:人|方)|話にならな|なくて?\s*人|だめ|ダメ|無理)",
                r"(?:チャット)?ボット(?:を|は|から)?\s*(?:終わり|終了|やめ|抜け|出た|解放)",
                r"(?:人|人間|スタッフ|オペレーター?|担当者?|誰か)(?:が|の)(?:ちゃんと|本当に|実際に)?(?:出る|出てくれる|対応してくれる|対応する|応対)\s*(?:電話|番号|窓口)",
                r"(?:どこ|誰|どなた|どちら)に(?:直接)?(?:電話|相談|言|連絡|話|問い合わせ|苦情)(?:を|し|すれ|え|せ)\w*(?:ば|たら)",
                r"(?:生身|本物|本当|実際)の(?:人間?|方)(?:は|が|に|と|を|いる|います|です|で)",
                r"人(?:間)?に(?:対応|替え|代わ|変わ|つない|繋い|相談|切り替え)",
                r"(?:人間?|スタッフ|オペレーター?)(?:が|は)(?:いる|います|いません|いない)(?:の)?(?:です)?か?\s*(?:[?？!！]|$)(?<!人がいますか)",
                r"\A\W*(?:人間|人|オペレーター?|担当者?|スタッフ|有人|責任者|店長|上司)(?:さん)?(?:を|、|\s)*(?:お願い(?:します|いたします)?|希望|ください|下さい|出して|はやく|早く)?\W*$",
                r"人間(?:を)?(?:出|呼)",
                r"[^。、\s]{1,6}の(?:方|人|担当)に(?:お?つな|繋|代わ|替わ)",
                r"(?:にんげん|ひと)と(?:お?はな[しさせ]|おはなし)",
            )
        ),
    }
)
"""Language → what asks for a person in it in other words."""
