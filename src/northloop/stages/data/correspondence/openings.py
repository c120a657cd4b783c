"""How agents begin: with thanks for the message, who they are, how they may help.

Told by closed lists of whole sentences, in the languages of the lexicon, piece by piece, so that
the time grows with the length alone. A sentence that says anything besides stays: "Thank you for
your patience, your refund was issued on 3 May".
"""

from __future__ import annotations

import re

from northloop.core.patterns import lazy
from northloop.stages.data.wording import either

_NAME = r"(?-i:(?:[A-ZÀ-ÞŁ-Ż](?:[\w&’'+-]|\.(?=\w))*|\{\{[^{}\n]{1,40}\}\}|\[[^\[\]\n]{1,40}\]))"
_SMALL = (
    r"(?:of|the|at|and|und|et|y|e|our|de|la|le|für|for|support|customer|service|care|team|desk"
    r"|help|technical|sales|client|kundenservice|kundendienst)"
)
_COMPANY = rf"(?:(?:{_SMALL} ){{0,3}}{_NAME}(?: (?:{_NAME}|{_SMALL})){{0,5}})"
_WHO = rf"(?:(?:(?:mr|mrs|ms|dr)\.? )?{_NAME}(?: {_NAME}){{0,2}}|[^\W\d_]+)"
_TODAY = (
    r"(?: (?:again|today|this (?:morning|afternoon|evening)|(?:to|with) us|(?:about|regarding|on)"
    r" this(?: matter| issue)?|(?:for|with) (?:assistance|help|support)|with (?:this|your)"
    r" (?:question|inquiry|enquiry|query|request|concern)|via (?:chat|e-?mail)|back))*"
)
_ADDRESS = rf"(?:us|me|our (?:\w+ ){{0,2}}team|{_COMPANY})"
_FIRST = r"(?:(?:first of all|firstly),? )?"
_THANK = (
    r"(?:(?:many |so many )?thanks(?: (?:a lot|so much|very much))?"
    r"|thank you(?: (?:so|very) much| kindly)?|(?:i|we) thank you)"
)
_THANKS = (
    # English
    rf"{_FIRST}{_THANK} for (?:your|the|this) (?:(?:kind|quick|prompt|recent|detailed|last) )?"
    rf"(?:message|e-?mail|mail|note|inquiry|enquiry|question|query|request|call|letter|reply"
    rf"|response){_TODAY}",
    rf"{_FIRST}{_THANK} for (?:contacting|reaching out|getting in touch|getting back|writing"
    rf"(?: in)?|messaging|e-?mailing|calling|chatting|asking)"
    rf"(?: (?:(?:to|with|in) )?{_ADDRESS})?{_TODAY}",
    rf"{_FIRST}{_THANK} for (?:trusting|choosing) (?:us|me){_TODAY}",
    rf"(?:(?:i am|i'm|we are|we're|so) )?(?:glad|happy|grateful)(?: that)? you (?:have )?"
    rf"(?:contacted|reached out|wrote|written)(?: to)?(?: {_ADDRESS})?{_TODAY}",
    rf"(?:i |we )?appreciate (?:you|your) (?:reaching out|contacting|writing)(?: to)?"
    rf"(?: {_ADDRESS})?{_TODAY}",
    # German
    r"(?:(?:vielen|herzlichen|besten|lieben|schönen) dank|danke(?: schön| sehr| vielmals)?)"
    r"(?: dir| ihnen| euch)? für (?:ihre|deine|eure|die|ihr|dein|euer|das|den|ihren|deinen)"
    r"(?: (?:freundlich|nett|lieb|schnell|rasch|erneut|letzt)e[nrs]?)? (?:nachricht|anfrage|e-?mail"
    r"|mail|schreiben|frage|rückmeldung|antwort|mitteilung|kontaktaufnahme|kontaktanfrage|anruf"
    r"|zuschrift|brief)",
    r"(?:vielen|herzlichen|besten|lieben) dank,? dass (?:sie|du|ihr) (?:sich |dich |euch )?"
    r"(?:an uns |bei uns |an mich )?(?:uns )?(?:gewandt|kontaktiert|geschrieben|angeschrieben"
    r"|gemeldet|gewendet) (?:haben|hast|habt)",
    r"(?:wir danken|ich danke) (?:ihnen|dir|euch) (?:herzlich |sehr )?für (?:ihre|deine|eure|die"
    r"|ihr|das) (?:nachricht|anfrage|e-?mail|mail|schreiben|frage|rückmeldung|kontaktaufnahme)",
    r"schön, dass (?:sie sich melden|du dich meldest|sie uns schreiben|du uns schreibst)",
    # French
    r"(?:(?:un grand )?merci(?: beaucoup| bien| infiniment)?"
    r"|(?:nous|je) (?:vous|te) remerci(?:ons|e)) (?:de|pour) (?:votre|ton|ta|ce) "
    r"(?:message|mail|e-?mail|courriel|demande|question|retour|réponse|appel|lettre|courrier"
    r"|prise de contact|sollicitation)",
    r"(?:(?:un grand )?merci(?: beaucoup| bien| infiniment)?"
    r"|(?:nous|je) (?:vous|te) remerci(?:ons|e)) (?:de |d['’]|pour )"
    r"(?:(?:nous|m['’]) ?)?(?:avoir )?(?:contactée?s?|contacter|écrire|écrit|pris contact"
    rf"|prendre contact|sollicitée?s?)(?: avec)?(?: {_ADDRESS}| nous)?",
    # Spanish
    r"(?:(?:muchas|muchísimas|mil) )?gracias por (?:su|tu|el|vuestro|vuestra) (?:mensaje"
    r"|correo(?: electrónico)?|e-?mail|consulta|pregunta|respuesta|llamada|solicitud|comunicación"
    r"|contacto)",
    r"(?:(?:muchas|muchísimas|mil) )?gracias por (?:haber(?:nos|te|se)? )?"
    r"(?:contactar(?:nos|te|se)?|escribir(?:nos)?|comunicar(?:te|se)|poner(?:te|se) en contacto"
    r"|contactado|escrito)"
    rf"(?: (?:con|a) (?:nosotros|{_COMPANY}))?",
    r"(?:le |te )?agradecemos (?:su|tu) (?:mensaje|consulta|correo|contacto)",
    # Italian
    r"(?:(?:molte |tante )?grazie(?: mille| tante)?|(?:la|ti|vi) (?:ringrazio|ringraziamo)) "
    r"(?:per (?:(?:il|la) |l['’] ?)?|del(?:la)? )(?:(?:suo|sua|tuo|tua|vostro|vostra) )?"
    r"(?:messaggio|e-?mail|mail|richiesta|domanda|segnalazione|risposta|chiamata)",
    r"(?:(?:molte |tante )?grazie(?: mille| tante)?|(?:la|ti|vi) (?:ringrazio|ringraziamo)) per "
    rf"(?:aver(?:ci|mi) (?:contattat[oaie]|scritto)|contattarci|aver contattato {_COMPANY})",
    # Portuguese
    r"(?:muito )?obrigad[oa] (?:por|pel[oa]) (?:a |o )?(?:(?:sua|seu|tua|teu) )?(?:mensagem|e-?mail"
    r"|contac?to|pergunta|solicitação|resposta|dúvida|consulta)",
    r"(?:muito )?obrigad[oa] por (?:ter )?(?:nos )?(?:entra(?:r|do) em contac?to|contac?tar"
    rf"|contac?tado|escrever|escrito)(?: conn?osco|-nos| (?:com|a) (?:a gente|nós|{_COMPANY}))?",
    r"agradecemos (?:o |a )?(?:seu|sua|teu|tua) (?:contac?to|mensagem|e-?mail)",
    # Dutch
    r"(?:(?:hartelijk |heel erg )?bedankt|(?:hartelijk )?dank(?: ?(?:u|je)(?: ?wel)?)?) voor "
    r"(?:uw|je|jouw|het|de|dit) (?:bericht|berichtje|e-?mail|mail|mailtje|vraag|aanvraag|reactie"
    r"|antwoord|contact|telefoontje)",
    r"(?:hartelijk |heel erg )?bedankt voor het (?:contact opnemen|contacteren)"
    rf"(?: met (?:ons|{_COMPANY}))?",
    rf"(?:hartelijk |heel erg )?(?:bedankt|dank) dat (?:u|je) (?:contact )?"
    rf"(?:(?:met )?(?:ons|{_COMPANY}) )?(?:(?:hebt|heeft|heb) )?"
    r"(?:opneemt|opgenomen|gemaild|geschreven|benaderd)(?: (?:hebt|heeft))?",
    # Polish
    r"(?:bardzo |serdecznie )?(?:dziękujemy|dziękuję|dzięki) (?:bardzo |serdecznie )?za "
    r"(?:(?:twoj[ąe]|pan[ai]|państwa|pańską|przesłaną) )?(?:wiadomość|kontakt|zapytanie|zgłoszenie"
    rf"|e-?mail|maila|pytanie|skontaktowanie się|odpowiedź)(?: z (?:nami|{_COMPANY}))?",
    # Swedish
    r"(?:stort |varmt |många )?tack(?:ar)?(?: så mycket)? för (?:ditt|din|er|ert|dina) "
    r"(?:meddelande|mejl|mail|e-post|fråga|förfrågan|svar|brev)",
    r"(?:stort |varmt |många )?tack(?:ar)?(?: så mycket)? för (?:kontakten|att (?:du|ni) (?:har )?"
    r"(?:kontakta(?:r|de|t)|skriver|skrev|skrivit|hör av (?:dig|er)|hörde av (?:dig|er)"
    rf"|hört av (?:dig|er))(?: till)?(?: oss| {_COMPANY})?)",
    # Japanese and Chinese
    r"(?:この度は|このたびは|いつも)?、?(?:[^\s、。]{1,16}への?)?(?:お問い?合わせ|お問合せ|ご連絡|ご質問|ご返信|お便り"
    r"|メール|メッセージ)(?:を|の)?(?:いただき|頂き|くださり|下さり)?(?:まして)?、?(?:誠に|大変|どうも)?"
    r"(?:ありがとうござい|有難うござい|有り難うござい)(?:ます|ました)",
    r"(?:非常|十分)?(?:感谢|謝謝|谢谢|感謝|多谢)[您你]?的?(?:来信|來信|来电|來電|咨询|諮詢|联系|聯繫|联络|留言|邮件|郵件"
    r"|消息|信息|讯息|询问|詢問|提问|提問|来函)(?:我们|我們|[^\s，。！,]{1,10}客服)?",
)
"""Thanks for having written, as whole sentences."""
_SELF = (
    rf"my name is {_WHO}(?: and (?:i'll|i’ll|i will) be (?:assisting|helping) you)?(?: today)?",
    r"(?:i will|i'll) be (?:assisting|helping) you(?: today)?",
    rf"(?:(?:i am|i'm) {_NAME} (?:from|with|at)|this is {_NAME} from) {_COMPANY}",
    rf"welcome to {_COMPANY}",
    rf"(?:you are|you're) (?:now )?(?:chatting|speaking) (?:with|to) {_WHO}",
    rf"(?:mein name ist|ich heiße) {_WHO}",
    rf"willkommen (?:bei|im|beim) {_COMPANY}",
    rf"(?:je m['’]appelle|mon nom est) {_WHO}",
    rf"bienvenue (?:chez|sur|à|au) {_COMPANY}",
    rf"(?:mi nombre es|me llamo) {_WHO}",
    rf"bienvenid[oa]s? a {_COMPANY}",
    rf"(?:mi chiamo|il mio nome è) {_WHO}",
    rf"benvenut[oaie] (?:da|su|in|al) {_COMPANY}",
    rf"(?:(?:o )?meu nome é|chamo-me|me chamo) {_WHO}",
    rf"bem-vind[oa]s? (?:à|ao|a) {_COMPANY}",
    rf"(?:mijn naam is|ik heet) {_WHO}",
    rf"welkom bij {_COMPANY}",
    rf"(?:mam na imię|nazywam się) {_WHO}",
    rf"witamy w {_COMPANY}",
    rf"(?:jag heter|mitt namn är) {_WHO}",
    rf"välkommen till {_COMPANY}",
    r"(?:担当の|私は)?[^\s、。はをが]{1,10}と申します",
    r"私、?(?!ども|共|たち|達)[^\s、。はをがの]{0,10}がご?(?:対応|担当)(?:いた|致)します",
    r"我是客服(?:专员|專員|人员|人員)?(?:小[^\W\d_]|\d{1,6}号?)",
)
"""Who writes. What may as well be the answer is not among them: `The maker attends to it`, `You are
connected to Guest`, `This is Free with Plus`."""
_MAY_HELP = (
    r"(?:so,? )?how (?:can|may|could) i (?:help|assist|be of (?:help|service|assistance))(?: you)?"
    r"(?: out)?(?: today| this \w+)?",
    r"what can i (?:do for|help) you(?: with)?(?: today)?",
    r"(?:i am|i'm|i would be|i'd be|i will be|i'll be) (?:more than )?(?:happy|glad|here) to "
    r"(?:help|assist)(?: you)?(?: today)?",
    r"(?:wie|womit|wobei) (?:kann|darf) ich (?:ihnen|dir|euch)(?: heute)? "
    r"(?:(?:weiter)?helfen|behilflich sein)",
    r"was (?:kann|darf) ich (?:heute )?für (?:sie|dich|euch) tun",
    r"(?:comment|en quoi) (?:puis[- ]je|peut-on) (?:vous |t['’]|te )(?:aider|être utile)"
    r"(?: aujourd['’]hui)?",
    r"que puis-je faire pour (?:vous|toi)(?: aujourd['’]hui)?",
    r"(?:en qué|cómo) (?:le |te |les )?(?:puedo|podemos) (?:ayudar(?:le|te|los|la|lo)?|servirle)"
    r"(?: (?:hoy|el día de hoy))?",
    r"(?:come|in cosa|in che modo) (?:posso|possiamo) (?:aiutar(?:la|ti|vi)|esser(?:le|ti) "
    r"(?:utile|d['’]aiuto))(?: oggi)?",
    r"(?:como|em que) (?:posso|podemos) (?:te |lhe |o |a )?(?:ajudar|ajudá-l[oa]s?|ser útil)"
    r"(?: hoje)?",
    r"(?:waarmee|hoe|waar) kan ik (?:u|je)(?: vandaag)?(?: mee)? (?:van dienst zijn|helpen)",
    r"(?:w czym|jak) (?:mogę|możemy) (?:(?:panu|pani|państwu|ci) )?(?:dziś )?pomóc",
    r"(?:hur|vad) kan jag (?:hjälpa (?:dig|er|till)|stå till tjänst|göra för (?:dig|er))(?: med)?"
    r"(?: idag| i dag)?",
    r"(?:本日は)?(?:どのような|どういった)ご(?:用件|質問|相談)でしょうか|ご用件を?(?:お伺い|お聞かせ)[^。]{0,8}",
    r"(?:请问)?您?有什么(?:可以|能)(?:够)?(?:帮(?:到|助|您|你)?|为)[您你]?(?:的|服务的|效劳的)?(?:吗|呢)?",
)
"""How they may help."""
_HELLO = (
    r"(?:hi|hello|hey|hiya|welcome|greetings|good (?:day|morning|afternoon|evening))(?: there)?",
    r"hallo|guten (?:tag|morgen|abend)|moin|bonjour|bonsoir|hola|buen(?:os|as) (?:días|tardes"
    r"|noches)|ciao|buongiorno|salve|olá|bom dia|boa (?:tarde|noite)|hoi|goedendag"
    r"|goede(?:morgen|middag)|dzień dobry|cześć|hej|god (?:morgon|dag)|您好|你好|こんにちは",
)
_ANSWER = (
    r"(?:yes|no|yep|nope|ok|okay|sure|sent|done|ja|nein|doch|oui|non|sí|si|sì|sim|não|nee|tak|nie|nej"
    r"|\w+ed)\b"
)
_CALLED = rf"(?:,? (?:dear )?(?!{_ANSWER}){_NAME}(?: {_NAME}){{0,2}})?"
_END = r"(?:\s*[.!…]+[\"'”’)]*(?=\s|\Z)|\s*[。！~～]|[，](?=\S)|\s*(?=\n|\Z))"
_SMILEYS = r"(?:[^\S\n]*(?:[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]+|[:;]-?[)D](?=\s|\Z)))*"
_OPENS = either("|".join((*_THANKS, *_SELF)))
_OPENING = lazy(rf"{_OPENS}{_CALLED}{_END}{_SMILEYS}\s*", re.I)
_HELPS = either("|".join(_MAY_HELP))
_PIECE = lazy(rf"(?:(?P<opens>{_OPENS}|{_HELPS})|{either('|'.join(_HELLO))}){_CALLED}(?!\w)", re.I)
_BETWEEN = lazy(
    r"(?:[\s.,;:!?¡¿…()\-–—。，！？、~～\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]"
    r"|(?:and|und|et|y|e|och|en(?!\s(?:qué|quoi)))(?=\s))*+"
)
MOST_CHARS = 300
"""So long an opening is at most, and what is nothing else."""
_MOST_OPENINGS = 3


def without_opening(text: str) -> str:
    """Return an agent's reply without the sentences of form that it opens with.

    The reply comes back whole if it would be nothing without them.
    """
    rest = text
    for _ in range(_MOST_OPENINGS):
        found = _OPENING.match(rest)
        if found is None or found.end() > MOST_CHARS:
            break
        rest = rest[found.end() :]
    return rest if any(c.isalnum() for c in rest) else text


def only_opens(text: str) -> bool:
    """Whether an agent's message greets, says who writes and asks how to help, and nothing else."""
    said = text.strip()
    if not said or len(said) > MOST_CHARS:
        return False
    at, opens = _after(said, 0), False
    while at < len(said):
        piece = _PIECE.match(said, at)
        if piece is None:
            return False
        opens = opens or piece["opens"] is not None
        at = _after(said, piece.end())
    return opens


def _after(said: str, at: int) -> int:
    between = _BETWEEN.match(said, at)
    return between.end() if between else at
