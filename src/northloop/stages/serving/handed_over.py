"""What a customer is told when a person takes over, in the language that they write.

All that they read: why, where that is of use to them, and that somebody will reply; nothing of what
did not pass the check. Who writes in another language than these is told in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from northloop.core.interaction import HandoffReason
from northloop.core.scripts import is_unspaced


class _Words(NamedTuple):
    """One language's: the sentence of most hand-offs, what stands before it by the reason, and two
    that say it otherwise."""

    passed_on: str
    asked_for_human: str
    taken_over: str
    nothing_retrieved: str
    not_confident: str
    not_grounded: str
    too_long: str
    rejected: str
    outdated: str
    unavailable: str


_LANGUAGES: Mapping[str, _Words] = MappingProxyType(
    {
        "English": _Words(
            "I'm passing your question to a colleague, who will reply to you here.",
            "Of course: I'm passing you to a colleague, who will see this conversation and reply "
            "to you here.",
            "A colleague is looking after this conversation, and will reply to you here.",
            "I could not find this in our documents.",
            "I'm not certain enough to answer this myself.",
            "I could not confirm an answer to this in our documents.",
            "This is more than I can read at once.",
            "I don't have a good answer to this yet.",
            "Our information on this has changed since I answered.",
            "I can't look into this right now.",
        ),
        "German": _Words(
            "Ich gebe Ihre Frage an eine Kollegin oder einen Kollegen weiter; die Antwort bekommen "
            "Sie hier.",
            "Gern: Ich gebe Sie an eine Kollegin oder einen Kollegen weiter. Dort ist dieses "
            "Gespräch zu sehen, und die Antwort bekommen Sie hier.",
            "Um dieses Gespräch kümmert sich eine Kollegin oder ein Kollege; die Antwort bekommen "
            "Sie hier.",
            "In unseren Unterlagen habe ich dazu nichts gefunden.",
            "Ich bin mir nicht sicher genug, um das selbst zu beantworten.",
            "Ich konnte in unseren Unterlagen keine Antwort darauf bestätigen.",
            "Das ist mehr, als ich auf einmal lesen kann.",
            "Darauf habe ich noch keine gute Antwort.",
            "Unsere Angaben dazu haben sich geändert, seit ich geantwortet habe.",
            "Das kann ich gerade nicht nachsehen.",
        ),
        "French": _Words(
            "Je transmets votre question à un collègue, qui vous répondra ici.",
            "Bien sûr : je vous mets en relation avec un collègue, qui verra cette conversation et "
            "vous répondra ici.",
            "Un collègue s'occupe de cette conversation et vous répondra ici.",
            "Je n'ai rien trouvé à ce sujet dans nos documents.",
            "Je n'en suis pas assez sûr pour répondre moi-même.",
            "Je n'ai pas pu confirmer de réponse dans nos documents.",
            "C'est plus que je ne peux lire en une fois.",
            "Je n'ai pas encore de bonne réponse à cela.",
            "Nos informations à ce sujet ont changé depuis ma réponse.",
            "Je ne peux pas vérifier cela pour le moment.",
        ),
        "Spanish": _Words(
            "Paso su pregunta a un compañero, que le responderá aquí.",
            "Por supuesto: le paso con un compañero, que verá esta conversación y le responderá "
            "aquí.",
            "Un compañero se ocupa de esta conversación y le responderá aquí.",
            "No he encontrado nada sobre esto en nuestros documentos.",
            "No estoy lo bastante seguro para responder yo mismo.",
            "No he podido confirmar una respuesta en nuestros documentos.",
            "Es más de lo que puedo leer de una vez.",
            "Todavía no tengo una buena respuesta a esto.",
            "Nuestra información sobre esto ha cambiado desde que respondí.",
            "Ahora mismo no puedo consultarlo.",
        ),
        "Italian": _Words(
            "Passo la Sua domanda a un collega, che Le risponderà qui.",
            "Certo: La passo a un collega, che vedrà questa conversazione e Le risponderà qui.",
            "Un collega si occupa di questa conversazione e Le risponderà qui.",
            "Non ho trovato nulla al riguardo nei nostri documenti.",
            "Non sono abbastanza sicuro per rispondere da solo.",
            "Non ho potuto confermare una risposta nei nostri documenti.",
            "È più di quanto riesca a leggere in una volta.",
            "Non ho ancora una buona risposta a questo.",
            "Le nostre informazioni al riguardo sono cambiate da quando ho risposto.",
            "In questo momento non riesco a verificarlo.",
        ),
        "Portuguese": _Words(
            "Vou passar a sua pergunta a um colega, que lhe responderá aqui.",
            "Claro: vou passar esta conversa a um colega, que a verá e lhe responderá aqui.",
            "Um colega está a tratar desta conversa e lhe responderá aqui.",
            "Não encontrei nada sobre isto nos nossos documentos.",
            "Não tenho certeza suficiente para responder por mim.",
            "Não consegui confirmar uma resposta nos nossos documentos.",
            "É mais do que consigo ler de uma vez.",
            "Ainda não tenho uma boa resposta para isto.",
            "As nossas informações sobre isto mudaram desde que respondi.",
            "Neste momento não consigo verificar isto.",
        ),
        "Dutch": _Words(
            "Ik geef uw vraag door aan een collega, die u hier antwoordt.",
            "Natuurlijk: ik verbind u door met een collega, die dit gesprek ziet en u hier "
            "antwoordt.",
            "Een collega zorgt voor dit gesprek en antwoordt u hier.",
            "Ik heb hierover niets gevonden in onze documenten.",
            "Ik ben niet zeker genoeg om dit zelf te beantwoorden.",
            "Ik kon in onze documenten geen antwoord hierop bevestigen.",
            "Dit is meer dan ik in één keer kan lezen.",
            "Ik heb hier nog geen goed antwoord op.",
            "Onze informatie hierover is veranderd sinds ik antwoordde.",
            "Ik kan dit op dit moment niet nakijken.",
        ),
        "Polish": _Words(
            "Przekazuję Państwa pytanie osobie z naszego zespołu; odpowiedź otrzymają Państwo "
            "tutaj.",
            "Oczywiście: przekazuję tę rozmowę osobie z naszego zespołu; odpowiedź otrzymają "
            "Państwo tutaj.",
            "Tą rozmową zajmuje się osoba z naszego zespołu; odpowiedź otrzymają Państwo tutaj.",
            "Nie udało mi się znaleźć nic na ten temat w naszych dokumentach.",
            "Nie mam wystarczającej pewności, żeby odpowiedzieć na to samodzielnie.",
            "Nie udało mi się potwierdzić odpowiedzi w naszych dokumentach.",
            "To więcej, niż mogę przeczytać naraz.",
            "Nie mam jeszcze na to dobrej odpowiedzi.",
            "Nasze informacje na ten temat zmieniły się od czasu mojej odpowiedzi.",
            "W tej chwili nie mogę tego sprawdzić.",
        ),
        "Swedish": _Words(
            "Jag lämnar din fråga vidare till en kollega, som svarar dig här.",
            "Självklart: jag lämnar över till en kollega, som ser det här samtalet och svarar dig "
            "här.",
            "En kollega tar hand om det här samtalet och svarar dig här.",
            "Jag hittade inget om det här i våra dokument.",
            "Jag är inte säker nog för att svara på det själv.",
            "Jag kunde inte bekräfta något svar på det i våra dokument.",
            "Det är mer än jag kan läsa på en gång.",
            "Jag har inget bra svar på det ännu.",
            "Våra uppgifter om det här har ändrats sedan jag svarade.",
            "Jag kan inte slå upp det just nu.",
        ),
        "Japanese": _Words(
            "ご質問を担当者に引き継ぎます。こちらでお返事いたします。",
            "かしこまりました。担当者に引き継ぎます。この会話を確認のうえ、こちらでお返事いたします。",
            "この会話は担当者が対応しております。こちらでお返事いたします。",
            "この件については、資料の中に見つかりませんでした。",
            "この件については、確実なお答えができません。",
            "この件については、資料で答えを確認できませんでした。",
            "一度に読める長さを超えています。",
            "この件については、まだ適切なお答えがありません。",
            "お答えした後に、この件の情報が変わりました。",
            "ただいま確認することができません。",
        ),
        "Chinese": _Words(
            "我会把您的问题转给同事，他们会在这里回复您。",
            "好的，我为您转接同事，他们会看到这段对话并在这里回复您。",
            "同事正在处理这段对话，会在这里回复您。",
            "我在我们的资料中没有找到相关内容。",
            "我没有足够的把握自己回答这个问题。",
            "我无法在我们的资料中确认答案。",
            "内容太长，我无法一次读完。",
            "对此我还没有好的答案。",
            "在我回答之后，我们的相关信息有了变化。",
            "我现在无法查询。",
        ),
    }
)
LANGUAGES = (*_LANGUAGES,)
"""As `stages.data.languages` names them."""
_NOTHING: Mapping[str, str] = MappingProxyType({})
_WHOLE = (HandoffReason.ASKED_FOR_HUMAN, HandoffReason.TAKEN_OVER)
_UNEXPLAINED = (HandoffReason.NOT_CERTIFIED, HandoffReason.HELD_OUT)


def told(reason: HandoffReason, language: str = "", own: Mapping[str, str] = _NOTHING) -> str:
    """Return what a customer who writes in a language (its name in English) is told, for a reason;
    in English where the language is not known, or none of these.

    `own` has a team's own words by language, of one that is none of these too: they stand where it
    is said that a person replies, behind the reason where there is one to be told.
    """
    if language not in _LANGUAGES:
        if language in own:
            return own[language]
        language = "English"
    words = _LANGUAGES[language]
    passed_on = own.get(language, words.passed_on)
    if reason in _UNEXPLAINED or (reason in _WHOLE and language in own):
        return passed_on
    said: str = getattr(words, reason.value)
    if reason in _WHOLE:
        return said
    return f"{said}{'' if is_unspaced(said) else ' '}{passed_on}"
