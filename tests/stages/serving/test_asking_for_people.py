"""Phrases written for this test, in each of the languages that are heard."""

from __future__ import annotations

import pytest

from northloop.core.sieve import Sieve
from northloop.stages.serving.asking_for_people import LANGUAGES
from northloop.stages.serving.handoff import asked_for_human

ASKED = {
    "English": (
        "is anybody there? this bot keeps repeating itself, get me your team",
        "Could someone call me back about this?",
        "please give me a call back",
        "I'd rather discuss this with your staff",
        "escalate this please",
        "can I get hold of a colleague of yours",
        "let me talk to whoever is in charge",
        "stop giving me automated replies",
        "this machine does not understand me, I need someone who does",
        "I want to complain to your boss",
        "have one of your people ring me",
        "isn't there anyone human on your end?",
        "am I talking to a machine? I want a person",
        "hand me over to support staff",
        "get me out of this chatbot",
        "could you pass me on to one of your agents",
        "I would prefer dealing with an actual employee",
        "Please have somebody from your team phone me tomorrow",
        "I give up, where can I find a human",
        "can a real agent take over",
    ),
    "German": (
        "Ich möchte mit einem Menschen sprechen",
        "Kann ich bitte einen Mitarbeiter sprechen?",
        "Verbinden Sie mich mit dem Kundenservice",
        "Mensch bitte!",
        "Ich will keinen Bot",
        "Rufen Sie mich bitte zurück",
        "Gibt es bei euch auch echte Menschen?",
        "können Sie mich mit jemandem verbinden",
        "Ich würde das lieber mit einem Kollegen von Ihnen besprechen",
        "Gib mir einen richtigen Menschen",
        "ich will jetzt mit Ihrem Chef reden",
        "können Sie mich zu einem Berater durchstellen?",
        "Ich möchte telefonisch mit jemandem sprechen",
    ),
    "French": (
        "Je voudrais parler à un conseiller",
        "passez-moi quelqu'un svp",
        "un humain s'il vous plaît",
        "Je ne veux pas parler à un robot",
        "Pouvez-vous me mettre en relation avec une personne ?",
        "Rappelez-moi dès que possible",
        "est-ce que je peux avoir une vraie personne ?",
        "Je préfère discuter avec quelqu'un de chez vous",
        "y a-t-il un conseiller disponible pour me parler ?",
        "je souhaite être rappelé par un conseiller",
    ),
    "Spanish": (
        "Quiero hablar con una persona",
        "¿Me puede atender un agente humano?",
        "Páseme con su supervisor",
        "humano por favor",
        "no quiero hablar con un robot",
        "¿pueden llamarme? Llámenme por favor",
        "comuníqueme con alguien",
        "necesito que me atienda una persona de verdad",
        "¿puedo conversar con alguien del equipo?",
        "transfiérame a un agente",
    ),
    "Italian": (
        "Vorrei parlare con un operatore",
        "mi passi un responsabile",
        "operatore umano per favore",
        "Non voglio parlare con un robot",
        "richiamatemi per favore",
        "posso parlare con una persona vera?",
        "vorrei essere contattato da un addetto",
        "mi passa un operatore?",
        "basta con questo bot, voglio una persona",
    ),
    "Portuguese": (
        "Quero falar com um atendente",
        "me passa para uma pessoa",
        "humano, por favor",
        "não quero falar com robô",
        "podem me ligar? me liguem por favor",
        "preciso de atendimento humano",
        "gostaria de conversar com alguém da equipe",
        "transfira-me para um operador",
    ),
    "Dutch": (
        "Ik wil graag met een medewerker praten",
        "Kan ik iemand spreken?",
        "Verbind me door met de klantenservice",
        "een echt mens graag",
        "ik wil geen robot",
        "bel me terug",
        "mag ik een medewerker spreken alstublieft",
        "ik wil met een collega van jullie praten",
    ),
    "Polish": (
        "Chcę rozmawiać z człowiekiem",
        "Proszę połączyć mnie z konsultantem",
        "konsultant proszę",
        "nie chcę rozmawiać z botem",
        "oddzwońcie do mnie",
        "czy mogę porozmawiać z kimś z obsługi?",
        "proszę przełączyć mnie do konsultanta",
        "wolę pogadać z żywym człowiekiem",
    ),
    "Swedish": (
        "Jag vill prata med en människa",
        "koppla mig till kundtjänst",
        "kan ni ringa? Ring mig tack",
        "en riktig person tack",
        "kan jag få tala med någon på kundtjänst",
    ),
    "Danish and Norwegian": (
        "Jeg vil gerne tale med en medarbejder",
        "kan jeg snakke med et menneske?",
        "sett meg over til kundeservice",
        "Jeg vil snakke med noen",
        "kan jeg få kontakt med en person hos jer",
    ),
    "Finnish": (
        "Haluan puhua ihmisen kanssa",
        "yhdistä minut asiakaspalvelijalle",
        "en halua puhua botille",
    ),
    "Czech": (
        "Chci mluvit s člověkem",
        "přepojte mě na operátora",
        "operátor prosím",
    ),
    "Turkish": (
        "Müşteri temsilcisiyle görüşmek istiyorum",
        "beni bir insana bağlayın",
        "gerçek bir insanla konuşmak istiyorum",
        "canlı destek",
        "beni geri arayın",
        "bir yetkiliyle konuşabilir miyim",
        "operatöre bağlanmak istiyorum",
    ),
    "Russian": (
        "Хочу поговорить с оператором",
        "соедините меня с живым человеком",
        "оператор, пожалуйста",
        "не хочу общаться с ботом",
        "перезвоните мне",
        "Позовите менеджера",
        "переведите меня на оператора",
        "можно поговорить с кем-нибудь из поддержки?",
    ),
    "Ukrainian": (
        "Хочу поговорити з людиною",
        "з'єднайте мене з оператором",
        "покличте менеджера",
    ),
    "Indonesian": (
        "Saya mau bicara dengan orang",
        "sambungkan saya ke petugas",
    ),
    "Vietnamese": (
        "Tôi muốn nói chuyện với nhân viên",
        "cho tôi gặp tư vấn viên",
    ),
    "Arabic": (
        "أريد التحدث مع موظف",
        "ممكن أتكلم مع شخص حقيقي؟",
        "حولني إلى خدمة العملاء",
        "لا أريد التحدث مع روبوت",
        "وصلني بموظف من فضلكم",
    ),
    "Hindi": (
        "मुझे किसी इंसान से बात करनी है",
        "क्या मैं किसी से बात कर सकता हूँ?",
        "कस्टमर केयर से बात कराओ",
        "मुझे एजेंट से बात करनी है",
    ),
    "Chinese": (
        "转人工",
        "我要找人工客服",
        "能不能让我跟真人说话",
        "我不要机器人",
        "請接客服。",
        "给我回个电话",
        "帮我转接人工客服",
        "我想和你们的客服人员聊聊",
    ),
    "Japanese": (
        "オペレーターにつないでください",
        "人と話したいです",
        "担当者と直接話せますか",
        "ロボットではなく人間と話したい",
        "折り返し電話をください",
        "有人チャットをお願いします",
        "スタッフに代わってください",
    ),
    "Korean": (
        "상담원 연결해 주세요",
        "사람이랑 얘기하고 싶어요",
        "챗봇 말고 사람",
        "상담사와 통화할 수 있나요?",
        "상담원 바꿔주세요",
        "직원이랑 통화하고 싶습니다",
    ),
}
OTHERS = {
    "English": (
        "Why does my transfer to someone in France take so long?",
        "What is your agent commission?",
        "What is the e-mail address of human resources?",
        "Is the cleaning agent safe for down jackets?",
        "Do travel agents get a discount?",
        "Can I book through a travel agent?",
        "When do you call customers about a delivery?",
        "the machine wash setting for this jacket?",
        "Does the robot mower need a base station?",
        "I spoke to a colleague of yours yesterday, what is the status?",
        "Is this tent big enough for one person to stand in?",
        "do you need the name of the person who receives it?",
        "How do I become a sales representative of your brand?",
        "can I use the tent with other people",
        "who is the operator of the ferry?",
        "What does the human right policy say?",
        "does the warranty cover a support pole?",
        "I called my bank and they support it",
        "Will an agent check my passport at the border?",
        "My manager wants an invoice",
        "Is there a person limit for the group discount?",
        "The courier rang the wrong bell and left",
        "Please call the item by its name in the invoice",
        "Can your support pole be replaced?",
        "my team ordered ten jackets",
    ),
    "German": (
        "Wie viele Mitarbeiter haben Sie?",
        "Gibt es einen Mitarbeiterrabatt?",
        "Ist das Zelt für eine Person geeignet?",
        "Ich möchte eine Person zusätzlich anmelden",
        "Der Kollege hat mir gestern geholfen, danke",
        "Saugt der Roboter auch Teppich?",
        "Kann jemand anderes das Paket annehmen?",
        "Wann ruft mich der Lieferdienst an?",
        "Mein Chef braucht die Rechnung",
        "Für wie viele Menschen reicht die Portion?",
        "Muss ich jemandem Bescheid sagen?",
        "Der Bot im Spiel lädt nicht",
    ),
    "French": (
        "Est-ce que la tente convient pour une personne ?",
        "Quelle est la commission d'un agent immobilier ?",
        "Le robot de cuisine est-il garanti ?",
        "Je cherche un cadeau pour quelqu'un",
        "Personne n'a sonné chez moi",
        "Quels sont vos horaires du service client ?",
        "Combien de personnes peuvent dormir dedans ?",
        "Mon responsable veut une facture",
        "L'agent de nettoyage est-il toxique ?",
    ),
    "Spanish": (
        "¿La tienda es para una persona?",
        "¿Cuánto cuesta por persona?",
        "Mi agente de seguros quiere la factura",
        "¿El robot aspirador tiene garantía?",
        "¿Puede alguien más recoger el paquete?",
        "¿Cuántas personas caben?",
        "Mi encargado necesita la factura",
        "Quiero regalarlo a alguien",
    ),
    "Italian": (
        "La tenda è per una persona?",
        "Quanto costa a persona?",
        "Il robot aspirapolvere ha la garanzia?",
        "Qualcuno può ritirare il pacco per me?",
        "Quante persone ci stanno?",
        "Il mio responsabile vuole la fattura",
    ),
    "Portuguese": (
        "A barraca é para uma pessoa?",
        "O robô aspirador tem garantia?",
        "Outra pessoa pode receber a encomenda?",
        "Quantas pessoas cabem?",
        "Meu gerente precisa da nota",
    ),
    "Dutch": (
        "Is de tent voor een persoon?",
        "Hoeveel medewerkers heeft u?",
        "Kan iemand anders het pakket aannemen?",
        "Heeft de robotmaaier garantie?",
        "Hoeveel personen passen erin?",
        "Mijn manager wil een factuur",
    ),
    "Polish": (
        "Czy namiot jest dla jednej osoby?",
        "Ile kosztuje od osoby?",
        "Czy robot sprzątający ma gwarancję?",
        "Ile osób się zmieści?",
    ),
    "Swedish": (
        "Är tältet för en person?",
        "Kan någon annan hämta paketet?",
    ),
    "Danish and Norwegian": (
        "Er teltet til en person?",
        "Kan noen andre hente pakken?",
    ),
    "Finnish": ("Onko teltta yhdelle henkilölle?",),
    "Czech": ("Je stan pro jednoho člověka?",),
    "Turkish": (
        "Çadır kaç kişilik?",
        "Temsilci komisyonu ne kadar?",
        "Robot süpürgenin garantisi var mı?",
    ),
    "Russian": (
        "Сколько стоит на человека?",
        "Какой оператор связи поддерживается?",
        "Есть ли гарантия на робот-пылесос?",
        "Сотрудник вчера мне помог, спасибо",
        "Сколько человек поместится?",
        "Моему менеджеру нужен счёт",
    ),
    "Ukrainian": ("Скільки коштує на одну людину?",),
    "Indonesian": ("Tenda ini untuk berapa orang?",),
    "Vietnamese": ("Lều này dành cho mấy người?",),
    "Arabic": (
        "كم عدد الموظفين لديكم؟",
        "هل الخيمة تكفي شخصا واحدا؟",
    ),
    "Hindi": ("यह तंबू कितने व्यक्तियों के लिए है?",),
    "Chinese": (
        "这个帐篷适合几个人?",
        "你们用人工智能吗?",
        "人工草皮多少钱?",
        "扫地机器人保修多久?",
        "客服的工作时间是几点?",
        "人工成本多少",
        "需要几个人搭帐篷",
    ),
    "Japanese": (
        "このテントは何人用ですか",
        "人工芝はありますか",
        "担当者の名前は何ですか",
        "ロボット掃除機の保証は?",
        "何人で設営できますか",
    ),
    "Korean": (
        "이 텐트는 몇 사람용인가요?",
        "상담원 채용 공고가 있나요?",
        "로봇 청소기 보증 기간은요?",
        "몇 명이 잘 수 있나요",
    ),
}


@pytest.mark.parametrize("language", ASKED)
def test_who_asks_for_a_person_is_heard_in_their_language(language: str) -> None:
    assert [text for text in ASKED[language] if not asked_for_human(text)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_who_only_mentions_one_is_not(language: str) -> None:
    assert [text for text in OTHERS[language] if asked_for_human(text)] == []


def test_a_language_is_tried_wherever_it_could_ask() -> None:
    languages = Sieve(LANGUAGES.values())
    for text in (said.lower() for of in (*ASKED.values(), *OTHERS.values()) for said in of):
        found = [place for place, one in enumerate(LANGUAGES.values()) if one.search(text)]
        assert [*languages.matching(text)] == found, text


def test_each_language_is_tried_both_ways() -> None:
    assert len(LANGUAGES) >= 20
    spoken = {"English", *LANGUAGES}
    assert {*ASKED} == {*OTHERS} == spoken
