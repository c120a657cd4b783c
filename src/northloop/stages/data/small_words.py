"""Which language a customer's message is in, where it is short: by its small words.

A message has a handful of words, and a model of letter sequences tells nothing of so few ("Can I
talk to a person?"), or, where accents were left out, the wrong neighbour ("peut on payer en
especes" as Spanish). What is said of a history's texts stays `languages.language_of`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from northloop.core.scripts import script_of
from northloop.stages.data.languages import LEAST_LEAD, READ_CHARS, language_of
from northloop.stages.data.letters import rank
from northloop.stages.data.wording import typed_words

LEAST = 1.0
"""One word that no other of these languages has, or two that two have."""
LEAD = 0.5
"""So far the best has to be ahead of the next, where letters tell nothing."""
OVERRULE = 1.5
"""So far ahead of the language that the letters tell, it overrules them."""
SHARE = 0.3
"""So large a share of the words has to be the language's."""

SMALL_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "English": typed_words("""
            the and you your my is are was were do does did can could would should what which where
            when who why how with this that these those there they been about please thank thanks
            have has had not any get got need want wants if but be i it its of for to on at by will
            an am don doesn isn didn me we our from so much many some someone no yes hi hello
        """),
        "German": typed_words("""
            ich sie wir ihr mich mir mein meine meinen meiner meinem kann können könnte könnt wie wo
            was wann wer warum ist sind das der die den dem des ein eine einen einer einem nicht
            kein keine keinen auch und oder mit für von zu zum zur bei nach aus auf bitte danke habe
            haben hat habt gibt es man wird werden noch schon wenn dass ob im am um über will möchte
            geht kostet lange gibts euch eure ihre ihren hallo etwas jemand
        """),
        "French": typed_words("""
            je tu il elle nous vous mon ma mes votre vos le la les un une des du au aux et ou où que
            qui quoi est sont suis ai as avez avoir être puis peux peut pouvez veux pas ne ni plus
            pour par sur avec dans en ce cet cette c j l d n qu s y a t comment combien quand quel
            quelle quels quelles bonjour merci svp on se si chez déjà encore ça à voudrais
        """),
        "Spanish": typed_words("""
            el la los las un una unos que qué quien quién cual cuál cuales cuánto cuando cuándo
            donde dónde como cómo es está están son soy puedo puede pueden tengo tiene tienen hay mi
            mis su sus y o no si por para con en del al de se lo le me nos quiero gracias hola favor
            pero muy más ya hacen alguien a
        """),
        "Italian": typed_words("""
            il lo la i gli le un uno una di del della dello dei delle al alla allo in nel nella con
            per da dal dalla che chi cosa quale quali quanto quando dove come e è o non si mi ci vi
            mio mia miei sono sei ho hai avete abbiamo posso può potete voglio vorrei c l d grazie
            ciao anche più se perché questo questa ce dov qualcuno favore a entro
        """),
        "Portuguese": typed_words("""
            o a os as um uma do da dos das no na nos nas em de que quem qual quais quanto quando
            onde como e é ou não sim com para por pelo pela meu minha meus minhas seu sua vosso
            vossa está estão sou tem têm tenho há posso pode podem quero obrigado obrigada olá vocês
            você isto isso eu me já mais ao alguém favor
        """),
        "Dutch": typed_words("""
            ik je jij u jullie wij we mijn uw het de een en of is zijn was kan kunnen kunt mag moet
            wil wilt wat waar wanneer wie waarom hoe welke niet geen ook met voor van naar bij op
            aan uit er dat dit deze die heb heeft hebben hebt graag bedankt als nog al om te terug
            lang iemand in mij me
        """),
        "Polish": typed_words("""
            czy jest są jak jaki jaka jakie gdzie kiedy kto co ile dlaczego nie to ten ta te w z na
            do od za po przez dla i a o u mi mnie mój moja moje mam ma macie mogę można chcę proszę
            dziękuję się że już jeszcze tego tej który państwa was wasz jeśli ktoś kimś
        """),
        "Swedish": typed_words("""
            jag du ni vi han min mitt mina er ert era det den de en ett och eller att är var vad när
            vem hur vilken vilka vilket inte ingen kan får ska vill har hade finns för från till med
            på om av i tack mig sig någon man kostar
        """),
        "Danish": typed_words("""
            jeg du i vi han min mit mine jeres det den de en et og eller at er var hvad hvor hvornår
            hvem hvordan hvilken ikke ingen kan får må skal vil har hos findes for fra til med på om
            af tak mig sig nogen noget man koster der
        """),
    }
)
"""Language → words that a question is hardly put without, as they are typed too. Danish is here so
that it is not taken for Swedish."""
_SHARED = Counter(word for known in SMALL_WORDS.values() for word in known)
_SHARED.update(typed_words("ja tak sim hat los min er at"))
"""Of these another language has a word, too: "sim only plan" is not Portuguese."""
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
"""Not the letters of `E01` and `12p`, which tables are full of."""
_PLACEHOLDER = re.compile(r"\[[A-Z]+(?::[0-9a-f]{6})?\]")


def language_said(text: str) -> str:
    """Return the language of a message, as `language_of` names it, short ones' too; "" where
    neither its letters nor its words show it. Letters alone, with no small word, do where English
    is far less likely by them: keywords in it look like French (`report payment problems`)."""
    told = language_of(text)
    said = _WORD.findall(_PLACEHOLDER.sub(" ", text[:READ_CHARS]).lower())
    found = {
        name: sum(1 / _SHARED[word] for word in of.intersection(said))
        for name, of in SMALL_WORDS.items()
    }
    if told not in ("", "English") and not found.get(told) and not _is_hardly_english(text):
        told = ""
    if told and told not in SMALL_WORDS:
        return told
    (best, most), (_, next_) = sorted(found.items(), key=lambda one: -one[1])[:2]
    if told:
        return best if most >= found[told] + OVERRULE else told
    is_plain = most >= LEAST and most >= next_ + LEAD
    hits = sum(word in SMALL_WORDS[best] for word in said)
    return best if is_plain and hits >= SHARE * len(said) else ""


def _is_hardly_english(text: str) -> bool:
    """Whether the letters of a text are far likelier in another language than in English."""
    if script_of(text):
        return True
    ranked = rank(_PLACEHOLDER.sub(" ", text[:READ_CHARS]))
    return ranked[0][1] - dict(ranked)["en"] >= LEAST_LEAD
