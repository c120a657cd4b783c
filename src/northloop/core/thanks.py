"""Whether a message says thanks and nothing else: nobody is asked anything by it.

Told by closed lists, in the languages that greetings are known of. Whatever else is said, one word
too, may ask for something: "thanks, but it is still broken" is no thanks.
"""

from __future__ import annotations

import re

from northloop.core.patterns import lazy

_THANKS = r"""
    (?:(?:many|so\ many|a\ thousand|ok(?:ay)?)\ )?(?:thanks|thx|thank\ you|thank\ u|cheers)
        (?:\ (?:so\ much|very\ much|a\ lot|a\ million|a\ bunch|again|all|everyone|kindly))*
        (?:\ for\ (?:your|the|all\ your|all\ the)\ (?:(?:quick|fast|kind|great|prompt)\ )?
            (?:help|answer|reply|response|support|assistance|information|info|service))?
  | much\ appreciated | i\ appreciate\ (?:it|that|your\ help)
  | danke(?:schön|\ schön|\ sehr|\ ihnen|\ euch|\ vielmals|\ dir)?
        (?:\ für\ (?:ihre|die|eure)\ (?:schnelle\ )?(?:hilfe|antwort|unterstützung|auskunft))?
  | (?:vielen|besten|herzlichen|tausend|lieben)\ dank
        (?:\ für\ (?:ihre|die|eure)\ (?:schnelle\ )?(?:hilfe|antwort|unterstützung|auskunft))?
  | (?:un\ grand\ )?merci(?:\ (?:bien|beaucoup|infiniment|à\ vous|encore))*
        (?:\ pour\ votre\ (?:aide|réponse|retour))? | je\ vous\ remercie
  | (?:muchas|muchísimas|mil)?\ ?gracias(?:\ por\ (?:su|tu|la)\ (?:ayuda|respuesta))?
  | (?:molte|tante|mille)?\ ?grazie(?:\ (?:mille|tante|infinite|ancora))?
        (?:\ per\ (?:l['’]aiuto|la\ risposta))?
  | (?:muito\ )?obrigad[oa](?:\ pel[oa]\ (?:ajuda|resposta))?
  | (?:heel\ erg\ |hartelijk\ )?bedankt(?:\ voor\ (?:uw|je|de)\ (?:hulp|antwoord|reactie))?
  | dank\ (?:u|je)(?:\ wel)? | dankjewel | dankuwel
  | dzięk(?:uję|uje|i)(?:\ (?:bardzo|za\ pomoc|za\ odpowiedź))*
  | (?:stort\ |tusen\ )?tack(?:\ (?:så\ mycket|för\ hjälpen|för\ svaret))?
  | ありがとう(?:ございます|ございました)? | (?:非常)?(?:谢谢|感谢|謝謝|感謝)(?:[您你]|了)?
"""
_BESIDE = r"""
    ok(?:ay)? | great | perfect | super | wonderful | excellent | awesome | brilliant
  | lovely | cool
  | hi | hello | hey | bye | goodbye
  | (?:that|it|this)\ (?:(?:really|has|all)\ )?(?:helped|worked|helps|works)(?:\ (?:me|a\ lot|now))*
  | (?:that|it|this)\ (?:was|is)\ (?:very\ |really\ |so\ )?(?:helpful|perfect|great)
  | (?:it|everything|all)\ (?:works|is\ (?:fine|good|well|clear|ok))(?:\ now)? | all\ (?:good|clear)
  | (?:i\ )?got\ it(?:\ now)? | you\ (?:are|'re)\ (?:great|the\ best)
  | have\ a\ (?:nice|good|great|lovely)\ (?:day|evening|week|weekend)
  | (?:kind|best|warm)\ (?:regards|wishes)
  | prima | hat\ geholfen | das\ hat\ (?:mir\ )?(?:sehr\ )?geholfen
  | schönen\ (?:tag|abend)(?:\ noch)?
  | parfait | bonne\ journée | perfecto | genial | perfetto | perfeito | top | fijne\ dag
"""
_NAME = r"\[name(?::[0-9a-f]+)?\]"
"""A name that was replaced: "Thanks, [NAME]!"."""
_BETWEEN = lazy(
    r"(?:[\s.,;:!¡…()\-–—'’\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F\u200D。，！、]"
    r"|(?:and|und|et|y|e)(?!\w))*+"
)
_SAID = lazy(rf"(?:(?P<thanks>{_THANKS})|{_BESIDE}|{_NAME})(?!\w)", re.VERBOSE)
_LONGEST = 200


def is_thanks(text: str) -> bool:
    """Whether a message is thanks alone, with what is said beside them: a name, that it helped.

    Piece by piece, so that the time grows with the length alone.
    """
    said = " ".join(text.split()).lower()
    if len(said) > _LONGEST:
        return False
    at, thanks = _end(said, 0), False
    while at < len(said):
        piece = _SAID.match(said, at)
        if piece is None:
            return False
        thanks = thanks or piece["thanks"] is not None
        at = _end(said, piece.end())
    return thanks


def _end(said: str, at: int) -> int:
    """Return where what stands between two pieces ends."""
    between = _BETWEEN.match(said, at)
    return between.end() if between else at
