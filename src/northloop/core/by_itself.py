"""Whether a short question says by itself what it asks: "where is my parcel?" does.

Told by its form, in nine languages: it begins as a question, or tells of something of the
customer's that went wrong ("I lost my card"), holds a word that carries meaning, and none that
points to what was said before. What cannot be told is taken to hang on that.
"""

from __future__ import annotations

import re

from northloop.core.facts import content_stems
from northloop.core.patterns import lazy

_LEAST_WORDS = 3
"""Two say what they ask where the verb has no subject beside it: "¿Cómo cancelo?"."""
_BEGINS = lazy(
    r"""\W*(?:(?:hi|hello|hey|hallo|bonjour|hola|ciao|ok|please|thanks|sorry)\W+)*(?P<by>
    (?:where|when|why|who|how|what|which)(?:['’]s|['’]re|\s+(?:is|are|was|were|do|does|did|can|could|
        will|would|should|must|may|has|have))
      | can | could | do | does | did | is | are | was | will | would | may | must | should | have
      | has
      | wo | wann | warum | wieso | wer | wie | was | welche[rsnm]? | kann | können | darf | dürfen
      | muss | müssen | ist | sind | haben | hat | habt | gibt | liefert | liefern | nehmen
      | où | quand | pourquoi | qui | comment | quel(?:le)?s? | combien | puis-je | peut-on
      | est-ce | avez-vous | faut-il | y\s+a-t-il
      | d[óo]nde | cu[áa]ndo | por\s+qu[ée] | qui[ée]n | c[óo]mo | qu[ée] | cu[áa]l(?:es)?
      | cu[áa]nt[oa]s? | puedo | se\s+puede | hay | tienen | aceptan
      | dove | quando | perch[ée] | chi | come | quale | quanto | posso | c['’]è | avete
      | onde | porqu[ee] | quem | qual | quanto | há | têm
      | waar | wanneer | waarom | wie | hoe | wat | welke? | kan | mag | moet | zijn | heb(?:ben)?
      | gdzie | kiedy | dlaczego | kto | jak | co | jaki[em]? | jaka | ile | czy | mogę
      | var | när | varför | vem | hur | vad | vilke[nt] | kan | får | finns
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_OWN = lazy(
    r"""\W*(?:I|I['’](?:m|ve|d)|my|our|ich|mein[e]?|unser[e]?|je|j['’]ai|mon|ma|mes|mi|mis|mio|mia|
    meu|minha|mijn|mój|moja|moje|min|mitt|jag)(?![\w'’])""",
    re.IGNORECASE | re.VERBOSE,
)
_TROUBLE = lazy(
    r"""lost | forg[eo]t\w* | fail\w* | brok\w+ | missing | n['’]t\s | cannot | never | stopped
    | stolen | damaged | wrong | expired | locked | crash\w* | not\s+(?:work|arriv|come)\w*
    | verloren | vergessen | kaputt | fehlt | defekt | gestohlen | beschädigt | falsch
    | (?:geht|funktioniert|kam)\s+nicht
    | perdue? | oublié\w* | cassée? | manque | marche\s+pas | volée? | abîmée?
    | perd[ií] | olvid[eé]\w* | rot[oa] | falta | n[oã]o?\s+funciona | ro[bu]+ad[oa] | esqueci
    | pers[oa] | dimenticat[oa] | rott[oa] | manca | non\s+funziona | rubat[oa]
    | kwijt | vergeten | kapot | ontbreekt | werkt\s+niet | gestolen
    | zgubi\w* | zapomnia\w* | zepsut\w* | brakuje | nie\s+działa | skradzion\w*
    | tappat | glömt | trasig\w* | saknas | fungerar\s+inte | stul\w+
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What somebody tells of their own because it went wrong; all else ("I have no receipt", "my order
is 12345") adds to what was said before."""
_POINTS = lazy(
    r"""(?<![\w'’])(?:it|its|it['’]s|that|this|those|these|them|they|one|ones|same|so|else|instead|
    mine|either|both|too|also|then|he|she|him|there(?!\s+(?:a|an|any|some)\b)|
    das|(?<!gibt\s)es|dies\w*|dort|da|davon|dafür|damit|dazu|auch|denn|(?-i:sie|er|ihn|ihm|ihr)|
    ça|cela|celui|celle|ceux|celles|là|aussi|en|y(?!\s+a)|
    eso|esto|ese|esa|esos|esas|ahí|también|
    questo|questa|quello|quella|lì|anche|
    isso|isto|esse|essa|lá|também|
    dat|dit|het|daar|die|ook|
    tam|ten|ta|tego|też|
    det|den|där|dem|också)(?![\w'’])""",
    re.IGNORECASE | re.VERBOSE,
)
_PRO_DROP = lazy(r"\W*(?:c[óo]mo|come|jak|comment|où|dove)\b", re.IGNORECASE)
_WORD = lazy(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def points_back(text: str) -> bool:
    """Return whether a text has a word that points to what was said before: "is it free?"."""
    return bool(_POINTS.search(text))


def asks_by_itself(text: str) -> bool:
    """Return whether a short text says by itself what it asks, or what went wrong; False where it
    cannot be told."""
    begins = _BEGINS.match(text)
    if begins is None and _TROUBLE.search(text):
        begins = _OWN.match(text)
    if begins is None or points_back(text):
        return False
    least = _LEAST_WORDS - 1 if _PRO_DROP.match(text) else _LEAST_WORDS
    if len(_WORD.findall(text)) < least:
        return False
    return bool(content_stems(text[begins.end() :]))
