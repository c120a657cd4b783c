"""How customers ask for a person in languages other than English.

For each language: a verb of speaking or connecting with somebody who works there, in either order
as the grammar has it; a person and nothing else; a live one; no robot; a call back. A word for a
person alone says nothing, as in English: it must be asked *for*. Texts are compared in NFC and
lower case, with plain apostrophes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from northloop.core.patterns import lazy

_GAP = r"[^.?!。？！\n]{0,25}?"
"""Some words in between, within a sentence."""
_ARTICLE = r"(?:eine?[nmr]?|une?|una|uno|uma?|een|ett|en)"
_ONLY = rf"^\W*(?:{_ARTICLE}\s+)?(?:{{0}})(?:\s*,?\s*(?:{{1}}))?\W*$"


class _Words(NamedTuple):
    """Patterns of one language."""

    people: str
    reach: str
    """What comes before people: to speak with, put me through to."""
    please: str
    live: str
    """A person who is none but a person: asked for wherever it is said."""
    no_robot: str
    back: str
    """To be called."""
    after: str = ""
    """What comes behind people, where the verb does."""


def _language(words: _Words) -> re.Pattern[str]:
    ways = [
        rf"\b(?:{words.reach}){_GAP}\b(?:{words.people})\b",
        _ONLY.format(words.people, words.please),
        *(rf"\b(?:{way})\b" for way in (words.live, words.no_robot, words.back)),
    ]
    if words.after:
        ways.append(rf"\b(?:{words.people})\b{_GAP}\b(?:{words.after})")
    return lazy("|".join(f"(?:{way})" for way in ways), re.MULTILINE)


LANGUAGES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "German": _language(
            _Words(
                people=r"mensch(?:en)?|person|mitarbeiter(?:in|s)?|(?:kunden)?berater(?:in)?"
                r"|jemand(?:en|em)?"
                r"|kolleg(?:e|en|in)|ansprechpartner(?:in)?|kundenservice|kundendienst|vorgesetzten?"
                r"|chef",
                reach=r"(?:will|brauche|möchte)\s+(?=eine[nr]?\s+(?:menschen|mitarbeiter"
                r"|berater)\s*(?:[.!?,]|$))"
                r"|(?:sprechen|reden|schreiben)\s+mit|verbinden?\s+sie\s+mich|verbinde\s+mich"
                r"|leiten?\s+sie\s+mich"
                r"|stellen?\s+sie\s+mich|(?:gib|geben\s+sie|holen?\s+sie)\s+mir",
                after=r"(?:sprechen|reden|telefonieren|chatten|verbunden|verbinden|durchgestellt"
                r"|durchstellen|weitergeleitet|ran)\b|dran\b|erreichen\s+(?:kann|möchte|will)|(?:be|ab)sprechen\b|klären\b",
                please=r"bitte|jetzt|sofort",
                live=r"echte[nrms]?\s+(?:menschen?|person|mitarbeiter(?:in)?)"
                r"|richtige[nrms]?\s+menschen?|menschliche[nrms]?"
                r"\s+(?:mitarbeiter|ansprechpartner|hilfe|antwort|support)\w*",
                no_robot=r"(?:kein(?:en|em)?|nicht\s+mit\s+(?:einem|dem|einer))\s+(?:chat)?(?:bot"
                r"|roboter|maschine|computer)",
                back=r"ruf(?:en)?\s+(?:sie\s+)?mich\s+(?:bitte\s+|doch\s+)?(?:an|zurück)"
                r"|bitte\s+um\s+(?:einen\s+)?rückruf",
            )
        ),
        "French": _language(
            _Words(
                people=r"(?:un\s+)?humain|personne|conseill(?:er|ère)|agent|quelqu'un|collègue"
                r"|employée?|opérat(?:eur|rice)"
                r"|responsable|service\s+client|interlocuteur|être\s+humain",
                after=r"(?:pour\s+)?(?:me\s+parler|m'appell\w+|me\s+rappell\w+)",
                reach=r"parler\s+(?:à|avec|au)|discuter\s+avec|échanger\s+avec|(?:passez|passer"
                r"|passe)[\s-]+moi"
                r"|(?:mettez[\s-]+moi|me\s+mettre)\s+en\s+(?:relation|contact)\s+avec|joindre"
                r"|transfér\w+[\s-]+(?:moi|à)"
                r"|être\s+mise?\s+en\s+(?:relation|contact)\s+avec|être\s+rappelée?\s+par",
                please=r"s'il\s+(?:vous|te)\s+pla[iî]t|svp|stp",
                live=r"(?:vraie|vrai)\s+(?:personne|humain|conseiller)|personne\s+(?:réelle|humaine"
                r"|physique\s+svp)"
                r"|être\s+humain\s+svp",
                no_robot=r"pas\s+(?:parler\s+|discuter\s+)?(?:à|avec|de|d')?\s*(?:un\s+|une\s+"
                r"|le\s+)?(?:robot|bot|chatbot|machine)s?",
                back=r"(?:rappelez|rappelle|appelez|téléphonez)[\s-]+moi|être\s+rappelée?",
            )
        ),
        "Spanish": _language(
            _Words(
                people=r"persona|humano|agente|asesora?|alguien|representante|operadora?|empleado"
                r"|encargado|supervisora?"
                r"|ser\s+humano|compañero|atención\s+al\s+cliente|responsable",
                reach=r"(?:quiero|prefiero|necesito)\s+(?=una?\s+(?:persona|humano"
                r"|agente)\s*(?:[.!?,]|$))"
                r"|(?:hablar|chatear|comunicarme|conversar|contactar)\s+con|(?:p[aá]same"
                r"|comun[ií]que(?:n)?me"
                r"|com[uú]n[ií]came|con[eé]cteme|transfi[eé]r[ae](?:n)?me|p[aá]se(?:n)?me"
                r"|pónganme)\s+(?:con|a)"
                r"|que\s+me\s+atienda",
                please=r"por\s+favor|porfa|ya",
                live=r"persona\s+(?:real|de\s+verdad|humana)|(?:humano|agente)\s+(?:real|de\s+verdad"
                r"|humano)",
                no_robot=r"no\s+(?:quiero\s+)?(?:hablar\s+con\s+|más\s+)?(?:un\s+|una\s+"
                r"|el\s+)?(?:robot|bot|chatbot|máquina)s?",
                back=r"ll[aá]me(?:n)?me|ll[aá]mame|que\s+me\s+llamen"
                r"|devu[eé]lva(?:n)?me\s+la\s+llamada",
            )
        ),
        "Italian": _language(
            _Words(
                people=r"persona|umano|operat(?:ore|rice)|qualcuno|essere\s+umano|addett[oa]"
                r"|responsabile|consulente|agente"
                r"|collega|servizio\s+clienti|assistenza\s+umana",
                reach=r"(?:voglio|preferisco)\s+(?=una?\s+(?:persona|operatore|umano)\s*(?:[.!?,]|$))"
                r"|parlare\s+con|chattare\s+con|(?:passami|passatemi|mi\s+passi|mi\s+passa"
                r"|mettetemi\s+in\s+contatto\s+con"
                r"|trasferitemi|collegatemi)|essere\s+(?:contattat|richiamat)[oa]\s+da",
                please=r"per\s+favore|grazie|subito",
                live=r"(?:vera|reale)\s+persona|persona\s+(?:vera|reale|in\s+carne\s+e\s+ossa)"
                r"|operatore\s+(?:umano|reale)",
                no_robot=r"(?:non|basta|niente)\s+(?:voglio\s+)?(?:parlare\s+con\s+)?(?:un\s+|il\s+"
                r"|con\s+)?(?:robot|bot|chatbot|macchina)",
                back=r"richiamatemi|chiamatemi|mi\s+richiami(?:no|ate)?|essere\s+richiamat[oa]",
            )
        ),
        "Portuguese": _language(
            _Words(
                people=r"pessoa|humano|atendente|algu[eé]m|operador[a]?|agente|funcion[aá]ri[oa]"
                r"|representante|gerente"
                r"|supervisora?|ser\s+humano|respons[aá]vel",
                reach=r"(?:quero|prefiro)\s+(?=uma?\s+(?:pessoa|humano|atendente)\s*(?:[.!?,]|$))"
                r"|(?:falar|conversar|chatear)\s+com|(?:me\s+)?(?:passa|passe|transfira"
                r"|transfere|encaminhe|ligue)\s+"
                r"(?:me\s+)?(?:para|com|pra|a)|(?:passe|transfira)-me|ser\s+atendid[oa]\s+por",
                please=r"por\s+favor|pfv?|já",
                live=r"pessoa\s+(?:real|de\s+verdade)|(?:atendente|humano)\s+(?:real|humano"
                r"|de\s+verdade)|atendimento\s+humano",
                no_robot=r"n[aã]o\s+(?:quero\s+)?(?:falar\s+com\s+)?(?:um\s+|uma\s+|o\s+)?(?:rob[oôó]"
                r"|bot|chatbot|m[aá]quina)",
                back=r"(?:me\s+)?(?:liguem|ligue|telefonem?)\s+(?:para\s+mim|de\s+volta|pra\s+mim)"
                r"|liguem?-me|me\s+liguem",
            )
        ),
        "Dutch": _language(
            _Words(
                people=r"mens|persoon|medewerker|iemand|collega|klantenservice|leidinggevende|manager"
                r"|adviseur",
                reach=r"(?:praten|spreken|chatten|contact)\s+met|verbind\s+(?:me"
                r"|mij)\s+(?:door\s+)?(?:met|naar)"
                r"|(?:geef|haal)\s+(?:me|mij)|(?:wil|kan"
                r"|mag)\s+ik\s+(?:graag\s+)?(?:met\s+)?(?:een\s+)?"
                r"(?=medewerker\s+spr|iemand\s+spr|mens\s+spr)",
                after=r"(?:spreken|praten|chatten|doorverbonden|doorverbinden|verbonden)\b"
                r"|aan\s+de\s+lijn",
                please=r"alstublieft|alsjeblieft|aub|graag",
                live=r"echte?\s+(?:mens|persoon|medewerker)|mens\s+van\s+vlees\s+en\s+bloed",
                no_robot=r"(?:geen|niet\s+met\s+een)\s+(?:chat)?(?:bot|robot|computer|machine)",
                back=r"bel\s+(?:me|mij)\s+(?:alsjeblieft\s+|a\.?u\.?b\.?\s+)?(?:terug|op)"
                r"|teruggebeld\s+worden",
            )
        ),
        "Polish": _language(
            _Words(
                people=r"człowiek\w*|konsultant\w*|pracownik\w*|osob[ąęya]|kimś|doradc\w*"
                r"|kierownik\w*|obsług[ąi]\s+klienta"
                r"|agent(?:em|ką)|operator(?:em|ką)",
                reach=r"(?:po)?rozmawiać\s+z|pogadać\s+z|(?:po|prze)łącz\w*\s+(?:mnie\s+)?(?:z|do)"
                r"|połączenie\s+z"
                r"|skontaktować\s+się\s+z|daj(?:cie)?\s+mi",
                please=r"proszę|poproszę|prosze",
                live=r"żyw(?:y|ym|ego)\s+człowiek\w*|prawdziw(?:ą|ym|ego)\s+(?:osobą|człowiek\w*"
                r"|konsultant\w*)",
                no_robot=r"(?:nie\s+chcę\s+(?:rozmawiać\s+z\s+)?|żadn\w+\s+)(?:bot|robot|chatbot"
                r"|automat|maszyn)\w*",
                back=r"oddzwoń(?:cie)?|zadzwoń(?:cie)?\s+do\s+mnie|proszę\s+o\s+(?:telefon"
                r"|kontakt\s+telefoniczny)",
            )
        ),
        "Swedish": _language(
            _Words(
                people=r"människa|person|medarbetare|någon|handläggare|kundtjänst|kollega|chef"
                r"|rådgivare|säljare",
                reach=r"(?:prata|tala|snacka|chatta)\s+med|koppla\s+mig\s+(?:till|vidare)"
                r"|bli\s+kopplad\s+till|kontakt\s+med",
                please=r"tack|snälla",
                live=r"(?:riktig|levande|verklig)\s+(?:människa|person)",
                no_robot=r"(?:ingen|inte\s+(?:med\s+)?en)\s+(?:chat)?(?:t?bot|robot|dator|maskin)",
                back=r"ring\s+(?:upp\s+)?mig|bli\s+uppringd",
            )
        ),
        "Danish and Norwegian": _language(
            _Words(
                people=r"menneske|person|medarbejder|medarbeider|nogen|noen|kundeservice|kollega|chef"
                r"|sjef|sagsbehandler"
                r"|saksbehandler|rådgiver|ansatt",
                reach=r"(?:tale|snakke|prate|chatte)\s+med|(?:stil|sett|sæt)\s+m[ei]g\s+(?:videre"
                r"|over|igennem)\s+til"
                r"|få\s+kontakt\s+med|kontakt\s+med",
                please=r"tak|takk|vær\s+så\s+snill|venligst",
                live=r"(?:rigtigt?|ekte|ægte|virkelig|levende)\s+(?:menneske|person)",
                no_robot=r"(?:ingen|ikke\s+(?:med\s+)?en)\s+(?:chat)?(?:t?bot|robot|maskine?"
                r"|datamaskin)",
                back=r"ring\s+(?:til\s+)?(?:mig|meg)|bli(?:ve)?\s+ringe?t\s+op",
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
            r"[转轉接]\s*人工|人工\s*(?:客服|客服员|服务|服務|座席|坐席|专员)|真人(?:客服|服务|服務)|^\W*(?:人工|真人|客服)\W*$"
            r"|(?:和|跟|与|與|同|找|叫|联系|聯繫|聯絡|接通?|要|换)\s*(?:一?[个個位名])?\s*(?:你们的?|你們的?)?\s*"
            r"(?:真人(?!大小|秀|版)|活人|人工(?!智|费|費|草|湖|成本|合成)|客服(?:人员|人員|专员)?(?:[说說谈談聊讲講沟]|$|[。！!，,]))"
            r"|不(?:要|想)(?:和|跟|与)?\s*(?:机器人|機器人|bot)|(?:给|給)我回(?:个|個)?电话|(?:给|給)我回(?:個)?電話|打电话给我",
            re.MULTILINE,
        ),
        "Japanese": lazy(
            r"(?:人間|オペレーター?|担当者?|担当の方|スタッフ|有人|生身の人|係の人|責任者|人)\s*(?:の方)?\s*(?:と|に|へ)\s*"
            r"(?:直接\s*)?(?:話|しゃべ|喋|つな|繋|代わ|替わ|かわ|相談した|チャット)"
            r"|有人(?:対応|チャット|サポート)|オペレーター?(?:を|お願い|希望|呼)|担当者を(?:呼|出)"
            r"|(?:ロボット|ボット|ai|機械)(?:じゃなく|ではなく|は嫌|はいや|とは話したくな)|折り返し(?:お)?電話|電話(?:して|を)?(?:ください|下さい"
            r"|もらえ)",
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
