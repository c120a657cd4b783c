"""Texts that help desks send by themselves: receipts, out-of-office replies, survey invitations,
that a case was merged into another.

An export often signs them with an agent's name. They answer nothing, whoever sent them: one is
told by saying that a message came in *and* that an answer follows, by calling itself automatic, by
inviting to rate, by telling that somebody is away; and by hardly more than that. What it quotes
says nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.core.patterns import lazy
from northloop.stages.data import correspondence
from northloop.stages.data.wording import any_of

MOST_CHARS = 1_500
MOST_MORE = 2
"""So many sentences may say something else: where help is found, when somebody is there. Beside an
invitation to rate none may.
"""
_CUES = (
    "receiv", "got your", "survey", "rate ", "automa", "out of ", "how did we", "on leave",
    "logged", "erhalten", "eingegangen", "umfrage", "bewert", "abwesen", "außer haus", "nicht im",
    "im urlaub", "reçu", "enquête", "évalu", "absen", "recibi", "encuesta", "valor",
    "ausente", "fuera de", "ricevut", "sondaggio", "valut", "assente", "recebe", "pesquisa",
    "avali", "ontvangen", "tevreden", "beoord", "afwezig", "otrzyma", "ankiet", "oceń", "nieobecn",
    "mottag", "kundund", "betyg", "frånvar", "受け付け", "受付", "自動", "アンケート", "不在",
    "評価", "收到", "自动", "评价", "满意度", "merged", "zusammengef", "fusion", "combinad", "unit",
    "mesclad", "samengevoegd", "połączon", "sammanfog", "統合", "合并",
)  # fmt: skip
"""Nearly every such text holds one of these."""
_CAME_IN = lazy(
    any_of(
        r"""
        (?:received|got|logged|registered|created) (?:your|the|an?|this) (?:\w+ ){0,3}(?:request
        |message|e-?mail|inquiry|enquiry|query|ticket|question|case|note)
        |your (?:\w+ ){0,3}(?:request|message|e-?mail|inquiry|enquiry|query|ticket|question|case)
        (?: \S+){0,4} (?:has been|was|is) (?:successfully )?(?:received|logged|created|registered
        |submitted)
        |(?:ihre|deine|eure) (?:\w+ ){0,2}(?:anfrage|nachricht|e-?mail|mail|ticket|frage)
        (?: \S+){0,8} (?:erhalten|eingegangen|empfangen|registriert)
        |(?:avons|ai) bien reçu (?:votre|ton) (?:\w+ ){0,2}(?:demande|message|e-?mail|courriel
        |mail|question)
        |votre (?:demande|message|e-?mail|courriel)(?: \S+){0,3} a (?:bien )?été (?:reçue?
        |enregistrée?)
        |hemos recibido (?:su|tu) (?:consulta|mensaje|solicitud|correo|petición|pregunta)
        |(?:su|tu) (?:consulta|mensaje|solicitud)(?: \S+){0,3} ha sido (?:recibid[oa]|registrad[oa])
        |abbiamo ricevuto (?:la (?:sua|tua|vostra) )?(?:\w+ )?(?:richiesta|messaggio|e-?mail
        |domanda|segnalazione)
        |recebemos (?:a\s|o )?(?:su?a|te?u?a?) ?(?:\w+ )?(?:mensagem|solicitação|pedido|e-?mail
        |pergunta|contato)
        |recebemos (?:a|o) (?:sua|seu|tua|teu) \w+
        |(?:uw|je|jouw) (?:vraag|bericht|e-?mail|verzoek|aanvraag)(?: \S+){0,3} (?:is\s|hebben we
        |hebben wij )?(?:goed )?ontvangen
        |(?:otrzymaliśmy|dostaliśmy) (?:twoj[aą]|twoje|pańsk\w+|państwa) (?:wiadomość|zgłoszenie
        |zapytanie|e-?mail)
        |(?:mottagit|fått) (?:ditt|din|er|ert) (?:meddelande|fråga|ärende|mejl|förfrågan)
        |お問い合わせ(?:内容)?を?(?:受け付け|受付|承り)|メールを受信(?:いた)?しました
        |(?:已经?收到|收到了)您?的?(?:消息|邮件|请求|咨询|问题|工单)
        """
    ),
    re.I,
)
_FOLLOWS = lazy(
    any_of(
        r"""
        (?:will|shall|'ll|’ll|to) (?:\w+ ){0,4}(?:get back|be in touch|respond|reply|answer
        |contact you|review (?:it|your))|getting back to you|being (?:reviewed|looked at)
        |melden uns|\bwir melden|(?:antworten|bearbeiten) (?:ihnen|dir|wir|sie|ihre)
        |(?:beantwortet|bearbeitet)\b
        |(?:reviendrons|revenons) vers|répond(?:rons|ra)|recontacter|traiter (?:votre|ta)
        |responder(?:emos|á)|pondremos en contacto|contactaremos
        |risponder(?:emo|à)|ricontatter|contatteremo
        |entraremos em contato|retornaremos
        |(?:nemen|neem) (?:we|wij|ik)? ?(?:zo|binnen|contact)
        |(?:reageren|antwoorden) (?:we|wij|zo|binnen)
        |odpowiemy|skontaktujemy się|(?:vi )?återkommer|svarar (?:dig|er|så)
        |(?:担当者?|後ほど|追って|順次).{0,16}(?:ご?連絡|返信|回答)
        |(?:尽快|儘快|稍后|小时内|工作日内).{0,10}(?:回复|回覆|联系|答复|处理)
        """
    ),
    re.I,
)
_SAYS_SO = lazy(
    any_of(
        r"""
        (?:this|it) is an? (?:automat(?:ed|ic)|auto-?generated) (?:\w+ )?(?:message|reply|response
        |e-?mail|confirmation|notification)
        |this (?:message|e-?mail) (?:was|is|has been) (?:sent\s|generated )?automatically
        |(?:diese|das) (?:\w+ )?(?:nachricht|e-?mail|mail|antwort) (?:wurde|ist) (?:eine )?automati
        |dies ist eine automati|automatische (?:antwort|eingangsbestätigung|abwesenheitsnotiz)
        |(?:ceci est|il s'agit d')\s?une? (?:message|réponse|e-?mail|courriel) automatique
        |(?:este|esto) es un (?:mensaje|correo|respuesta) automátic
        |(?:questo è|questa è) una? (?:messaggio|risposta|e-?mail) automatic
        |esta é uma (?:mensagem|resposta) automática
        |dit is een automatisch|to jest automatyczn|wygenerowana automatycznie
        |detta är ett automatiskt|このメール(?:は|アドレスは).{0,12}自動|自動(?:送信|返信|応答)
        |(?:此|这|本)(?:邮件|消息|信息)?(?:是|为|由系统)自动(?:回复|发送|生成)|系统自动(?:回复|发送)
        """
    ),
    re.I,
)
_RATE = lazy(
    any_of(
        r"""
        how (?:would|do|did) you rate|(?:please )?rate (?:the|our|your) (?:support|service|help
        |conversation|experience|chat)|(?:take|complete|answer|fill (?:in|out)) (?:our|this|a|the)
        (?:\S+ ){0,4}survey|how did we do|satisfaction survey
        |(?:kundenumfrage|zufriedenheitsumfrage|kurzen? umfrage)|bewerten sie (?:unseren?|den|die)
        |wie (?:zufrieden (?:waren|sind) sie|bewerten sie|würden sie)
        |enquête de satisfaction|(?:évaluez|notez) (?:notre|votre)|comment évalu
        |encuesta de satisfacción|(?:valore|valora|califique|califica) (?:nuestr|su|tu|la|el)
        |cómo (?:valora|califica)|sondaggio (?:di|sulla) soddisfazione|valut[ai] (?:il|la|nostro)
        |come valut|pesquisa de satisfação|avalie (?:o|a|nosso)|como (?:você )?avali
        |tevredenheidsonderzoek|beoordeel (?:ons|onze|uw|je)|hoe beoordeel
        |ankiet\w+ (?:satysfakcji|zadowolenia)|oceń (?:nas|naszą|rozmowę|obsługę)
        |kundundersökning|betygsätt|hur nöjd (?:är|var)
        |アンケートに(?:ご協力|お答え|ご回答)|(?:対応|サポート)を評価|(?:满意度|服务)(?:调查|评价|問卷|问卷)
        |请(?:您)?(?:对|为)(?:本次|我们的?)服务
        """
    ),
    re.I,
)
_AWAY = lazy(
    any_of(
        r"""
        (?:i am|i'm|i’m|i will be) (?:currently\s|now )?(?:out of (?:the )?office|on (?:annual\s|
        parental\s|sick )?(?:leave|vacation|holiday)|away from (?:the office|my desk))
        |^out of office|bin (?:ich )?(?:derzeit\s|zurzeit\s|momentan\s|vom \S+ bis \S+ )?(?:
        nicht im büro|nicht im haus|außer haus|abwesend|im urlaub)
        |suis (?:actuellement )?(?:absente?|en congés?|en vacances)
        |(?:estoy|me encuentro|estaré) (?:actualmente )?(?:fuera de la oficina|de vacaciones
        |ausente)
        |sono (?:attualmente )?(?:fuori ufficio|assente|in ferie|in vacanza)
        |estou (?:atualmente )?(?:ausente|de férias|fora do escritório)
        |ben (?:ik )?(?:momenteel\s|nu )?(?:afwezig|met vakantie|op vakantie|niet op kantoor)
        |jestem (?:obecnie )?(?:nieobecn|na urlopie|poza biurem)
        |är (?:för närvarande )?(?:frånvarande|på semester|inte på kontoret)
        |不在にして(?:おり|い)ます|(?:目前|正在)(?:休假|外出)
        """
    ),
    re.I | re.M,
)
_MERGED = lazy(
    any_of(
        r"""
        (?:this|your|the) (?:request|ticket|case|conversation|issue) (?:was|is|has been) (?:now
        |closed and )?merged (?:into|with|to)[ ]
        (?:(?:the|this|your|another|our) )?(?:other |earlier )?
        (?:request|ticket|case|conversation|issue|\W{0,2}\d)
        |dies(?:e|es|er) (?:anfrage|ticket|fall|vorgang) wurde (?:\S+ ){1,12}zusammengef(?:ühr|üg)t
        |cette demande a été (?:fermée et )?fusionnée (?:dans|avec)
        |esta solicitud (?:se ha|ha sido|fue) (?:cerrad[oa] y )?(?:combinad|fusionad)[oa]
        |questa richiesta è stata (?:chiusa e )?(?:unita|accorpata)
        |esta solicitação foi (?:fechada e )?(?:mesclada|combinada)
        |dit verzoek is (?:\S+ ){0,8}samengevoegd
        |to zgłoszenie zostało (?:zamknięte i )?połączone
        |(?:den här|denna) (?:begäran|förfrågan) (?:\S+ ){1,4}sammanfogats
        |この(?:リクエスト|チケット)は.{0,40}統合されました|[此该](?:请求|工单)已(?:关闭并)?合并
        """
    ),
    re.I,
)
_QUOTED = lazy('["“„«(].*["”“»)]')
_GOES_ON = lazy("[,;:–—、，；：]")
_SENTENCE = lazy(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_OF_SURVEYS = lazy(
    any_of(
        r"""
        feedback|\bminutes?\b|your opinion|help us|umfrage|\bminuten?\b|ihre meinung|votre avis
        |su opinión|tu opinión|la tua opinione|sua opinião|uw mening|twoj\w+ opini|din åsikt
        |chat has ended|アンケート|ご意見|反馈
        """
    ),
    re.I,
)
_TRIFLE = lazy(
    any_of(
        r"""
        thank|thanks|dear|hello|hi\b|kind regards|best regards|regards|your .{0,30} team|sincerely
        |vielen dank|danke|guten tag|hallo|mit freundlichen|viele grüße|ihr .{0,30}team|sehr geehrte
        |merci|bonjour|cordialement|gracias|hola|saludos|grazie|salve|cordiali|obrigad|olá
        |atenciosamente|bedankt|dank|met vriendelijke|dziękuj|pozdrawia|tack|hej|med vänlig
        |ありがとう|お世話|您好|感谢|谢谢|https?:|#?\d
        """
    ),
    re.I,
)


def is_automatic_text(text: str) -> bool:
    """Whether a message is one that a help desk sends by itself, and answers nothing."""
    if not any(cue in text.lower() for cue in _CUES):
        return False
    own = correspondence.without_quotes(correspondence.from_html(text)).strip() or text
    return _is_automatic(own, own.lower())


def _is_automatic(text: str, lowered: str) -> bool:
    if len(text) > MOST_CHARS or not any(cue in lowered for cue in _CUES):
        return False
    if _SAYS_SO.search(lowered):
        return True
    said = [" ".join(s.split()).strip(" -*>") for s in _SENTENCE.split(text)]
    said = [sentence for sentence in said if sentence]
    receipt = _is_receipt(said)
    rates, is_away = any(map(_RATE.search, said)), any(map(_AWAY.search, said))
    if not (rates or receipt or is_away or any(map(_tells_merging, said))):
        return False
    more = sum(not _is_of_it(sentence) for sentence in said)
    return more <= (MOST_MORE if receipt or (is_away and not rates) else 0)


def _tells_merging(sentence: str) -> bool:
    """Whether a sentence tells that a case was merged, and nothing else of it."""
    is_told = _MERGED.match(sentence) is not None
    return is_told and _GOES_ON.search(_QUOTED.sub("", sentence)) is None


def _is_receipt(said: Sequence[str]) -> bool:
    """Whether a sentence, or two that follow one another, say that a message came in and that an
    answer follows.
    """
    came = {place for place, sentence in enumerate(said) if _CAME_IN.search(sentence)}
    return any(
        came & {place - 1, place, place + 1}
        for place, sentence in enumerate(said if came else ())
        if _FOLLOWS.search(sentence)
    )


def _is_of_it(sentence: str) -> bool:
    telling = (_CAME_IN, _FOLLOWS, _RATE, _AWAY, _OF_SURVEYS)
    is_trifle = bool(_TRIFLE.match(sentence)) or _tells_merging(sentence)
    return is_trifle or any(p.search(sentence) for p in telling)
