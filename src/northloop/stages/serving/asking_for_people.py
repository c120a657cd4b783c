"""How customers ask for a person in languages other than English.

For each language: a verb of speaking or connecting with somebody who works there, in either order
as the grammar has it; a wish for one and nothing behind it; a person and nothing else; a live one;
no robot; a call back, but for a notice before something ("call me before you deliver"). A word for
a person alone says nothing, as in English: it must be asked *for*. Texts are compared as `plain`
leaves them, so accents here are for reading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from northloop.core.patterns import lazy

_GAP = r"[^.?!。？！\n]{0,25}?"
"""Some words in between, within a sentence."""
_CLAUSE = r"[^.?!,;\n]{0,50}?"
"""More of them, within a clause."""
_ARRIVES = (
    r"(?:[^.?!\n]*\b(?:liefer|fertig|ankunft|ankomm|ankam|komm|zustell|paket|fahrer|kurier|tür|livr|arriv"
    r"|colis|entreg|lleg|paquete|repartidor|mensajer|consegn|corriere|pacco|cheg|encomenda|estafeta"
    r"|verfügbar|vorrätig|wieder\s+(?:da|auf\s+lager|zu\s+haben)\b|lever|bezorg|pakket|koerier|aankom|komt\b|dostaw|dostarcz|paczk|przy|bud|pakk)"
    r"|(?:vorher|vooraf|van\s+tevoren|antes|avant|prima|innan|før)(?:\s+an)?\s*(?:[.?!]|$))"
)
"""What a call comes before, or when, that is a notice of it."""
SHOWN = (
    r"(?:(?:f|ph)oto\w*|pictures?|images?|imágenes|bild(?:er\w*|en)?|videos?|vidéos?|reviews?|reseñas"
    r"|avis|bewertung\w*|beoordeling\w*|publicité?s?|publicidad|anuncios?|werbung|adverts?|ads"
    r"|reclames?|factory|factories|fabrik\w*|fabriek\w*|fábricas?|usines?|zdjęci\w+|recension\w+)\b"
)
"""Where people are seen who answer nobody."""
NOT_SHOWN = (
    rf"(?!\s+(?:(?:to\s+be\s+seen|te\s+zien|zu\s+sehen)\s+)?(?:in|on|behind|auf|hinter|sur|dans|derrière"
    rf"|en|detrás\s+de|op|achter|su|nelle|em|nas|na|på|i)\s+(?:\w+\s+){{0,2}}?{SHOWN})"
)
"""Behind people: not those in the pictures."""
_ARTICLE = r"eine?[nmr]?|une?|una|uno|uma?|een|ett|en"
_ACCENT = re.compile("[\u0300-\u036f]")
_OTHER_LETTERS = {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "œ": "oe"}
_PLAIN = str.maketrans({**_OTHER_LETTERS, "’": "'", "‘": "'", "´": "'"})
_SPELT_OUT = str.maketrans(
    {"ä": "(?:ae?)", "æ": "(?:ae?)", "ö": "(?:oe?)", "ø": "(?:oe?)", "ü": "(?:ue?)", "å": "(?:aa?)"}
)


def plain(text: str) -> str:
    """Return a text in small letters without accents ("Möchte" → "mochte", "weiß" → "weiss")."""
    return _bare(text.lower())


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return unicodedata.normalize("NFC", _ACCENT.sub("", decomposed))


def bare(pattern: str) -> str:
    """Return a pattern for texts as `plain` leaves them; umlauts may be spelt out there."""
    return _bare(pattern.translate(_SPELT_OUT))


class _Words(NamedTuple):
    """Patterns of one language."""

    people: str
    reach: str
    """What comes before people: to speak with, put me through to."""
    please: str
    """What may follow where nothing else is said."""
    live: str
    """A person who is none but a person: asked for wherever it is said."""
    no_robot: str
    back: str
    """To be called."""
    after: str = ""
    """What comes behind people, where the verb does."""
    there: str = ""
    """Is anybody there? With nothing else said."""
    wish: str = ""
    """To want, need, get: counts where people are all that is wanted."""
    one: str = _ARTICLE
    """What may stand before people."""
    notice: str = ""
    """What makes a call a notice: before, when."""
    my: str = ""
    """What stands before people who are not theirs, and what begins another thought."""


def none_before(words: str) -> str:
    """Return a pattern that matches where none of some words stands before."""
    return "".join(rf"(?<!\b{word} )" for word in words.split("|") if word)


def _language(words: _Words) -> re.Pattern[str]:
    please = words.please
    people = rf"{none_before(words.my)}(?:{words.people})"
    one = rf"(?:(?:{words.one})(?:\s+|\b(?<=')))*"
    nothing_else = rf"(?=\s*(?:[.!?,;:)]|$)|\s+(?:{please})\b)"
    no_notice = rf"(?![^.?!\n]*\b(?=(?:{words.notice})\b){_ARRIVES})" if words.notice else ""
    ways = [
        rf"\b(?:{words.reach}){_GAP}\b(?:{people})\b",
        rf"(?:\A\W*|[.!?][ \t]+[^\w\n]*)(?:(?:{_ARTICLE})\s+)?(?:{people})\W*$",
        rf"(?:^|[.!?][ \t])[^\w\n]*(?:(?:{_ARTICLE})\s+)?(?:{people})"
        rf"[ \t]*,?[ \t]*(?:{please})\W*$",
        rf"\b(?:{words.live})\b{NOT_SHOWN}",
        rf"\b(?:{words.no_robot})\b",
        rf"\b(?=(?:{words.back})\b){no_notice}",
    ]
    if words.there:
        ways.append(rf"^\W*(?:{words.there})\W*$")
    if words.after:
        ways.append(rf"\b(?:{people})\b{_GAP}\b(?:{words.after})")
    if words.wish:
        ways.append(rf"\b(?:{words.wish})\s+{one}(?:{people})\b{nothing_else}")
    pattern = "|".join(f"(?:{way})" for way in ways)
    return lazy(bare(pattern), re.MULTILINE)


LANGUAGES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "German": _language(
            _Words(
                my="mein|meine|meinem|meinen|meiner|meines|unser|unsere|unserem|unseren|unserer|weil",
                people=r"mensch(?:en)?|person|leuten?|jemand(?:en|em)?|mitarbeiter(?:in|s)?"
                r"|mitarbeitenden?|sachbearbeiter(?:in)?|(?:kunden)?berater(?:in)?"
                r"|kolleg(?:en?|in)|ansprech(?:partner(?:in)?|person)"
                r"|kunden(?:service|dienst|betreuung)|vorgesetzten?|chef(?:in)?"
                r"|geschäftsführer(?:in)?|filialleiter(?:in)?",
                reach=r"(?:sprechen|reden|schreiben|telefonieren)\s+mit"
                r"|(?:verbinden?|stellen?|leiten?)\s+(?:sie\s+)?mich|holen?\s+(?:sie\s+)?mir"
                r"|mit\s+wem\s+kann\s+ich"
                r"|(?:wünsche|möchte|verlange"
                r"|hätte\s+gerne?)\s+ein\s+(?:persönliches\s+)?gespräch\s+mit",
                there=r"(?:hallo\W+)?ist\s+(?:da\s+(?:jemand|wer)|jemand\s+(?:da|hier))",
                after=r"(?<!deutsch )(?<!lisch )(?<!sisch )(?:spreche?n|reden|telefonieren|chatten"
                r"|verbunden|verbinden|durchgestellt|durchstellen|weitergeleitet"
                r"|weiterleiten|wenden|ran)\b|dran\b|erreichen\s+(?:kann|möchte|will)"
                r"|(?:be|ab)sprechen\b|klären\b",
                wish=r"bitte|will|möchte|brauche|benötige|verlange|hätte|gib|gebt|geben\s+sie",
                one=r"(?:k?eine?|ihre?|eure?|deine?|echte|richtige|andere)[nmrs]?|mir|bitte|doch"
                r"|endlich|lieber|gerne?|jetzt|sofort|nur|mal|mit",
                please=r"bitte|jetzt|sofort|an[s|m]?\s+telefon|(?:an|ran)\b",
                live=r"(?:echte|richtige|wirkliche|menschliche)[nrms]?\s+(?:mensch(?!enhaar)|person"
                r"|leute|mitarbeiter|ansprech|berater|hilfe|antwort|support)\w*"
                r"|(?:gibt\s+es|ist|sitzt)\s+(?:(?:hier|da|dort|auch|bei\s+(?:euch"
                r"|ihnen))\s+)+eine?n?\s+mensch(?:en)?"
                r"|mit\s+eine[mr]\s+(?:ihrer|eurer)\s+\w+\s+(?:sprechen|reden|telefonieren)"
                r"|mit\s+wem\s+kann\s+ich\b[^.?!]{0,30}\b(?:reden|sprechen|telefonieren)"
                r"|jemanden?\s+(?:am|ans)\s+telefon|persönlich\s+(?:weiter)?helfen"
                r"|mit\s+der\s+(?:werkstatt|filiale)\s+(?:sprechen|reden|telefonieren)"
                r"|brauche\s+jemanden,?\s+de[rn]"
                r"|(?:kollege|mitarbeiter|mensch)\s+(?:das\s+|bitte\s+)?übernehmen"
                r"|ein\s+mensch\s+(?:antwort|helf|schreib)\w*"
                r"|mit\s+(?:ihnen|euch)\s+(?:persönlich\s+)?(?:telefonieren|sprechen|reden)"
                r"|mich\b[^.?!\n]{0,15}?\b(?:durchstellen|weiterverbinden|durchgestellt)",
                no_robot=r"(?:kein(?:en|em)?|nicht\s+mit\s+(?:einem|dem"
                r"|einer))\s+(?:chat)?(?:bot|roboter|maschine|computer|automaten?)",
                back=rf"ruf(?:en)?\s+(?:sie\s+)?mich\b{_CLAUSE}\b(?:an|zurück)"
                r"|(?<!wer )ruft\s+mich\s+(?:(?:bitte|doch|mal)\s+)*(?:an|zurück)"
                r"|bitte\s+(?:um\s+)?(?:einen\s+)?anruf"
                r"|(?:kann|könnt?en?|könnte?t?|würde[nt]?|möge|soll(?:te|en)?|will"
                rf"|möchte)\b(?={_CLAUSE}\b(?:mich|uns|mir)\b)(?={_CLAUSE}\b(?:sie|ihr|du"
                rf"|jemand|einer|kolleg\w+|mitarbeiter\w*|berater\w*)\b){_CLAUSE}\b(?:(?:an"
                r"|zurück)rufen|bei\s+(?:mir|uns)\s+melden)"
                rf"|(?:möchte|will|bitte)\b{_CLAUSE}\bzurückgerufen(?:\s+werden)?"
                r"|(?:bitte(?:\s+um)?|um|hätte|wünsche|möchte|brauche|erbitte)\s+(?:(?:mir"
                r"|gerne?|einen?|ihren|baldigen?|schnellen)\s+)*rückruf(?!\s+(?:bei|des|der"
                r"|von(?!\s+(?:herrn|frau|ihnen|euch|einem|jemand))|für))|rückruf\s+(?:bitte|erbeten|erwünscht)"
                r"|(?:erwarte|warte\s+auf)\s+(?:ihren|deinen|euren)\s+(?:an|rück)ruf",
                notice=r"vor\s+(?:der|dem|ihrer|lieferung|ankunft)|vorher|bevor|sobald"
                r"|wenn(?!\s+(?:möglich|es\s+geht))|falls|an\s+der\s+tür",
            )
        ),
        "French": _language(
            _Words(
                my="mon|ma|mes|notre|nos|parce que|car",
                people=r"(?:être\s+)?humain|personne|quelqu'un|qqu?n|conseill(?:ers?|ères?|é)"
                r"|agents?|collègues?|employée?s?|opérat(?:eur|rice)|responsable"
                r"|direct(?:eur|rice)|gérante?|(?<!un )patron(?:ne)?|supérieure?"
                r"|service\s+client(?:èle)?|interlocut(?:eur|rice)",
                reach=r"parl(?:er|é)\s+(?:à|avec|au)|(?:discuter|échanger)\s+avec"
                r"|(?:souhaite|demande|voudrais)\s+un\s+(?:entretien|échange)\s+avec"
                r"|pass(?:ez|er?)[\s-]+moi|me\s+passer"
                r"|(?:mett(?:ez|re|s)[\s-]+moi|me\s+mettre|être\s+mise?)\s+en\s+(?:relation"
                r"|contact)\s+avec|joindre|transfér\w+[\s-]+(?:moi|à)|être\s+r?appelée?\s+par"
                r"|(?<!d')avoir(?!\s+eu)(?=[^.?!\n]*\bau\s+tél)",
                there=r"(?:allo\W+|il\s+)?y\s+a(?:[\s-]+t[\s-]+il)?\s+quelqu'un",
                after=r"(?:pour\s+)?(?:me\s+parler|m'appell\w+|me\s+rappell(?!er(?:ai|ont))\w+)|de\s+vive\s+voix",
                wish=r"puis-je|peux|pourrais|veux|voudrais?|souhait(?:e|erais)|aimerais"
                r"|préf(?:ère|érerais)|demande|exige|besoin|donnez[\s-]+moi",
                one=r"(?:d')?une?|de|vos|votre|vraie?|autre|avoir|juste|plutôt|seulement|parler"
                r"|à",
                please=r"s'il\s+(?:vous|te)\s+plaît|svp|stp|au\s+téléphone|en\s+ligne|maintenant",
                live=r"vraie?s?\s+(?:personne|humain|conseiller|gens|interlocuteur)s?"
                r"|personne\s+(?:réelle|humaine|physique\s+svp)|être\s+humain\s+svp"
                r"|humain\s+derrière|y\s+a[\s-]+t[\s-]+il\s+un\s+humain"
                r"|(?:parler|discuter|échanger)\s+(?:à|avec)\s+(?:l')?une?\s+de\s+vos\s+\w+"
                r"|vous\s+parler\s+(?:au\s+téléphone|de\s+vive\s+voix)"
                r"|parler\s+(?:directement\s+)?(?:à\s+l'atelier|au\s+magasin|à\s+la\s+boutique)"
                r"|me\s+faut\s+quelqu'un\s+qui|prendre\s+le\s+relais"
                r"|à\s+qui\s+(?:puis-je|je\s+peux|pourrais-je)\s+parler",
                no_robot=r"pas\s+(?:(?:parler|discuter|écrire)\s+)?(?:à|avec|de"
                r"|d')?\s*(?:un\s+|une\s+|le\s+)?(?:robot|bot|chatbot|machine)s?",
                back=r"(?:(?:r?appele[zr]|r?appelle|téléphonez)[\s-]+moi|être\s+(?:r?appelée?"
                r"|recontactée?)|(?:merci|prière)\s+de\s+(?:me\s+|m')r?appeler|qu(?:'on"
                r"|e\s+quelqu'un)\s+(?:me\s+(?:r?appelle|contacte|téléphone)|m'appelle)"
                r"|attends\s+(?:votre|un)\s+appel|(?:(?:pouvez|pourriez|voulez|peux"
                r"|pourrais)[\s-]+(?:vous|tu)|(?:vous|tu)\s+(?:pouvez|pourriez|peux)"
                rf"|(?:quelqu'un|un\s+(?:conseiller|collègue|responsable))\b{_CLAUSE}\b(?:peut"
                rf"|pourrait)\S*){_CLAUSE}\b(?:me\s+|m'|nous\s+)r?appeler)(?!\s+(?:(?:le|la|les"
                r"|mon|ma|mes|votre|vos|ce(?:tte|t|s)?|pourquoi|combien|comment|quel\w*|que|de|notre|si|où"
                r"|à\s+quel\w*)\b|l'|d'|qu'|s'))",
                notice=r"avant\s+(?:de|d'|que|la|le|votre)|avant\s*[.?!]|quand|lorsqu\w*"
                r"|dès\s+que\s+(?!possible)|si\s+(?:vous|le|la|je)",
            )
        ),
        "Spanish": _language(
            _Words(
                my="mi|mis|nuestro|nuestra|nuestros|nuestras|porque",
                people=r"persona|(?:ser\s+)?humano|alguien|agente|asesora?|representante"
                r"|operadora?|emplead[oa]|encargad[oa]|supervisora?|superiora?|gerente|jef[ea]"
                r"|director(?:a)?|(?:alguno\s+de\s+sus\s+)?compañer[oa]s?"
                r"|(?:atención|servicio)\s+al\s+cliente|responsable",
                reach=r"(?:h?ablar|chatear|comunicarme|conversar|contactar|tratarlo)\s+con"
                r"|hablar(?=\s+operador)"
                r"|(?:solicito|pido|exijo)\s+una\s+(?:conversación|llamada)\s+con"
                r"|(?:p[aá]se(?:n)?me|p[aá]same|comun[ií]que(?:n)?me|com[uú]n[ií]came"
                r"|con[eé]cteme|transfi[eé]r[ae](?:n)?me|p[oó]n(?:ga)?(?:n)?me)\s+(?:con|a)"
                r"|(?:me\s+pasas?|ponerme|pasarme|transferirme)\s+(?:con|a)"
                r"|me\s+(?:puede[ns]?|podr[ií]an?|podrías)\s+(?:comunicar|pasar|poner"
                r"|transferir)\s+(?:con|a)|que\s+me\s+at(?:ienda|endiera)",
                there=r"hola\W+hay\s+alguien|hay\s+alguien(?:\s+a(?:h|ll|qu)í)?",
                after=r"con\s+quien\s+(?:pued[ao]\s+)?hablar",
                wish=r"quiero|quisiera|prefiero|necesito|exijo|deme|denme|dame",
                one=r"una?|otra|a|su|alg[uú]na?|hablar|con|ya",
                please=r"por\s+favor|porfa|ya|de\s+verdad|real",
                live=r"persona\s+(?:real|de\s+verdad|humana)"
                r"|(?:humano|agente)\s+(?:real|de\s+verdad|humano)"
                r"|hablar\s+con\s+(?:uno|una|alguno|alguna)\s+de\s+sus\s+\w+"
                r"|hay\s+(?:alg[uú]n|un)\s+humano|con\s+qui[eé]n\s+(?:puedo|podría)\s+hablar"
                r"|hablar\s+con\s+(?:ustedes|vosotros)",
                no_robot=r"no\s+(?:quiero\s+)?(?:hablar\s+con\s+|más\s+)?(?:un\s+|una\s+"
                r"|el\s+)?(?:robot|bot|chatbot|máquina)s?",
                back=r"ll[aá]m[ae](?:n)?me|(?:puede[ns]?|podr[ií]an?|pod[eé]is)\s+llamarme(?!\s+(?:el|la)\b)"
                r"|me\s+(?:puede[ns]?|podr[ií]an?|pod[eé]is)\s+llamar(?!\s+(?:el|la)\b)"
                r"|que\s+(?:alguien\s+)?me\s+llam(?:en?|asen?|aran?)"
                r"|espero\s+(?:su|vuestra)\s+llamada"
                rf"|alguien\b{_CLAUSE}\b(?:devolverme\s+la\s+llamada|llamarme)"
                r"|devu[eé]lva(?:n)?me\s+la\s+llamada",
                notice=r"antes|cuando|al\s+(?:llegar|entregar)|si\s+(?:no|hay|el|la)",
            )
        ),
        "Italian": _language(
            _Words(
                my="mio|mia|miei|mie|nostro|nostra|nostri|nostre|perché",
                people=r"persona|umano|essere\s+umano|qualcuno|operat(?:ore|rice)|addett[oa]"
                r"|responsabile|consulente|agente|colleg(?:a|hi)"
                r"|(?:servizio|assistenza)\s+clienti|assistenza\s+umana|direttore|titolare"
                r"|superiore",
                reach=r"parlare\s+co?n|chattare\s+con|passami|passatemi|mi\s+passa|mi\s+passi"
                r"|mi\s+(?:può|puoi|potete|potrebbe)\s+(?:passare|trasferire"
                r"|mettere\s+in\s+contatto\s+con)|passarmi"
                r"|(?:mettetemi|mi\s+metta|mettermi)\s+in\s+contatto\s+con|trasferitemi"
                r"|mi\s+trasferisca|collegatemi|essere\s+(?:contattat|richiamat)[oa]\s+da"
                r"|(?:chiedo|vorrei|esigo)\s+un\s+colloquio\s+con",
                there=r"c'è\s+qualcuno",
                after=r"con\s+cui\s+(?:posso\s+)?parlare",
                wish=r"voglio|vorrei|preferisco|preferirei|desidero|esigo|(?:ho\s+)?bisogno"
                r"|mi\s+serve|datemi|mi\s+dia",
                one=r"una?|uno|di|un'|ver[oa]|altr[oa]|avere|il|vostro|suo|solo",
                please=r"per\s+favore|grazie|subito|ver[oa]|al\s+telefono",
                live=r"(?:vera|reale)\s+persona|persona\s+(?:vera|reale|in\s+carne\s+e\s+ossa)"
                r"|operatore\s+(?:umano|reale)|parlare\s+con\s+uno\s+dei\s+(?:vostri|suoi)\s+\w+"
                r"|c'è\s+un\s+(?:umano|essere\s+umano)|con\s+chi\s+(?:posso|potrei)\s+parlare"
                r"|parlare\s+con\s+voi",
                no_robot=r"(?:non|basta|niente)\s+(?:voglio\s+)?(?:parlare\s+con\s+)?(?:un\s+"
                r"|il\s+|con\s+)?(?:robot|bot|chatbot|macchina)",
                back=r"richiamatemi|chiamatemi|mi\s+richiam(?:i|ino|iate|ate)"
                r"|essere\s+(?:richiamat|ricontattat)[oa]"
                r"|(?:potete|potreste|puoi|potresti|può\s+qualcuno)\s+(?:ri)?chiamarmi"
                r"|mi\s+(?:potete|potreste|puoi|può)\s+(?:ri)?chiamare(?!\s+(?:il|la)\b)"
                rf"|qualcuno\b{_CLAUSE}\b(?:(?:ri)?chiamarmi|mi\s+(?:ri)?chiam(?:i|asse))"
                r"|aspetto\s+(?:(?:la|una)\s+)?(?:su|vostr)a\s+(?:tele)?(?:chiam|fon)ata",
                notice=r"prima\s+(?:di|della|del|che)|quando|appena|se\s+(?:il|la|non)",
            )
        ),
        "Portuguese": _language(
            _Words(
                my="meu|minha|meus|minhas|nosso|nossa|nossos|nossas|porque",
                people=r"pessoa|(?:ser\s+)?humano|alguém|atendente|assistente|operadora?|agente"
                r"|funcionári[oa]|representante|gerente|supervisora?|responsável|superiora?"
                r"|colega|suporte|atendimento|chefe|diretora?",
                reach=r"(?:falar?|conversar|chatear)\s+com"
                r"|(?:me\s+)?(?:passa|passe|transfira|transfere|encaminhe"
                r"|ligue)\s+(?:me\s+)?(?:para|com|pra|a)"
                r"|(?:passe|transfira|passar|transferir|encaminhar)-me"
                r"|me\s+(?:transferir|passar|encaminhar)|ser\s+atendid[oa]\s+por"
                r"|(?:solicito|peço|exijo)\s+uma\s+conversa\s+com"
                r"|pode(?:m|ria)?\s+passar\s+(?:a|para)",
                there=r"(?:tem|há|está\s+aí)\s+alguém(?:\s+aí)?",
                after=r"com\s+quem\s+(?:eu\s+)?(?:poss[ao]\s+)?falar",
                wish=r"quero|queria|prefiro|preciso|exijo|dê-me|me\s+dá|gostaria\s+de",
                one=r"uma?|de|outra|o|um\s+outro|ter",
                please=r"por\s+favor|pfv?|já|de\s+verdade|real|agora",
                live=r"pessoa\s+(?:real|de\s+verdade)"
                r"|(?:atendente|humano)\s+(?:real|humano|de\s+verdade)|atendimento\s+humano"
                r"|(?:tem|há|existe)\s+(?:algum|um)\s+humano"
                r"|falar\s+com\s+uma?\s+dos\s+(?:seus|vossos)\s+\w+"
                r"|com\s+quem\s+(?:posso|poderia)\s+falar|falar\s+(?:convosco|com\s+vocês)",
                no_robot=r"não\s+(?:quero\s+)?(?:falar\s+com\s+)?(?:um\s+|uma\s+|o\s+)?(?:robo"
                r"|robot|bot|chatbot|máquina)|chega\s+de\s+robo",
                back=r"(?:me\s+)?(?:liguem|ligue|telefonem?)\s+(?:para\s+mim|de\s+volta|pra\s+mim)"
                r"|liguem?-me|me\s+liguem"
                r"|(?<!estafeta )(?<!motorista )(?<!carteiro )"
                r"(?:podem?|poderiam?)\s+(?:(?:ligar|telefonar)-me|me\s+(?:ligar|telefonar))"
                rf"|alguém\b{_CLAUSE}\bme\s+(?:lig(?:ue|ar|asse)|telefon(?:e|ar|asse))"
                r"|aguardo\s+(?:a\s+)?(?:vossa|sua)\s+(?:chamada|ligação)",
                notice=r"antes|quando|assim\s+que|se\s+(?:o|a|não)",
            )
        ),
        "Dutch": _language(
            _Words(
                my="mijn|onze|ons|omdat",
                people=r"mens|persoon|iema?nd|medewerk(?:st)?er|collega"
                r"|klanten(?:service|dienst)|leidinggevende|manager|adviseur|baas|contactpersoon",
                reach=r"(?:praten?|spreken|chatten|contact|overleggen)\s+met"
                r"|praat\s+(?:\w+\s+)?met|spreek\s+(?:graag|liever)"
                r"|(?:verlang|wil|wens)\s+een\s+gesprek\s+met"
                r"|verbind\s+(?:me|mij)\s+(?:door\s+)?(?:met|naar)"
                r"|(?:me|mij)\s+doorverbinden\s+met|(?:geef|haal)\s+(?:me|mij)",
                there=r"is\s+(?:daar|er|hier)\s+iemand(?:\s+(?:daar|hier))?",
                after=r"(?<!engels )(?<!nederlands )(?<!duits )(?<!frans )(?:spreken|praten"
                r"|chatten|doorverbonden|doorverbinden|verbonden)\b"
                r"|aan\s+de\s+lijn|met\s+wie\s+ik\b[^.?!\n]{0,15}\b(?:praten|spreken)",
                wish=r"wil|liever|zoek|mag\s+ik|(?:kunt\s+u|kun\s+je)\s+mij"
                r"|heb(?=[^.?!,\n]*\bnodig\b)",
                one=r"een|echte?|graag|gewoon|met|uw|jullie|andere?",
                please=r"alstublieft|alsjeblieft|aub|graag|nodig|spreken|geven",
                live=r"echte?\s+(?:mens|persoon|medewerker)|mens\s+van\s+vlees\s+en\s+bloed"
                r"|(?:zit|is)\s+(?:er|hier|daar)\s+(?:hier\s+)?(?:ook\s+)?een\s+mens"
                r"|collega\s+(?:dit\s+|het\s+)?overnemen"
                r"|met\s+wie\s+kan\s+ik\s+(?:bellen|praten|spreken)"
                r"|met\s+(?:u|jullie)\s+(?:bellen|praten|spreken)"
                r"|met\s+(?:een|uw)\s+(?:echte\s+)?(?:medewerker|adviseur|collega|mens)\s+bellen",
                no_robot=r"(?:geen|niet\s+met\s+een)\s+(?:chat)?(?:bot|robot|computer|machine)",
                back=rf"bel\s+(?:me|mij)\b{_CLAUSE}\b(?:terug|op|even)"
                rf"|(?:kan|kunt|kunnen|zou(?:den)?|wilt?|willen)\b(?={_CLAUSE}\b(?:mij"
                rf"|me|ons)\b)(?={_CLAUSE}\b(?:u|jullie|je|iemand|collega\S*"
                rf"|medewerker)\b){_CLAUSE}\b(?:terug|op)?bellen|teruggebeld\s+worden"
                rf"|graag\b{_CLAUSE}\bgebeld\s+(?:willen\s+)?worden"
                r"|wacht\s+op\s+(?:uw|jullie)\s+(?:telefoontje|belletje)"
                r"|collega\S*\s+contact\s+met\s+(?:mij|me|ons)\s+opnemen",
                notice=r"voor\s+(?:de|het|levering)|vooraf|van\s+tevoren|voordat|wanneer"
                r"|als\s+(?:de|het|u)|zodra",
            )
        ),
        "Polish": _language(
            _Words(
                my="mój|moja|moją|moim|mojego|mojej|moimi|nasz|naszym|naszego|naszą|bo|że",
                people=r"człowiek\w*|osob[ąęya]|kimś|kogoś|konsultant\w*|pracownik\w*|doradc\w*"
                r"|kierownik\w*|szef\w*|koleg\w*|przełożon\w*|obsług[ąiaę](?:\s+klienta)?"
                r"|agent(?:em|ką)|operator(?:em|ką)",
                reach=r"(?:po)?rozmawiać\s+z|pogadać\s+z|rozmow[aęy]\s+z"
                r"|(?:po|prze)łącz\w*\s+(?:mnie\s+|się\s+)?(?:z|do)"
                r"|(?:mnie|się)\s+(?:po|prze)łączyć\s+(?:z|do)|połączenie\s+z"
                r"|skontaktować\s+się\s+z|kontakt\s+(?:\w+\s+)?z",
                there=r"(?:czy\s+)?(?:jest\s+(?:tam|tu)\s+ktoś|ktoś\s+(?:tam|tu)\s+jest)",
                wish=r"chcę|chciał(?:bym|abym)|wolę|potrzebuję|proszę|poproszę|dajcie|daj|dać",
                one=r"mi|o|prawdziw\w+|żyw\w+|z|jakiegoś|jakąś|w\s+końcu|wreszcie",
                please=r"proszę|poproszę|z\s+obsługi|ze\s+sklepu|teraz",
                live=r"żyw(?:y|ym|ego)\s+człowiek\w*"
                r"|prawdziw(?:ą|ym|ego|ej)\s+(?:osob\w+|człowiek\w*|konsultant\w*)"
                r"|z\s+kim\s+(?:mogę|mógłbym|mogłabym)\s+(?:po)?rozmawiać"
                r"|(?:po)?rozmawiać\s+z\s+(?:państwem|wami)"
                r"|czy\s+(?:jest\s+)?(?:tu|tutaj|tam)\s+(?:jest\s+)?(?:jakiś\s+)?człowiek",
                no_robot=r"(?:nie\s+chcę\s+(?:rozmawiać\s+z\s+)?|żadn\w+\s+)(?:bot|robot"
                r"|chatbot|automat|maszyn)\w*",
                back=r"oddzwo(?:ń|ni[ćcj])\w*|zadzwoń(?:cie)?\s+do\s+mnie"
                rf"|(?:żeby|aby|może|mógłby|mogłaby|możecie|czy)\b{_CLAUSE}\bdo\s+mnie\s+(?:za"
                r"|od)dzwoni\w*"
                rf"|(?:może\w*|mógłby|mogłaby|możecie)\b{_CLAUSE}\b(?:do\s+mnie\s+zadzwonić"
                r"|zadzwonić\s+do\s+mnie)"
                r"|(?:proszę|poproszę)\s+o\s+(?:telefon|kontakt\s+telefoniczny|oddzwonienie)"
                r"|się\s+ze\s+mną\s+skontaktować"
                r"|proszę\s+(?:do\s+mnie\s+zadzwonić|zadzwonić\s+do\s+mnie)"
                r"|czekam\s+na\s+(?:telefon|oddzwonienie)",
                notice=r"przed|zanim|gdy|kiedy|jak\s+(?:będzie|przyjdzie)|kurier\w*",
            )
        ),
        "Swedish": _language(
            _Words(
                my="min|mina|mitt|var|vara|vart|att",
                people=r"människa|person|någon|nån|medarbetare|handläggare|kundtjänst|kollega"
                r"|kollegor|chef|rådgivare|säljare|kontaktperson",
                reach=r"(?:prata?|tala|snacka|chatta)\s+(?:\w+\s+)?med|pratar\s+hellre\s+med"
                r"|kopplar?\s+mig\s+(?:till|vidare)|bli\s+kopplad\s+till|kontakt\s+med"
                r"|få\s+tag\s+(?:på|i)|får\s+jag\s+tag\s+(?:på|i)"
                r"|(?:kräver|vill\s+ha|önskar)\s+ett\s+samtal\s+med",
                there=r"är\s+det\s+någon\s+(?:där|här)|finns\s+det\s+någon\s+(?:där|här)",
                after=r"(?:kan|får|kunde)\s+(?:prata|tala|snacka)\s+med",
                wish=r"kan\s+jag\s+få|vill\s+ha|behöver|ge\s+mig|föredrar",
                one=r"en|riktig|levande|annan|er|din",
                please=r"tack|snälla|nu|här",
                live=r"(?:riktig|levande|verklig|mänsklig)\s+(?:människa|person|medarbetare"
                r"|handläggare)|kollega\s+ta\s+över\s*(?=\?|$)"
                r"|vem\s+kan\s+jag\b[^.?!\n]{0,12}\b(?:prata|tala)\s+med"
                r"|(?:prata|tala)\s+med\s+er(?!\s+(?:app|sida|hemsida|bot))",
                no_robot=r"(?:ingen|inte\s+(?:med\s+|prata\s+med\s+)?en)\s+(?:chat)?(?:t?bot"
                r"|robot|dator|maskin)",
                back=r"ring\s+(?:upp\s+)?mig|bli\s+uppringd"
                rf"|(?:kan|skulle|vill)\b(?={_CLAUSE}\b(?:ni|du|någon|nån|kollegor"
                rf"|kollega)\b){_CLAUSE}\b(?:ringa(?:\s+(?:upp|tillbaka|till))*|kontakta)\s+mig"
                r"|att\s+(?:någon|nån)\s+ringer\s+(?:upp\s+)?mig"
                r"|väntar\s+på\s+(?:ert|ditt)\s+samtal",
                notice=r"före|innan|när|om\s+(?:det|den|ni|du|paketet)|så\s+fort",
            )
        ),
        "Danish and Norwegian": _language(
            _Words(
                my="min|mine|mitt|vores|var|vare",
                people=r"menneske|person|medarbejder|medarbeider|nogen|noen|kundeservice"
                r"|kolleg(?:a|aer|er)|chef|sjef|sagsbehandler|saksbehandler|rådgiver|ansatt",
                reach=r"(?:tale|snakk?e|prate|chatte)\s+(?:\w+\s+)?med"
                r"|(?:still?e?|sett?e?|sætte?|sæt)\s+m[ei]g\s+(?:videre|over|om|igennem"
                r"|gjennom)\s+til|få\s+kontakt\s+med|kontakt\s+med|få\s+(?:fat|tak)\s+i"
                r"|får\s+jeg\s+(?:fat|tak)\s+i"
                r"|(?:kræver|ønsker|vil\s+(?:gerne\s+)?have)\s+en\s+samtale\s+med",
                there=r"er\s+der\s+nogen(?:\s+(?:her|der))?|er\s+det\s+noen\s+(?:der|her)",
                after=r"kan\s+(?:tale|snakke|prate)\s+med",
                wish=r"kan\s+jeg\s+få|vil(?:\s+gerne|\s+gjerne)?\s+ha(?:ve)?|har\s+brug\s+for"
                r"|trenger|giv\s+mig|gi\s+meg|ønsker",
                one=r"en|et|ett|rigtigt?|ekte|ægte|levende|anden|annen|jeres|deres",
                please=r"tak|takk|vær\s+så\s+snill|venligst|nu|nå|her",
                live=r"(?:rigtigt?|ekte|ægte|virkelig|levende)\s+(?:menneske|person"
                r"|medarbejder|medarbeider)|hvem\s+kan\s+jeg\s+(?:tale|snakke|prate)\s+med"
                r"|(?:tale|snakke|prate)\s+med\s+(?:jer|dere)",
                no_robot=r"(?:ingen|ikke\s+(?:med\s+|tale\s+med\s+"
                r"|snakke\s+med\s+)?en)\s+(?:chat)?(?:t?bot|robot|maskine?|datamaskin)",
                back=r"ring\s+(?:til\s+)?(?:mig|meg)"
                r"|bli(?:ve)?\s+(?:ringt\s+op|ringet\s+op|oppringt)|ringes\s+op"
                rf"|(?:kan|vil|kunne)\b(?={_CLAUSE}\b(?:i|du|dere|nogen|noen|jeres"
                rf"|deres)\b){_CLAUSE}\b(?:ringe\s+(?:til\s+|tilbage\s+til\s+)?m[ei]g"
                r"|kontakte\s+m[ei]g)|at\s+(?:nogen|noen)\s+ringer\s+(?:til\s+)?m[ei]g"
                r"|venter\s+på\s+jeres\s+opkald",
                notice=r"før|inden|når|hvis|så\s+snart",
            )
        ),
        "Finnish": _language(
            _Words(
                people=r"ihmis\w+|asiakaspalvelij\w+|henkilö\w*|jonkun|työntekij\w+|asiakaspalvelu\w*"
                r"|esimie\w+",
                reach=r"(?:puhua|jutella|keskustella|chatata)|yhdistä\w*|siirrä\w*\s+minut"
                r"|saanko\s+yhteyden",
                after=r"(?:kanssa\s+)?(?:puhua|jutella|keskustella|yhdist\w+)",
                please=r"kiitos|pliis",
                live=r"(?:oike\w+|elävä\w*)\s+ihmi\w+",
                no_robot=r"(?:en\s+halua|ei)\s+(?:puhua\s+)?(?:chat)?(?:bot|robot|kone)\w*",
                back=r"soittakaa?\s+minulle|soita\s+minulle|soittopyyn\w+",
            )
        ),
        "Czech": _language(
            _Words(
                people=r"člověk\w*|operátor\w*|pracovník\w*|někým|zástupc\w*|poradc\w*|vedoucím?"
                r"|kolegou|zákaznickým\s+servisem",
                reach=r"(?:mluvit|promluvit|hovořit)\s+s|(?:spojte|přepojte|přepoj|spoj)\s+(?:mě|mne"
                r"|me)\s+(?:s|na|k)",
                please=r"prosím",
                live=r"živ(?:ým|ého)\s+člověk\w*|skutečn(?:ým|ého)\s+člověk\w*",
                no_robot=r"nechci\s+(?:mluvit\s+s\s+)?(?:bot|robot|chatbot|automat)\w*",
                back=r"zavolejte\s+mi|zavolej\s+mi",
            )
        ),
        "Turkish": _language(
            _Words(
                people=r"temsilci\w*|insan(?:la|lar\w*|a|\s+ile)?|yetkili\w*|birisi\w*|biriyle"
                r"|operatör\w*|çalışan\w*|kişi(?:yle|ye)"
                r"|müdür\w*",
                reach=r"bağla(?:yın)?\s+beni",
                after=r"(?:ile\s+)?(?:görüş|konuş|bağla|aktar|ulaş|yazış)\w*",
                please=r"lütfen",
                live=r"gerçek\s+(?:bir\s+)?(?:insan|kişi|temsilci)\w*|canlı\s+(?:destek|temsilci)\w*",
                no_robot=r"(?:robot|bot|chatbot)\w*\s+(?:değil|istemiyorum|konuşmak\s+istemiyorum)",
                back=r"beni\s+(?:geri\s+)?arayın|beni\s+ara(?:r\s+mısınız)?|geri\s+arayın",
            )
        ),
        "Russian": _language(
            _Words(
                people=r"оператор(?:ом|а|у)?|человек(?:ом|а|у)?|сотрудник(?:ом|а|у)?|менеджер(?:ом|а"
                r"|у)?|консультант(?:ом|а|у)?"
                r"|специалист(?:ом|а|у)?|кем-(?:то|нибудь)|представител(?:ем|я)|начальник(?:ом|а)"
                r"|поддержк(?:ой|у)",
                reach=r"(?:по)?говорить\s+с|пообщаться\s+с|связаться\s+с|(?:соедините|свяжите|соедини"
                r"|свяжи)\s+(?:меня\s+)?с"
                r"|(?:переведите|переключите)\s+(?:меня\s+)?на|позовите|дайте|хочу\s+(?:живого"
                r"|поговорить)",
                please=r"пожалуйста|плиз|срочно",
                live=r"жив(?:ой|ого|ым|ому)\s+(?:человек|оператор|сотрудник)\w*|реальн(?:ый|ого"
                r"|ым)\s+(?:человек|оператор)\w*",
                no_robot=r"не\s+(?:хочу\s+)?(?:(?:говорить|общаться)\s+)?(?:с\s+)?(?:бот|робот"
                r"|чат-?бот|машин)\w*",
                back=r"перезвоните(?:\s+мне)?|позвоните\s+мне",
            )
        ),
        "Ukrainian": _language(
            _Words(
                people=r"оператор(?:ом|а)?|людин(?:ою|у|и)|працівник(?:ом|а)?|менеджер(?:ом|а)?"
                r"|консультант(?:ом|а)?|кимось",
                reach=r"(?:по)?говорити\s+з|поспілкуватис[яь]\s+з|зв'язатис[яь]\s+з|(?:з'єднайте"
                r"|зв'яжіть)\s+(?:мене\s+)?з"
                r"|переведіть\s+(?:мене\s+)?на|покличте|дайте",
                please=r"будь\s+ласка",
                live=r"жив(?:ою|у|а)\s+людин\w+|живого\s+оператора",
                no_robot=r"не\s+(?:хочу\s+)?(?:(?:говорити|спілкуватися)\s+)?(?:з\s+)?(?:бот|робот)\w*",
                back=r"передзвоніть(?:\s+мені)?|зателефонуйте\s+мені",
            )
        ),
        "Indonesian": _language(
            _Words(
                people=r"orang|manusia|agen|petugas|admin|cs|staf|operator|seseorang|karyawan",
                reach=r"(?:bicara|ngobrol|berbicara|chat|terhubung)\s+(?:langsung\s+)?(?:dengan|sama"
                r"|ke)"
                r"|(?:sambungkan|hubungkan)\s+(?:saya\s+)?(?:dengan|ke)",
                please=r"tolong|ya|dong",
                live=r"orang\s+(?:asli|sungguhan|beneran)|manusia\s+(?:asli|sungguhan)",
                no_robot=r"(?:bukan|jangan|tidak\s+mau)\s+(?:bicara\s+dengan\s+)?(?:bot|robot|mesin)",
                back=r"(?:telepon|hubungi)\s+saya\s+(?:kembali|balik)",
            )
        ),
        "Vietnamese": _language(
            _Words(
                people=r"người(?!\s+lớn)|nhân\s+viên|tư\s+vấn\s+viên|tổng\s+đài\s+viên|quản\s+lý",
                reach=r"(?:nói\s+chuyện|chat|trao\s+đổi|liên\s+hệ)\s+(?:trực\s+tiếp\s+)?với"
                r"|(?:cho\s+(?:tôi|mình|em)\s+)?gặp"
                r"|kết\s+nối\s+(?:tôi\s+)?với|chuyển\s+(?:tôi\s+)?(?:cho|sang|đến)",
                please=r"với|đi|ạ|nhé",
                live=r"người\s+thật|nhân\s+viên\s+thật",
                no_robot=r"không\s+(?:muốn\s+)?(?:nói\s+chuyện\s+)?(?:với\s+)?(?:bot|robot|máy)",
                back=r"gọi\s+lại\s+cho\s+(?:tôi|mình|em)",
            )
        ),
        "Arabic": lazy(
            r"(?:[أا]?تحد[ثّ]\w*|التحدث|[أا]?تكل[مّ]\w*|[أا]كلم|التكلم|الكلام|التواصل|[أا]تواصل"
            r"|حو[ّ]?ل(?:ني|وني)"
            rf"|وص[ّ]?ل(?:ني|وني)|[أا]ريد|بدي|عايز){_GAP}"
            r"(?:موظف(?!ين|\s*[يه]ن)|شخص(?!ي)|[إا]نسان|بشري|ممثل|مندوب|خدمة\s+العملاء|مسؤول)"
            r"|^\W*(?:موظف|شخص\s+حقيقي|خدمة\s+العملاء|ممثل)(?:\s+(?:من\s+فضلك|لو\s+سمحت))?\W*$"
            r"|شخص\s+حقيقي|[إا]نسان\s+حقيقي|لا\s+[أا]ريد\s+(?:التحدث\s+(?:مع|[إا]لى)\s+)?(?:روبوت"
            r"|بوت|آلة)"
            r"|اتصلوا?\s+بي|عاودوا\s+الاتصال",
            re.MULTILINE,
        ),
        "Hindi": lazy(
            r"(?:इंसान|इन्सान|व्यक्ति|एजेंट|प्रतिनिधि|अधिकारी|कर्मचारी|किसी|मैनेजर|कस्टमर\s+केयर)"
            r"[^।?!]{0,15}(?:बात|कनेक्ट|संपर्क\s+कर(?:ना|वा))"
            r"|असली\s+(?:इंसान|व्यक्ति)|(?:रोबोट|बॉट)\s+(?:से\s+)?(?:नहीं|बात\s+नहीं)"
            r"|मुझे\s+(?:वापस\s+)?(?:कॉल|फोन)\s+कर",
        ),
        "Chinese": lazy(
            r"[转轉接找]到?\s*人工(?!智|费|費)|人工\s*(?:客服|客服员|服务|服務|座席|坐席|专员)|真人(?:客服|服务|服務)|有没有真人"
            r"|^\W*(?:人工|真人|客服)\W*$|[接转轉]真人"
            r"|(?:和|跟|与|與|同|找|叫|联系|聯繫|聯絡|接通?|要|换)\s*(?:一?[个個位名])?\s*(?:你们的?|你們的?)?\s*"
            r"(?:真人(?!大小|秀|版)|活人|人工(?!智|费|費|草|湖|成本|合成)|客服(?:人员|人員|专员)?(?:[说說谈談聊讲講沟](?![过過了])|$|[。！!，,]))"
            r"|(?:和|跟|与|與|同)\s*(?:你们的?|你們的?|店里的?)?\s*(?:人|经理|經理|主管|店长|店員|店员|老板|负责人|上级|同事)\s*[说說谈談聊讲講沟](?![过過了])"
            r"|找(?:个|個)?人(?:来)?[跟和与]我|叫(?:你们|你們)?的?(?:主管|经理|經理|老板|领导|店长)"
            r"|(?:同事|专人|專人|客服|工作人员)(?:联系|聯繫|聯絡)我"
            r"|(?:不要|不想[要和跟与])[和跟与]?\s*(?:机器人|機器人|bot)(?![吸扫掃拖擦])|[换換](?:个|個)?(?:同事|客服|人)(?:处理|處理|[来來跟])"
            r"|^(?![^\n]*(?:货前|貨前|之前|到了|时候|時候|快递|快遞|谁|誰|送货|送貨|不要?(?:给|給)?我?打))[^\n]*"
            r"(?:(?:给|給)我打[个個]?(?:电话|電話)|[回打][个個]?(?:电话|電話)(?:给|給)我)"
            r"|(?:给|給)我回[个個]?(?:电话|電話)|打我(?:电话|電話|手机|手機)|请回电|請回電|等(?:你们|你們|您)的?(?:电话|電話)|^\W*有人[吗嗎在]{1,2}\W*$",
            re.MULTILINE,
        ),
        "Japanese": lazy(
            r"(?:人間|オペレーター?|担当者?|担当の方|スタッフ|有人|生身の人|係の人|責任者|上司|店長|人)\s*(?:の方)?\s*(?:と|に|へ)\s*"
            r"(?:お|直接\s*)*(?:話(?!した(?!い)|しました)|しゃべ|喋|つな|繋|代わ|替わ|かわ|相談した|チャット)"
            r"|(?:人|人間|担当者?|スタッフ)に(?:対応|応対)し|店の方と(?:直接)?お?話|人間の(?:サポート|対応)|人間を出|誰かと(?:直接|電話で)?(?:話|電話)"
            r"|有人(?:対応|チャット|サポート)|オペレーター?(?:の方)?(?:を|に)?(?:お願い|希望|呼|つな|繋)"
            r"|(?:担当者?|担当の方|上司|責任者|店長)を(?:呼|出|お願い)"
            r"|(?:担当者?|担当の方|スタッフ|どなた)(?:の方)?(?:から|か)ご?お?(?:連絡|電話)(?:を)?(?:いただ|頂|ほし|欲し|もら|くださ|下さ)"
            r"|カスタマー(?:サービス|サポート|センター)に(?:つな|繋)"
            r"|(?:ロボット|ボット|ai|機械)(?:じゃなく|ではなく|は嫌|はいや|とは話したくな)|折り返し(?:の)?(?:お?電話|ご?連絡|お願い)"
            r"|^\W*誰かいますか\W*$|人間をお願い|お電話お待ち|(?<!前に)(?<!前にお)(?<!いたら)(?<!いたらお)(?<!来たら)(?<!来たらお)電話(?:して|を)?(?:ください|下さい|もらえ|いただけ|頂け|ほしい|欲しい)",
            re.MULTILINE,
        ),
        "Korean": lazy(
            r"(?:상담원|상담사|사람|직원|담당자|매니저|책임자)\s*(?:이랑|랑|과|와|하고|분과|한테|에게|으로|을|를|좀|님)?\s*"
            r"(?:직접\s*)?(?:좀\s*)?(?:연결|바꿔|통화|얘기|이야기|말하고|말할|대화|상담하고|불러)"
            r"|^\W*(?:상담원|상담사|사람)\W*$|(?:챗봇|로봇|봇|기계)\s*(?:말고|싫|이랑\s*말고)|진짜\s*사람|전화\s*(?:해"
            r"|좀\s*해)\s*(?:주세요|줘)",
            re.MULTILINE,
        ),
    }
)
"""Language → what asks for a person in it."""
