"""Whether a text asks that its customer be not told of something: a note among agents, whatever
else its export says of it.

It is the text of one who answers; a customer may write what they like.
"""

from __future__ import annotations

import re

from northloop.core.pattern_set import PatternSet

KEPT = "agents speak in it of what the customer is not to know"
"""Why a row that holds such a text is quarantined."""
_HIM = "(?:him|her|the (?:customer|client|caller|guest))"
_IHM = "(?:ihm|dem (?:kunden|gast|anrufer)|der kundin)"
_AU = "(?:au client|à la cliente|aux clients)"
_AL = "(?:al cliente|a la clienta)"
_KLANT = "(?:hem|haar|de klant)"
_MU = "(?:mu|jej|klientowi|klientce)"
_ASKED = PatternSet(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:do not|don['’]?t|never|not to) (?:tell|inform|show) {_HIM}\b",
        rf"\b(?:do not|don['’]?t|never) let {_HIM} (?:know|see|find out)\b",
        rf"\b(?:do not|don['’]?t|never) mention (?:(?:it|this|that|anything) )?to"
        rf" (?:{_HIM}|any(?:body|one))\b",
        rf"\bkeep (?:it|this|that) from {_HIM}\b",
        rf"\b{_IHM} (?:(?:das|davon|bitte|auf keinen fall|aber) )*(?:nicht|nichts)"
        r" (?:davon )?(?:sagen|erzählen|verraten|mitteilen|erwähnen)\b",
        rf"\b(?:sagt?|erzählt?|verrate[nt]?|sagen sie) {_IHM} (?:(?:das|davon|bitte) )*nichts?\b"
        r"|\bsagt? ihr nichts\b",
        r"\b(?:nirgends|gegenüber (?:dem kunden|der kundin|kunden) nicht) erwähnen\b",
        rf"\bne (?:(?:surtout|pas|rien|jamais) )+(?:lui (?:en )?(?:dire|parler|mentionner)"
        rf"|(?:le |la |en )?(?:dire|parler|mentionner) {_AU})\b",
        rf"\bne lui (?:en )?(?:dites|mentionnez|parlez) (?:surtout )?(?:pas|rien)\b"
        rf"|\bne (?:le |la )?(?:dites|mentionnez) (?:surtout )?"
        rf"(?:(?:pas|rien) {_AU}|à personne)(?=\W)",
        r"\bno (?:decirle|le dig(?:as|an|áis|a)|contarle|mencionarle|se lo dig(?:as|an|a))\b",
        rf"\bno (?:decir|mencionar|contar)(?:lo)? {_AL}\b|\bque no se entere\b",
        r"\bnon (?:dirgli(?:elo)?|dirle|ditegli(?:elo)?|diteglielo|dirglielo)\b"
        r"|\bnon (?:dire|ditelo|dirlo|menzionarlo) (?:al cliente|alla cliente|in giro)\b",
        r"\bnão lhe (?:diga|digam|conte|contem|dizer|contar|mencionem)\b"
        r"|\bnão (?:dizer|contar|mencionar|mencionem) (?:ao cliente|à cliente|a ninguém)",
        rf"\b(?:zeg|vertel|meld) (?:het |dit )?(?:(?:aan |tegen )?{_KLANT} (?:het |dit |dat )?"
        rf"(?:niet|niks)\b|(?:niet |niets )?(?:aan|tegen) (?:{_KLANT}|niemand)\b)",
        rf"\b{_MU} (?:o tym )?nie (?:mówić|mów|mówcie|wspominać)\b"
        rf"|\bnie (?:mówić|mów|mówcie|wspominać) {_MU}\b|\bnikomu o tym nie (?:wspominać|mówić)\b",
        r"(?:本人|お?客(?:様|さん)?|顧客)に(?:は)?[^。\n]{0,6}"
        r"(?:言わない|話さない|伝えない|知らせない|内緒|秘密)",
    )
)


def is_kept_from_customer(text: str) -> bool:
    """Whether a text says that its customer is not to be told: `do not tell him`."""
    return _ASKED.any(text)
