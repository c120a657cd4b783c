"""Secrets: passwords, PINs, keys and tokens, known by the word before them or by their look."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from northloop.core.pattern_set import has_any
from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.identifiers import switches
from northloop.stages.data.sensitive.lexicon import NO_NAMES
from northloop.stages.data.sensitive.numbers import DATE
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.sensitive.technical import (
    DIGEST,
    UUID,
    in_authority,
    numbered_by_a_machine,
)
from northloop.stages.data.wording import any_of, words

_WORDS = ("pas", "mdp", "ww",
          "pss", "pwd", "pw", "pin", "cv", "otp", "token", "key", "secret", "code", "kenn",
          "contra", "bearer", "wacht", "hasł", "senha", "parol", "lösen", "losen", "clave",
          "palavra",
          "kode", "kod ", "cód", "codi", "zahl", "zugang")  # fmt: skip
_PASSWORD = any_of(
    r"""
    pa?s{1,3}a?[ ]?w?[wor]{2,4}d | passwd | pass[ ]?phrase | pass[ ]?code | passwort | kennwort
    | contrase(?:ñ|n)a | clave(?:[ ]de[ ](?:acceso|usuario))? | mot[ ]de[ ]passe | mdp | wachtwoord
    | hasł(?:o|a|em) | haslo | senha | palavra[- ]passe | parola[ ](?:chiave|d['’]ordine)
    | l(?:ö|o)senord(?:et)? | passord(?:et)? | adgangskode(?:n)? | kodeord(?:et)? | zugangscode
    | pwd | pw | ww(?=[ ]?[:=]) | l(?:ö|o)sen(?=[ ]?[:=])
    """
)
_PIN = any_of(
    r"""
    pin(?:[ -]?(?:code|number|kode?|nummer))? | cvv2? | cvc2? | otp | geheimzahl
    | code[ ](?:secret|pin|d['’]accès|de[ ](?:sécurité|vérification|confirmation))
    | código[ ](?:secreto|pin|de[ ](?:acceso|seguridad|verificación|segurança|acesso|verificação))
    | codice[ ](?:segreto|pin|di[ ](?:accesso|sicurezza|verifica)) | kod[ ](?:pin|dostępu)
    | (?:sicherheits|bestätigungs|beveiligings|toegangs)code | säkerhetskod | pinkod
    | (?:security|verification|one[- ]time|access|login|2fa|auth|confirmation|card security|door
|gate|alarm|entry) (?:code|pin|passcode)
    """
)
_KEY = any_of(
    r"""
    (?:api|access|secret|private|auth|client|licen[cs]e)[-_ ]?(?:key|token|secret)
    | token | secret | bearer
    """
)
_LINK = any_of(
    r"""
    \s+c['’]est | \s+(?:is|was|of|:)
    | \s+for (?:my|the|this) \w+(?:[ ]is)? | \s+to (?:my|the) \w+ is
    | \s+(?:ist|lautet|es|est|è|é|jest|är|er|era|était|war) | (?<=hasło)\s+to
    | \s+i (?:use|used|set|have) is | \s*[:=] | 's
    | (?P<moved>\s+(?:to|auf|en|à|a|para|naar|na|till|til))
    """
)
_AFTER = lazy(
    rf"\b(?:(?P<strong>{_PASSWORD})|(?P<number>{_PIN})|(?P<key>{_KEY}))s?\b"
    rf"(?P<link>{_LINK}?\s*[:=]?\s*[\"'“‘`(]?)(?P<value>[^\s\"'”’`)\x00]{{3,200}})",
    re.I,
)
_PREDICATE = words(
    """
    abgelaufen erforderlich erfordert falsch gesperrt geändert inkorrekt korrekt nötig notwendig
    ungültig unbekannt unsicher vergessen verloren zurückgesetzt zurücksetzen richtig schwach
    bloqué changé correct erroné expiré faible incorrect incorrecte inconnu invalide modifié
    nécessaire obligatoire oublié perdu refusé requis réinitialisé valide trop toujours pourtant
    bloqueada bloqueado cambiada caducada caducado correcta correcto débil errónea erróneo expirada
    incorrecta incorrecto inválida inválido necesaria necesario obligatoria olvidada perdida
    requerida válida válido bloccata cambiata corretta debole errata errato necessaria richiesta
    sbagliata sbagliato scaduta scaduto smarrita valida dimenticata alterada correta errada errado
    esquecida expirou fraca incorreta obrigatória perdida requerida fout geblokkeerd gewijzigd juist
    kwijt nodig ongeldig onjuist onbekend veranderd vergeten verkeerd verlopen vereist zwak błędne
    nieprawidłowe niepoprawne nieważne poprawne wymagane zablokowane zapomniane zmienione za słabe
    blockerat felaktigt fel glömt ogiltigt krävs obligatoriskt spärrat svagt utgånget ändrat
    feil ugyldig forkert utløpt glemt påkrevd required
    sicher segura seguro sicura sicuro veilig bezpieczne säkert stark starkt fuerte forte corta
    corto larga largo lungo lunga longa court courte longue länger kürzer
    """
)
"""What is said of a password in other languages: that it is wrong, lost or needed."""
_CHANGED = lazy(
    r"chang(?:e|ing)|\b(?:re)?set\b|updat|switch|geänder|ändern|ändert|gesetzt|zurückgesetzt|modifi"
    r"|cambi|mudei|mudar|alter(?:ei|ad)|gewijzigd|verander|zmieni|ustawi|ändrat|bytt|byt\b|ändra",
    re.I,
)
MAX_CHANGE_CHARS = 24
_AFTER_MAILBOX = lazy(
    r"(?<![\w.+-])[\w.+-]++@[\w.-]{2,}+(?<=\w)\s*[/|]\s*(?P<value>[^\s,;\x00]{6,60})"
)
_TOKENS = lazy(
    r"(?<![\w-])(?:(?:sk|pk|rk|whsec|xox[abprs]|ghp|gho|ghs|glpat|hf|npm|pypi|shpat|key|tok|api)"
    r"[-_][A-Za-z0-9_\-]{12,}"
    r"|AKIA[0-9A-Z]{12,20}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))"
)
_LONG = lazy(r"(?<![\w/.@-])[A-Za-z0-9_\-+/=]{20,}(?![\w/.@])")
_FRAME = lazy(r"^\.\w+[.(]|\.(?:java|py|js|ts|go|rs|rb|cs|scala|kt):\d+|\(\w*[:.]")
"""What follows the word in a stack trace: `security.token.Token.get(Token.java:467`."""
_PARTS = lazy(r"[/_=\-]+")
_KEY_BEFORE = lazy(rf"(?:{_PASSWORD}|{_KEY}|\bkeys?\b)[^\n]{{0,24}}$", re.I)
MIN_TOKEN_CHARS = 15
"""A key or token, `key-` and twelve signs, has at least so many without a space."""
MIN_RANDOM_CHARS = 16
"""The shortest unbroken part of a path or a name that is taken for a key by its look alone."""
_ORDINARY = words(
    """
    a accepted after again all also always an and any anymore at bad because been being box but
    button by can can't cannot change changed changing correct could denied did didn't does doesn
    doesn't don't each either email entered error every expired failed failing fails field for
    forgot forgotten form from gets getting good got had has have here hint how i if in incorrect
    invalid is isn't issue issues it its just keeps length link lost mail manager may might must
    my needed needs never new no not now old on only option or page please policy problem problems
    prompt protected really recovery refused rejected request requests required requirements reset
    resets resetting right rules safe same screen secure security sent set should since so still
    stopped strong that the then there they this to too very was we weak what when where which why
    will with without won't work working works would wrong you
    """
)
"""What follows the word "password" in a sentence that gives none away."""
_END = lazy(r"[\"'”’`)]*+(?:[.,;!\n]|\s*$)")
_MIN_ENTROPY_BITS = 3.4


def secrets(text: str, lowered: str) -> Iterator[Span]:
    """Yield passwords, PINs, keys and tokens."""
    if has_any(lowered, _WORDS):
        for found in _AFTER.finditer(text):
            value = found["value"].rstrip(".,;!?")
            if _is_secret(value, found):
                start = found.start("value")
                yield Span(start, start + len(value), Sensitive.SECRET, value)
    for found in _AFTER_MAILBOX.finditer(text) if "@" in text else ():
        if in_authority(text, found.start()):
            continue
        value = found["value"].rstrip(".")
        yield Span(found.start("value"), found.start("value") + len(value), Sensitive.SECRET, value)
    if max(map(len, text.split()), default=0) < MIN_TOKEN_CHARS and "-----BEGIN" not in text:
        return
    for found in _TOKENS.finditer(text):
        yield Span(found.start(), found.end(), Sensitive.SECRET, found[0])
    for found in _LONG.finditer(text):
        if _is_key(found):
            yield Span(found.start(), found.end(), Sensitive.SECRET, found[0])


def _is_secret(value: str, found: re.Match[str]) -> bool:
    """Whether what follows the word is a secret rather than the rest of a sentence."""
    if len(value) < 3 or value.lower().rstrip(".,;:!?") in _ORDINARY:
        return False
    if not any(c.isalnum() for c in value):  # masked already
        return False
    if value.lower() in _PREDICATE or value.lower() in NO_NAMES:
        return False
    if found["moved"]:
        return not found["number"] and _is_changed_to(value, found)
    linked = found["link"].strip() != ""
    digits = sum(c.isdigit() for c in value)
    if found["number"]:
        return digits >= 3 and digits >= len(value) - 2
    mixed = digits > 0 or any(
        not c.isalnum() for c in value[1:-1].replace("-", "").replace("'", "")
    )
    if found["key"]:
        if not found["link"] or DATE.fullmatch(value) or _FRAME.search(value):
            return False
        return len(value) >= 8 and digits > 0
    if mixed:
        return len(value) >= 4 and (linked or digits > 0) and not value.startswith("[")
    inner_capital = any(c.isupper() for c in value[1:]) and any(c.islower() for c in value)
    return linked and (inner_capital or _ends_sentence(found, value))


def _is_changed_to(value: str, found: re.Match[str]) -> bool:
    """Whether a password is said to be changed to what follows, which is no plain word."""
    before = max(0, found.start() - MAX_CHANGE_CHARS)
    if not _CHANGED.search(found.string, before, found.end() + MAX_CHANGE_CHARS):
        return False
    odd = any(c.isdigit() or c.isupper() for c in value[1:]) and not value.isupper()
    return len(value) >= 6 and odd and not DATE.match(value) and "/" not in value


def _ends_sentence(found: re.Match[str], value: str) -> bool:
    return len(value) >= 6 and bool(_END.match(found.string, found.start("value") + len(value)))


def _is_key(found: re.Match[str]) -> bool:
    """Whether a long run is a key, and neither a path, a name of several words nor a digest.

    A digest or a UUID is a key if a word just before says so.
    """
    value = found[0]
    if not _looks_random(value):
        return False
    if numbered_by_a_machine(found.string, found.start()):
        return False
    if UUID.fullmatch(value) or DIGEST.fullmatch(value):
        before = max(0, found.start() - 48)
        return _KEY_BEFORE.search(found.string, before, found.start()) is not None
    parts = [p for p in _PARTS.split(UUID.sub("", value)) if not DIGEST.fullmatch(p)]
    drawn = [p for p in parts if switches(p) >= 3 and not p.isdigit()]
    return max(map(len, drawn), default=0) >= MIN_RANDOM_CHARS or (
        len(drawn) > 1 and 2 * sum(map(len, drawn)) > len(value) >= 2 * MIN_RANDOM_CHARS
    )


def _looks_random(value: str) -> bool:
    """Whether a long run has letters of both cases and digits, mixed as no word is."""
    kinds = (
        any(c.islower() for c in value),
        any(c.isupper() for c in value),
        any(c.isdigit() for c in value),
    )
    return (
        sum(kinds) >= 2
        and kinds[2]
        and _entropy_bits(value) >= _MIN_ENTROPY_BITS
        and switches(value) >= 6
    )


def _entropy_bits(value: str) -> float:
    """Return the Shannon entropy of the characters, bits a character."""
    counts = Counter(value).values()
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
