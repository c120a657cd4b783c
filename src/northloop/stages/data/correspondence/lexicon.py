"""How people greet, sign and quote, a table for each language.

Each entry is a list of patterns apart by `|`, matched without regard to case. What holds in every
language (a mailbox, a date, a row of dashes) is not here but in the modules that use the tables.
"""

from __future__ import annotations

import re

import msgspec

from northloop.core.patterns import lazy
from northloop.stages.data.wording import either, phrases, phrases_of, words


class Lexicon(msgspec.Struct, frozen=True, kw_only=True):
    """The set phrases of mails in one language."""

    greetings: str
    """What opens a mail and may have a name behind it."""
    dears: str = ""
    """Adjectives that greet only with a name behind them, and mean something else elsewhere."""
    addressed: str = ""
    """Words that greetings go to and that are no names: `team`, `alle zusammen`."""
    closings: str
    """What closes a mail and can only be that."""
    cores: str = ""
    """The last words of longer closings: `with my very best regards`."""
    partings: str = ""
    """What closes a mail where nothing but a name follows: `best`, `love`, `bis bald`."""
    thanks: str
    """Thanks of a line of their own. They close a mail where a name or a closing follows."""
    wrote: str
    """The verb of `On Monday, Anna wrote:`."""
    senders: str
    """Labels of the headers that quoted messages begin with."""
    dates: str
    recipients: str
    subjects: str
    originals: str
    """The words between dashes over a quoted message, or before a colon over a forwarded one."""
    reply_above: str
    """What help desks write over the line that one has to answer above."""
    notices: str
    """What help desks write over a comment that they send: `Your request (17) has been updated`."""
    devices: str
    """Footers of programs and telephones."""
    disclaimers: str
    """How legal footers begin."""
    offices: str = ""
    """Words of positions, departments and kinds of company in signatures."""
    contacts: str = ""
    """Labels before numbers and addresses in signatures."""


_EN = Lexicon(
    greetings="""
        dear | hi | hiya | hello | hey | heya | greetings | howdy
        | to whom (?:it|this) may concern | (?:good )?(?:morning|afternoon|evening) | good day
        | hey+ | to the (?:[a-z]+ ){1,2}(?:team|department|desk)
    """,
    addressed="""
        there | all | team | everyone | everybody | again | folks | guys | sirs? | madam | ma'am
        | or | and | support | customer | service | care | friends? | both | together | the
    """,
    closings="""
        (?:with )?(?:(?:many|kind|kindest|best|warm|warmest|sincere|friendly) )?(?:regards
        |wishes)(?: from [a-z ]{2,20})?
        | (?:with )?(?:kind|best|warm|warmest|friendly|many) greetings(?: from [a-z ]{2,20})?
        | sincerely(?: yours)? | rgds | regds | yours(?: (?:sincerely|faithfully|truly|always))?
        | cordially | respectfully(?: yours)? | warmly | (?:with )?every good wish
        | with appreciation | with gratitude
        | your (?:pal|friend|loyal customer) | cheers | all the best
    """,
    cores="""
        (?:regards|wishes|greetings|sincerely|cordially|faithfully|truly|respectfully|gratitude)
    """,
    partings="""
        (?:i |we )?(?:am |are )?look(?:ing)? forward to (?:hearing from you|your (?:reply
        |response|answer|feedback|help))(?: soon)? | best | take care | love | br | kr
        | talk (?:to you )?soon | speak soon | greetings
        | have a [a-z]+ (?:day|one|week|weekend|evening|afternoon)(?: ahead)? | ciao
        | happy (?:trails|hiking|camping|climbing) | see you(?: soon)? | bye(?: for now)?
        | bw | xoxo | yours in [a-z ]{3,30} | ta
    """,
    thanks="""
        (?:(?:many|much|kind|with) )?thanks(?: (?:again|so much|very much|a lot|a million
        |in advance|for your [a-z]+|for (?:the|any|all the) [a-z]+))?(?: and(?: (?:best|kind
        |warm))? regards)? | thx | ty | tia
        | thank you(?: (?:again|so much|very much|kindly|in advance|for your [a-z]+|for (?:the
        |any) [a-z]+))?(?: and (?:best|kind) regards)?
    """,
    wrote="wrote | writes",
    senders="from | sender | reply-to",
    dates="sent | date",
    recipients="to | cc | bcc",
    subjects="subject | re",
    originals="""
        original message | forwarded message | forwarded by | begin forwarded message
        | original appointment | reply message | original mail | forwarded mail
        | replied message
    """,
    reply_above="""
        (?:type|write|enter|add|post)?.{0,20}(?:reply|response|respond).{0,20}above (?:this
        |the) line
    """,
    notices="""
        (?:your|this|the) (?:support )?(?:request|ticket|case)\\b[^.\\n]{0,40} (?:has been|was)[ ]
        (?:updated|solved|resolved|closed|reopened|received|created)[^\\n]*
        | to add (?:(?:additional|further|more) )?comments?\\b[^\\n]*
        | reply to this e-?mail to (?:add|comment|respond)[^\\n]*
        | you(?: ha|'|’)ve been assigned\\b[^\\n]* | you are (?:registered as )?a cc on[^\\n]*
        | [^\\n:]{2,60} (?:commented|added a comment|changed the status to [^\\n:]{2,40})[:.]?\\s*$
    """,
    devices="""
        (?:sent|posted|composed|written) (?:from|via|using|with|by|on) {device} | get {device}
        | sent from a .{0,20}(?:phone|mobile).{0,60}
        | [^.!?]{0,30}(?:excuse|pardon|forgive|sorry for)[^.!?]{0,24} (?:brevity|typos?|spelling)
    """,
    disclaimers="""
        this (?:e-?mail|message|communication)\\b.{0,80}\\b(?:confidential|intended|privileged)
        | (?:confidentiality|legal) (?:notice|disclaimer) | disclaimer\\s*:
        | virus-free\\b(?=\\W*(?:\\S+\\.\\S+\\W*)?$)
        | the information (?:contained )?in this (?:e-?mail|message) | to unsubscribe
        | unsubscribe\\b(?=\\W*(?:$|\\||here|from|https?:|<)) | please consider the environment
        | think before you print
        | this message was sent to \\S+@ | if you are not the intended recipient
        | you(?: are|'re)? (?:receiv|gett)(?:e|ed|ing) (?:this|these|all) (?:e-?mails?|messages?)
        | you(?:'re| are) getting this (?:e-?mail|because)
        | (?:update|manage|change) your (?:e-?mail )?(?:preferences|subscription)
        | reply to this e-?mail directly
        | (?:view|track) (?:this |the |your )?request\\b.{0,120}[ ]
        turn off [^.!?]{0,20}notifications(?=\\W*(?:$|\\())
        | powered by (?:jira|zendesk|freshdesk|intercom|help ?scout|gorgias|front|zammad|otrs
        |osticket|kayako|zoho|hubspot|salesforce|happyfox|groove|crisp|servicenow)\\b
        | if you (?:no longer|do not|don't) (?:want|wish) to receive
        | this (?:e-?mail|message) (?:has been|was) (?:scanned|checked)
        | (?:this (?:e-?mail|message) (?:has been|was) )?(?:sent|submitted)\\b.{0,40}\\b(?:contact
        |web|website|online) ?form
        | this (?:e-?mail|message) (?:was|has been) (?:(?:sent|transmitted|delivered) )?
        (?:securely|encrypted (?:with|in|by|using|via)|digitally signed)
    """,
    offices="""
        manager | director | engineer | support | customer (?:care|service|success|support)
        | team | specialist | advisor | adviser | agent | representative | assistant | officer
        | head of | vice president | consultant | department | dept | desk | recruiter | analyst
        | group | inc | llc | ltd | corp | corporation | company | limited | plc | coordinator
        | president | operations | resources | sales | associate | attorney | editor | founder
        | ceo | cto | cfo
    """,
    contacts="""
        tel | telephone | phone | ph | fax | mobile | mob | cell | office | direct | work | home
        | e-?mail | web | website | skype | twitter | x | ext | pager | whatsapp | address
    """,
)
_DE = Lexicon(
    greetings="""
        schönen (?:guten )?(?:tag|morgen|abend) | sehr (?:geehrte|verehrte)[rs]? | hallo
        | hallöchen | tach(?:chen)? | moin(?: moin)? | servus | geehrte[rs]?
        | guten (?:tag|morgen|abend)
        | an (?:den|das|die|ihren?) (?:kundenservice|kundendienst|support|service|buchhaltung|team)
        | schönen guten tag | grü(?:ß|ss) (?:gott|dich|sie|euch) | grüezi | huhu | mahlzeit | hi
    """,
    dears="liebe[rs]? | werte[rs]? | geschätzte[rs]?",
    addressed="""
        kundenbetreuung | service | shop | vom | damen | herren | und | zusammen | alle
        | allerseits | an alle | frau | herrn? | team | leute | kollegen | kolleginnen
        | ihr lieben | kundenservice | kundendienst | support | dr | prof | liebe[rs]?
        | kund(?:e|in|en)
    """,
    closings="""
        (?:mit )?(?:(?:ganz |recht )?(?:freundliche|viele|liebe|beste|herzliche|schöne
        |sonnige)(?:n|m|r)? )(?:grüßen?|grüssen?|gruß|gruss)(?: aus(?: dem| der)? [^\\W\\d]+)?
        | mfg | m\\.f\\.g | lg | vg | hochachtungsvoll
        | mit bestem dank und freundlichen grü(?:ß|ss)en
        | (?:vielen|besten|herzlichen) dank und (?:(?:viele|freundliche|liebe|beste
        |schöne) )?gr(?:ü|u)(?:ß|ss)e?n? | grüße | grüsse | gruß | gruss | grüßle
    """,
    cores="""
        (?:[^\\W\\d]{0,16}gr[üu](?:ß|ss)(?:en?|chen|le)?|hochachtung|hochachtungsvoll|herzlichst
        |empfehlung|verblei(?:bt|be ich|ben wir)|wünschen)
    """,
    partings="""
        (?:ich |wir )?(?:freue|freuen) (?:mich|uns) auf (?:ihre|eure|deine
        |eine) (?:baldige |schnelle |positive )?(?:antwort|rückmeldung|nachricht)
        | in erwartung ihrer antwort | servus | pfiat (?:di|eich|euch|enk) | herzlichst
        | bis (?:bald|dann)
        | alles gute | ihre? | eure? | bg | hg | gr | tschü(?:ss?|ß)
        | schöne[ns]? (?:tag|abend|wochenende|woche)(?: noch)?
        | (?:einen )?schönen tag(?: noch)? | beste | liebste
    """,
    thanks="""
        danke(?:schön| schön| sehr| ihnen| euch| vielmals| im voraus| vorab)?
        | (?:vielen|besten|herzlichen|tausend|lieben
        |schönen) dank(?: im voraus| vorab| schon mal| (?:für|fuer) (?:ihre|eure|die|ihr
        |deine) [^\\W\\d]+)?
        | danke (?:im voraus|vorab|schon mal|für (?:ihre|eure|die|deine) [^\\W\\d]+)
        | ich danke ihnen | merci
    """,
    wrote="schrieb | geschrieben",
    senders="von | absender",
    dates="gesendet(?: am)? | datum",
    recipients="an | kopie",
    subjects="betreff",
    originals="""
        ursprüngliche nachricht | originalnachricht | original-nachricht
        | weitergeleitete nachricht | anfang der weitergeleiteten nachricht | urspr\\. nachricht
        | weitergeleitet von | originaltermin
    """,
    reply_above="antwort.{0,30}(?:über|oberhalb|ueber).{0,10}(?:zeile|linie)",
    notices="""
        (?:ihre|deine|die) (?:support-?)?anfrage\\b[^.\\n]{0,40} (?:wurde|ist)[ ]
        (?:aktualisiert|gelöst|geschlossen|eingegangen|beantwortet)[^\\n]*
        | (?:ihr|dein|das) ticket\\b[^.\\n]{0,40} (?:wurde|ist)[ ]
        (?:aktualisiert|gelöst|geschlossen|eingegangen)[^\\n]*
        | um (?:weitere |zusätzliche )?kommentare? hinzuzufügen\\b[^\\n]*
        | ihnen wurde [^\\n]{2,40} zugewiesen[^\\n]*
        | [^\\n:]{2,60} (?:kommentierte|hat kommentiert|hat einen kommentar hinzugefügt)[:.]?\\s*$
    """,
    devices="""
        (?:diese (?:nachricht|e-?mail|mail) wurde )?(?:gesendet|geschrieben|verschickt
        |versendet) (?:von|mit|aus|über|via) {device}
        | von (?:mein(?:em|er)(?:/meiner)?|unterwegs) {device} (?:gesendet|geschrieben|verschickt)
        | [^.!?]{0,30}(?:entschuldig|verzeih)[^.!?]{0,24}(?:kürze|tippfehler)[^\\W\\d]{0,4}
        | kurz[^.!?]{0,16} (?:vom|von)[^.!?]{0,16} (?:handy|unterwegs)
        | von unterwegs gesendet
        | (?:diese (?:nachricht|e-?mail|mail) wurde )?von meinem {device}
        | holen sie sich {device} | {device} (?:herunterladen|beziehen|abrufen)
    """,
    disclaimers="""
        diese (?:e-?mail|nachricht|mail)\\b.{0,80}\\b(?:vertraulich|bestimmt) | virenfrei\\b
        | (?:der inhalt|die informationen in) dieser (?:e-?mail|nachricht)
        | sie erhalten diese (?:e-?mail|nachricht|mail)
        | (?:newsletter|e-?mails?) abbestellen(?=\\W*(?:$|\\||hier|https?:|<))
        | wenn sie keine (?:weiteren )?(?:e-?mails|nachrichten|newsletter)
        | anfrage anzeigen\\b.{0,120} benachrichtigungen [^.!?]{0,30}(?:deaktivieren|ausschalten)
        | bitte denken sie an die umwelt
        | (?:bitte )?(?:denken|prüfen|überlegen) sie.{0,50}(?:ausdrucken|gedruckt|umwelt)
        | haftungsausschluss | vertraulichkeitshinweis
        | diese (?:e-?mail|nachricht) (?:wurde|ist) .{0,30}(?:geprüft|gescannt|überprüft|untersucht
        |verschlüsselt (?:übertragen|gesendet|versendet|mit|durch)|digital signiert)
        | (?:diese (?:e-?mail|nachricht|anfrage) wurde )?(?:über|mit|gesendet|versendet)
        \\b.{0,40}formular | sitz der gesellschaft
        | (?:amtsgericht|(?:handels)?register(?:gericht)?)\\b.{0,40}\\bhr[ab]\\b
        | wenn sie nicht der (?:richtige|beabsichtigte)
    """,
    offices="""
        geschäftsführ(?:er|erin|ung) | kundenservice | kundendienst | kundenbetreuung
        | (?:dein|euer) .{2,30}[- ]team | abteilung | leiter(?:in)? | vertrieb | einkauf
        | buchhaltung | sachbearbeiter(?:in)?
        | mitarbeiter(?:in)? | gmbh | ag | kg | ohg | e\\.v | e\\.k | ug | ihr .{2,30}-team
        | berater(?:in)? | assistenz | i\\.a | i\\.v
    """,
    contacts="""
        telefon | mobil | handy | telefax | festnetz | durchwahl | anschrift | internet | tel
    """,
)
_FR = Lexicon(
    greetings="""
        (?:re[- ]?)?bonjour | bonsoir | salut | coucou | bjr | mesdames | messieurs | madame
        | monsieur | bien le bonjour | à l'attention d(?:u|e la) [^\\W\\d]+
    """,
    dears="ch(?:er|ère|ers|ères)",
    addressed="""
        support | clientèle | relation | du | boutique | amis | amies | toute l'équipe
        | la équipe | collègues | docteur | maître | madame | monsieur | mesdames | messieurs
        | à tous | à toutes | tous | toutes | et | à | l'équipe | équipe | le service client
        | tout le monde | service | client | m | mme | mlle | les amis | chère | cher
        | l'équipe support
    """,
    closings="""
        (?:bien |très |sincèrement )?cordialement | bien (?:à vous|à toi|sincèrement)
        | sincèrement
        | (?:meilleures|sincères|cordiales|mes|nos|mes meilleures) salutations(?: distinguées)?
        | salutations(?: distinguées| cordiales)? | respectueusement | amicalement | cdlt | cdt
        | bien amicalement
        | (?:(?:dans|en|avec|espérant|restant|vous)\\b[^.?!]{3,80}, )?(?:veuillez|nous vous prions
        |je vous prie)\\b.{3,60}\\b(?:agréer|recevoir|accepter
        |croire)\\b.{3,120} | veuillez (?:agréer|recevoir)\\b.{3,120}
    """,
    cores="""
        (?:salutations|cordialement|salutations distinguées|sentiments (?:distingués
        |les meilleurs|respectueux)|sincèrement|respectueusement|amicalement
        |considération(?: distinguée)?|dévouée?|bien à vous|bonne (?:fin de )?journée|bon week-end)
    """,
    partings="""
        [^\\W\\d]{2,12}(?:eus|iv|al|ell|èr|air|am|em)e?ment | bise | une bise | je vous embrasse
        | (?:en|dans) (?:l'|l’)?attente de (?:votre|vos|ton|te|vous) [^.!?]{2,40} | au plaisir
        | à bientôt | à plus
        | (?:très )?bonne (?:journée|soirée|continuation|semaine)(?: à (?:vous|toi|tous))?
        | bises | bisous | amitiés | excellente journée | bonne fin de (?:journée|semaine)
    """,
    thanks="""
        (?:un (?:grand|très grand) )?merci(?: (?:bien|beaucoup|d'avance|par avance|mille fois
        |à vous|infiniment|encore|(?:beaucoup )?pour (?:votre|ton|vos|l'
        |toute? )[^\\W\\d]+)){0,2} | mille mercis
        | (?:en )?vous remerciant(?: par avance| d'avance)?
        | (?:je|nous) vous remercie(?:ons)?(?: par avance| d'avance)?
        | avec (?:tous )?mes remerciements
    """,
    wrote="a écrit | écrivait | écrit",
    senders="de | expéditeur",
    dates="envoyé(?: le)? | date",
    recipients="à | a | cc | destinataire",
    subjects="objet | sujet",
    originals="""
        message d'origine | message original | message transféré
        | début du message (?:transféré|réexpédié) | message transmis | e-?mail original
        | courriel original | message initial | transféré par
    """,
    reply_above="(?:réponse|répondre|répondez).{0,40}au[- ]dessus de (?:cette|la) ligne",
    notices="""
        votre (?:demande|ticket)\\b[^.\\n]{0,40} a été[ ]
        (?:mise? à jour|résolue?|clôturée?|fermée?|reçue?)[^\\n]*
        | pour ajouter (?:des|d'autres|d’autres|un) commentaires?\\b[^\\n]*
        | (?:la demande|le ticket)\\b[^.\\n]{0,40} vous a été attribuée?[^\\n]*
        | [^\\n:]{2,60} a (?:commenté|ajouté un commentaire)\\s?[:.]?\\s*$
    """,
    devices="""
        envoy[ée]e? (?:de|depuis|avec|via|à partir de|à partir d'|par) {device}
        | obtenez {device} | télécharger? {device} | téléchargez {device}
        | provenance : {device} | yahoo mail ?: [^.!?]{3,60}
        | [^.!?]{0,30}(?:désolée?|pardon|excusez)[^.!?]{0,24}(?:fautes|brièveté|concision)
        | {device} - envoyé | obtenir {device}
    """,
    disclaimers="""
        ce (?:message|courriel|mail|courrier)\\b.{0,80}\\b(?:confidentiel|destiné|destinataire
        |pièces jointes) | avis de confidentialité | sans virus\\b | garanti sans virus
        | (?:voir|afficher) la demande\\b.{0,120} désactiver les notifications
        | pensez à l'environnement | avant d'imprimer(?: ce|,? pens) | n'imprimez
        | les informations contenues dans ce | se désabonner\\b
        | pour (?:vous|ne plus) (?:dés|recevoir)
        | vous (?:recevez|avez reçu) (?:ce|cet|cette) (?:e-?mail|message|courriel)
        | (?:cet e-?mail|ce (?:message|courriel)) a été (?:vérifié|analysé|contrôlé)
        | (?:(?:cet e-?mail|ce (?:message|courriel)) a été )?envoyé\\b.{0,40}\\bformulaire
        | si vous n'êtes pas (?:le )?destinataire
    """,
    offices="""
        directeur | directrice | responsable | service (?:clients?|client[èe]le|commercial)
        | conseill(?:er|ère) | assistant(?:e) | chargée? de | chef de | sarl | sas | sa | eurl
        | département | équipe .{2,30} | gérante? | l'équipe
    """,
    contacts="""
        tél | téléphone | portable | mobile | fixe | télécopie | courriel | site | adresse
        | port
    """,
)
_ES = Lexicon(
    greetings="""
        muy buen[oa]s(?: días| tardes| noches)? | hola | buenos días
        | buenas(?: tardes| noches)? | buen día | estimad[oa](?:s|/as?|\\(a\\)|/os)?
        | muy (?:señor|señora|señores)(?: mío| mía| míos)?
        | a quien (?:corresponda|pueda interesar)
    """,
    dears="querid[oa]s? | apreciad[oa]s? | distinguid[oa]s?",
    addressed="""
        atención | tienda | del | la | ventas | postventa | apoyo | clientes | a todos | todos
        | a | todas | equipo | señor(?:a|es|as)? | sr | sra | de | y | don | doña | amigos?
        | atención al cliente | servicio | al | cliente | soporte | qué tal | otra vez
        | de nuevo | nuevamente | míos?
    """,
    closings="""
        (?:un |muchos |reciba un |recibid un |recibe un )?(?:cordial
        (?:es)? |atentos? |afectuosos? |fuerte )?saludos?(?: cordial
        (?:es)?| atentos?| afectuosos?| a todos| desde [^\\W\\d]+)? | (?:muy )?atentamente
        | cordialmente | sinceramente | atte | att | (?:le|les|te) saluda(?: atentamente)?(?:,)?
        | (?:un )?(?:fuerte )?abrazos? | sin otro particular.{0,80}saluda.{0,30}
    """,
    cores="""
        (?:saludos?|atentamente|cordialmente|sinceramente|abrazos?|saludos? (?:cordial(?:es)?
        |atentos?)|saluda|saludamos|se despiden?|me despido)
    """,
    partings="""
        un beso | besitos
        | quedo (?:a la espera|atent[oa]|pendiente)(?: de (?:su|tu
        |sus) [^\\W\\d]+| a su respuesta)? | a la espera de (?:su|tu|sus) [^\\W\\d]+
        | hasta (?:pronto|luego|la próxima) | besos
        | que (?:teng|pas)a[ns]? (?:una? )?(?:buena?|feliz|excelente) (?:día|tarde|noche|semana
        |fin de semana) | buen día
        | feliz día | buen fin de semana
    """,
    thanks="""
        (?:(?:muchas|muchísimas|mil|un millón de) )?gracias(?: (?:de antemano|por adelantado
        |anticipadas|a todos|otra vez|de nuevo|por (?:su|tu|vuestra|la|todo
        |el)(?: [^\\W\\d]+)?))?(?: y (?:un )?saludos?)? | agradecid[oa]
        | le agradezco(?: de antemano)? | desde ya,? muchas gracias | quedo agradecid[oa]
    """,
    wrote="escribió | escribio",
    senders="de | remitente | desde",
    dates="enviado(?: el)? | fecha | enviados",
    recipients="para | cc | cco",
    subjects="asunto",
    originals="""
        mensaje original | mensaje reenviado | inicio del mensaje reenviado | correo original
        | mensaje enviado | reenviado por | mensaje de origen
    """,
    reply_above="""
        (?:respuesta|responda|responder|escriba).{0,40}(?:encima|arriba) de (?:esta|la) línea
    """,
    notices="""
        (?:su|tu|la) (?:solicitud|consulta|ticket|caso)\\b[^.\\n]{0,40} (?:ha sido|fue|se ha)[ ]
        (?:actualizad[oa]|resuelt[oa]|cerrad[oa]|recibid[oa])[^\\n]*
        | para (?:añadir|agregar) (?:más |otros )?comentarios?\\b[^\\n]*
        | (?:te|se le|le) han? asignado\\b[^\\n]*
        | [^\\n:]{2,60} (?:comentó|ha comentado|agregó un comentario|añadió un comentario)[:.]?\\s*$
    """,
    devices="""
        (?:envi|mand)ad[oa] (?:desde|con|por|a través de|via|vía) {device} | obtener {device}
        | obtenga {device}
        | [^.!?]{0,30}(?:perd[oó]n|disculp)[^.!?]{0,24}(?:faltas|erratas|brevedad)
        | descarg(?:ar|a|ue) {device} | consigue {device}
    """,
    disclaimers="""
        este (?:mensaje|correo|e-?mail)\\b.{0,80}\\b(?:confidencial|dirigid|destinatario)
        | aviso (?:legal|de confidencialidad) | libre de virus
        | antes de imprimir (?:este|el) (?:mensaje|correo|e-?mail)
        | la información contenida en este | si no desean? (?:seguir )?recib
        | (?:recibes?|ha[ns]? recibido) este (?:correo|mensaje|e-?mail) | de conformidad con
        | ver (?:la )?solicitud\\b.{0,120} desactivar (?:las )?notificaciones
        | este (?:correo|mensaje|e-?mail)[^.]{0,20} ha sido (?:analizado|comprobado|escaneado)
        | (?:este (?:correo|mensaje|e-?mail) (?:ha sido|fue) )?enviado\\b.{0,40}\\bformulario
        | si (?:usted )?no es el destinatario
        | piense en el medio ambiente | por favor,? (?:piense|considere)
    """,
    offices="""
        director(?:a)? | gerente | responsable | atención al cliente | servicio (?:al|de)
        | departamento | equipo de | s\\.?l\\.?u? | s\\.a | ventas | comercial | administración
        | jef[ea] de | encargad[oa] | soporte | equipo
    """,
    contacts="teléfono | móvil | celular | cel | correo | dirección | tfno | tlf | tel",
)
_IT = Lexicon(
    greetings="""
        buond[ìi] | buona domenica | buon ?giorno | buona ?sera | buon pomeriggio | salve | ciao
        | gentil[ei] | gentilissim[oaie] | gent\\.? ?(?:m[oaie]|mi|li) | egregi[oaie]?
        | spett\\.? ?(?:le|li) | spettabile | alla (?:cortese attenzione|c\\.a\\.)
    """,
    dears="car[oaie] | car[ií]ssim[oaie]s? | pregiat[oaie] | pregiatissim[oaie] | stimat[oaie]",
    addressed="""
        supporto | vendite | negozio | a voi | voi | della | a tutti | tutti | tutte | signor[ei]?
        | signora | sig | sig\\.?ra | sig\\.?r | dott | dott\\.?ssa | ditta | team | e
        | cliente | clienti
        | servizio | assistenza | amici | di nuovo | di | del
    """,
    closings="""
        (?:cordiali|distinti|cari|tanti|i migliori|migliori|affettuosi|i miei|un|un cordiale
        |un caro|porgo|con i migliori)? ?(?:saluti|saluto)(?: cordiali| distinti| a tutti)?
        | cordialmente | in fede | ossequi | sinceramente
        | (?:porgo|porgiamo|invio) (?:i miei |i nostri )?(?:più )?(?:cordiali|distinti
        |migliori) saluti
    """,
    cores="""
        (?:saluti|saluto|cordialmente|cordialità|ossequi|osservanza|stima
        |saluti (?:cordiali|distinti)|buon lavoro|buona (?:giornata|serata))
    """,
    partings="""
        un bacio | bacioni
        | atten(?:do|diamo) [^!?]{0,30}(?:riscontro|risposta|notizie)
        | (?:resto|rimango|restiamo|rimaniamo) in attesa(?: di (?:un )?(?:suo|vostro|tuo|gentile
        |cortese)?[^.!?]{0,30})?
        | in attesa di (?:un )?(?:suo |vostro |tuo |gentile |cortese )?(?:riscontro|risposta)
        | a presto | buona (?:giornata|serata|settimana|domenica)
        | buon (?:lavoro|weekend|fine settimana) | ciao | (?:un )?abbraccio | baci
        | a risentirci | arrivederci
    """,
    thanks="""
        (?:(?:molte|tante|mille) )?grazie(?: (?:mille|tante|infinite|in anticipo|anticipatamente
        |di cuore|ancora|di tutto|per (?:l'
        |la |il |la vostra |la sua |il vostro )?[^\\W\\d]+))?
        (?: e (?:cordiali |distinti )?saluti| e buona giornata)?
        | (?:la|vi|ti) ringrazio(?: in anticipo| anticipatamente)?
        | ringrazi(?:o|ando)(?: anticipatamente| in anticipo)? | grato
    """,
    wrote="ha scritto | scrive | scriveva",
    senders="da | mittente",
    dates="inviato(?: il)? | data | inviata",
    recipients="a | cc | ccn",
    subjects="oggetto",
    originals="""
        messaggio originale | messaggio inoltrato | inizio messaggio inoltrato
        | messaggio originario | inoltrato da | messaggio d'origine
    """,
    reply_above="""
        (?:risposta|rispondere|rispondi).{0,30}(?:sopra|al di sopra) (?:di )?(?:questa|la
        |alla) (?:riga|linea)
    """,
    notices="""
        la (?:sua|tua|vostra) richiesta\\b[^.\\n]{0,40} è stata[ ]
        (?:aggiornata|risolta|chiusa|ricevuta)[^\\n]*
        | per aggiungere (?:ulteriori |altri )?commenti\\b[^\\n]*
        | (?:ti|le) è stat[oa] assegnat[oa]\\b[^\\n]*
        | [^\\n:]{2,60} ha (?:commentato|aggiunto un commento)[:.]?\\s*$
    """,
    devices="""
        inviat[oa] (?:da|dal|con|tramite|via|dalla) {device} | ottieni {device}
        | scarica {device} | mandato (?:da|dal) {device}
    """,
    disclaimers="""
        (?:questo|il presente) (?:messaggio|e-?mail)\\b.{0,80}\\b(?:riservat|confidenzial
        |destinat) | privo di virus | le informazioni contenute (?:in|nel)
        | avviso di riservatezza | (?:ricevi|riceve|ha[i]? ricevuto) quest[oa] (?:e-?mail|messaggio)
        | (?:mail|messaggio) priv[ao] di virus | per (?:disiscriver|cancellarti|annullare l')
        | (?:visualizza|vedi) (?:la )?richiesta\\b.{0,120} disattiva(?:re)? le notifiche
        | questa e-?mail è stata (?:controllata|analizzata|scansionata)
        | (?:quest[oa] (?:messaggio|e-?mail) è stat[oa] )?inviat[oa]\\b.{0,40}\\b(?:modulo|form)
        | prima di stampare | pensa all'ambiente | ai sensi del
        | questa e-?mail\\b.{0,80}\\b(?:riservat|confidenzial|destinat) | rispetta l'ambiente
    """,
    offices="""
        direttore | direttrice | responsabile | servizio clienti | assistenza | ufficio
        | amministrazione | s\\.?r\\.?l | s\\.?p\\.?a | addett[oa] | commerciale | reparto
        | titolare | geom | ing | avv
    """,
    contacts="telefono | cellulare | cell | sito | indirizzo | p\\.? ?iva | pec | tel",
)
_PT = Lexicon(
    greetings="""
        olá | ola | oi | boas | viva | bom dia | boa tarde | boa noite
        | prezad[oa]s?(?:\\(a\\)|/a)? | estimad[oa]s? | exm[oa]s?\\.?(?:\\(a\\))?
        | excelentíssim[oa]s? | ilm[oa]s? | a quem possa interessar
    """,
    dears="car[oa]s?(?:\\(a\\))? | querid[oa]s?",
    addressed="""
        apoio | ao | vendas | loja | clientes | a todos | todos | todas | equipe | equipa
        | senhor(?:a|es|as)? | sr | sra | srs | dona | dom | e | dr | dra | amigos? | cliente
        | pessoal | atendimento | suporte | tudo bem | novamente | de novo | da | do
    """,
    closings="""
        atenciosamente
        | (?:com )?(?:os )?(?:(?:meus |nossos )?(?:melhores|sinceros|cordiais
        |respeitosos) )?cumprimentos | cordialmente
        | (?:cordiais |melhores |as minhas )?saudações(?: cordiais)?
        | (?:um )?(?:grande |forte )?abraços? | att | at\\.?te | cpts? | respeitosamente
        | sinceramente | subscrevo-me(?: atenciosamente)? | abs | cumps
    """,
    cores="""
        (?:atenciosamente|cumprimentos|cordialmente|saudações|abraços?|respeitosamente
        |saudações (?:cordiais|académicas|acadêmicas)|estima|consideração)
    """,
    partings="""
        beijinhos | um beijo
        | (?:fico|ficamos|aguardo|aguardamos)(?: (?:no|ao|a) aguardo| à espera)?(?: d[eao]| (?:a
        |o) (?:sua|vossa|seu))?(?: [^\\W\\d]+){0,2} | até (?:breve|logo|já)
        | (?:tenha|tenham|desejo) um(?:a)? (?:bom|boa|ótimo|ótima|excelente) (?:dia|tarde|semana
        |fim de semana) | beijos | bjs | bom fim de semana | bom trabalho
    """,
    thanks="""
        (?:muito |muitíssimo |desde já,? (?:muito )?|bem )?obrigad[oa](?: (?:desde já
        |antecipadamente|pela (?:atenção|ajuda|atenção dispensada|resposta|compreensão)
        |pelo (?:apoio|retorno|contato|contacto)|por tudo|a todos|e (?:cumprimentos|abraços?)))?
        | grat[oa](?: desde já| pela atenção)?
        | (?:desde já )?agradeço(?: desde já| antecipadamente| a atenção| a ajuda)?
        | agradecid[oa] | valeu | obg
    """,
    wrote="escreveu",
    senders="de | remetente",
    dates="enviad[oa]s?(?: em| a)? | data",
    recipients="para | cc | cco",
    subjects="assunto",
    originals="""
        mensagem original | mensagem encaminhada | mensagem reencaminhada
        | início da mensagem (?:reencaminhada|encaminhada) | e-mail original | encaminhado por
    """,
    reply_above="(?:resposta|responda|responder).{0,40}acima d(?:esta|a) linha",
    notices="""
        (?:a )?(?:sua|tua) (?:solicitação|pergunta)\\b[^.\\n]{0,40} foi[ ]
        (?:atualizada|actualizada|resolvida|fechada|recebida)[^\\n]*
        | (?:o )?(?:seu|teu) (?:pedido de suporte|ticket|chamado)\\b[^.\\n]{0,40} foi[ ]
        (?:atualizado|actualizado|resolvido|fechado|recebido)[^\\n]*
        | para (?:adicionar|acrescentar) (?:mais |outros )?comentários?\\b[^\\n]*
        | [^\\n:]{2,60} (?:comentou|adicionou um comentário)[:.]?\\s*$
    """,
    devices="""
        enviad[oa] (?:do|da|de|a partir do|a partir de|pelo|pela|com o|com|via|usando o
        |através do) {device} | obter o {device} | obtenha o {device} | baixe o {device}
    """,
    disclaimers="""
        (?:esta mensagem|este e-?mail|este correio)\\b.{0,80}\\b(?:confidencia|destinad
        |destinatári|privilegiad) | aviso (?:legal|de confidencialidade) | livre de vírus
        | (?:ver|exibir) (?:a )?solicitação\\b.{0,120} desativar (?:as )?notificações
        | sem vírus | antes de imprimir (?:este|esta|o|a) (?:mensagem|e-?mail|correio)
        | este e-?mail foi (?:verificado|analisado)
        | (?:est[ea] (?:mensagem|e-?mail) foi )?enviad[oa]\\b.{0,40}\\bformulário
        | as informações contidas n
        | se (?:você|v\\.exa) não (?:for|é) o destinatário
    """,
    offices="""
        diretor(?:a)? | gerente | responsável | atendimento(?: ao cliente)? | apoio ao cliente
        | departamento | equip[ea] | lda | ltda | s\\.a | vendas | comercial | assistente
        | coordenador(?:a)? | suporte
    """,
    contacts="telefone | telemóvel | celular | cel | tlm | morada | endereço | telef | tel",
)
_NL = Lexicon(
    greetings="""
        geachte | hallo | hoi | hoi hoi | goede ?n? ?(?:morgen|middag|avond|dag)
        | aan (?:de )?klantenservice | weledelgeboren | mijne heren | l\\.s\\.
    """,
    dears="beste | lieve | dag",
    addressed="""
        van | de | winkel | dames | allemaal | allen | heren? | heer | mevrouw | mijnheer
        | meneer | dhr | mevr | mw | of | en | team | klantenservice | collega'?s? | mensen
        | heer/mevrouw | juf | meester | lezer | iedereen | daar | weer | klant | relatie
    """,
    closings="""
        (?:met )?(?:vriendelijke|hartelijke|beste|warme|zonnige|lieve) groet(?:en|jes)? | mvg
        | m\\.v\\.g | (?:met (?:een )?)?groet(?:en|jes)?(?: uit [^\\W\\d]+)? | hoogachtend
        | met (?:de meeste )?hoogachting | vr\\.? ?gr | m\\.?vr\\.?gr | hoogachtend
    """,
    cores="(?:groet|groeten|groetjes|hoogachting|hoogachtend)",
    partings="""
        in afwachting van (?:uw|je|jullie) [^\\W\\d]+
        | (?:ik |wij )?(?:zie|hoor) (?:uw|je|graag)(?: [^\\W\\d]+){0,3}(?: tegemoet)?
        | fijne (?:dag|avond|week)(?: verder| nog)? | (?:nog )?een fijne (?:dag|avond)
        | prettige? (?:dag|weekend) | fijn weekend | tot ziens | tot (?:snel|gauw|dan) | liefs
        | gr | doei | succes
    """,
    thanks="""
        (?:alvast |heel erg |hartelijk |ontzettend |zeer )?bedankt(?: (?:alvast|voor (?:uw|je
        |jullie|de|het) [^\\W\\d]+))?(?: en (?:vriendelijke )?groet(?:en)?)?
        | (?:wij |we |ik )?dank(?:en)?(?: (?:u|je|jullie))?(?: wel)?(?: alvast)?(?: voor (?:uw|je
        |jullie|de) [^\\W\\d]+)? | (?:hartelijk|bij voorbaat|alvast|veel|heel veel|met) dank | bvd
        | dankjewel | dankuwel
    """,
    wrote="schreef | geschreven | heeft het volgende geschreven",
    senders="van | afzender",
    dates="verzonden(?: op)? | datum | verstuurd",
    recipients="aan | cc",
    subjects="onderwerp",
    originals="""
        oorspronkelijk bericht | origineel bericht | doorgestuurd bericht
        | begin doorgestuurd bericht | oorspronkelijke bericht | doorgezonden bericht
        | oorspronkelijke afspraak
    """,
    reply_above="(?:antwoord|reageer|reactie).{0,30}boven deze (?:regel|lijn)",
    notices="""
        (?:uw|je|jouw) (?:verzoek|aanvraag|ticket)\\b[^.\\n]{0,40} (?:is|werd)[ ]
        (?:bijgewerkt|opgelost|gesloten|ontvangen)[^\\n]*
        | om (?:extra |aanvullende |meer )?opmerkingen toe te voegen\\b[^\\n]*
        | [^\\n:]{2,60} (?:reageerde|heeft gereageerd|heeft een opmerking toegevoegd)[:.]?\\s*$
    """,
    devices="""
        (?:verstuurd|verzonden|gestuurd) (?:vanaf|vanuit|met|via|van|door) {device}
        | (?:download|ontvang|krijg) {device} | {device} downloaden
    """,
    disclaimers="""
        (?:dit (?:e-?mail)?bericht|deze e-?mail)\\b.{0,80}\\b(?:vertrouwelijk|bestemd
        |geadresseerde) | virusvrij | denk aan het milieu | de informatie in (?:dit|deze)
        | vertrouwelijkheidsverklaring | (?:dit|deze) e-?mail(?:bericht)? is .{0,20}gecontroleerd
        | (?:dit (?:e-?mail)?bericht is )?(?:verzonden|verstuurd)\\b.{0,40}formulier
        | verzoek (?:weergeven|bekijken)\\b.{0,120} meldingen [^.!?]{0,30}uitschakelen
        | indien u niet de | (?:je|u) ontvangt (?:deze|dit) (?:e-?mail|mail|bericht)
        | uitschrijven(?=\\W*(?:\\||$))
    """,
    offices="""
        directeur | manager | klantenservice | afdeling | medewerk(?:er|ster) | b\\.?v | n\\.v
        | v\\.o\\.f | adviseur | verkoop | administratie | hoofd | eigenaar
    """,
    contacts="telefoon | mobiel | adres | kvk | btw | tel",
)
_PL = Lexicon(
    greetings="""
        dzień dobry | dzien dobry | dobry wieczór | witam(?: serdecznie)? | witaj(?:cie)?
        | do (?:działu|biura) obsługi | cześć | czesc | hej(?:ka)? | siema | szanown[yai]e?
    """,
    dears="drog[ia]e? | drodzy | kochan[iay] | halo | pani[e]? | państwo",
    addressed="""
        doktor(?:ze)? | profesorze | dyrektorze | redakcji | państwu | obsługi | państwo | panie
        | pani | panowie | pana | wszystkim | wszystkich | wszyscy | zespole | zespół | i
        | ponownie | raz jeszcze | firmo | kliencie | klientko | obsługo | klienta | dziale
        | redakcjo
    """,
    closings="""
        (?:serdecznie |gorąco |ciepło |również )?pozdrawiam(?:y)?
        (?: serdecznie| gorąco| ciepło| cieplutko)?
        | z (?:poważaniem|wyrazami szacunku|szacunkiem)
        | (?:serdeczne |gorące |z |łączę |z serdecznymi |przesyłam )?pozdrowienia(?:mi)?
        | łączę (?:pozdrowienia|wyrazy szacunku) | z pozdrowieniami | pozdr | pozdro | pzdr
        | z serdecznymi pozdrowieniami
    """,
    cores="""
        (?:pozdrowienia|pozdrowieniami|pozdrowieniem|pozdrawiam|pozdrawiamy|poważaniem|szacunku|szacunkiem
        |uszanowaniem)
    """,
    partings="""
        (?:czekam|czekamy|oczekuję) na (?:odpowiedź|państwa odpowiedź|szybką odpowiedź
        |informację) | (?:życzę )?miłego (?:dnia|wieczoru|tygodnia|weekendu)
        | do (?:widzenia|usłyszenia|zobaczenia) | buziaki | spokojnego dnia | udanego dnia
    """,
    thanks="""
        (?:bardzo |serdecznie |z góry |pięknie )?dzięk(?:uję|uje|ujemy|i)(?: (?:bardzo|z góry
        |serdecznie|i pozdrawiam|za (?:pomoc|odpowiedź|wszystko|szybką odpowiedź|zrozumienie)))*
        | z góry (?:dziękuję|dzięki)(?: za (?:pomoc|odpowiedź))? | z podziękowaniem
        | będę wdzięczn[ya]
    """,
    wrote="""
        pisze | napisał(?:a|\\(a\\)|/a)? | napisano | wiadomość napisana przez | pisał\\(?a?\\)?
    """,
    senders="od | nadawca",
    dates="wysłan[oey](?: dnia)? | data | wyslano",
    recipients="do | dw | udw",
    subjects="temat",
    originals="""
        wiadomość oryginalna | oryginalna wiadomość | wiadomość przekazana
        | przekazana wiadomość | treść przekazanej wiadomości | wiadomość źródłowa
        | początek przekazywanej wiadomości | przekazana dalej
    """,
    reply_above="""
        odpowied[zź].{0,40}(?:powyżej|nad) (?:tej|tego|tym|tą) (?:lini[iąe]|wiersz(?:a|em)
        |liniją)
    """,
    notices="""
        (?:twoje|państwa|pana|pani) zgłoszenie\\b[^.\\n]{0,40} zostało[ ]
        (?:zaktualizowane|rozwiązane|zamknięte|przyjęte)[^\\n]*
        | aby dodać (?:kolejne |więcej )?komentarz[ey]?\\b[^\\n]*
        | [^\\n:]{2,60} (?:skomentowała?|dodała? komentarz)[:.]?\\s*$
    """,
    devices="""
        wysłan[oeya] (?:z|ze|za pomocą|przez|przy użyciu) {device} | pobierz {device}
        | wiadomość wysłana z {device}
    """,
    disclaimers="""
        (?:ta|niniejsza) (?:wiadomość|korespondencja)\\b.{0,80}\\b(?:poufn|przeznaczon|adresat)
        | treść (?:tej|niniejszej) wiadomości | ta wiadomość została (?:sprawdzona|przeskanowana)
        | (?:ta wiadomość została )?wysłan[ao]\\b.{0,40}\\bformularz | wolny od wirusów
        | (?:wyświetl|zobacz) (?:zgłoszenie|żądanie)\\b.{0,120} wyłącz powiadomienia
        | klauzula poufności | otrzymuj(?:esz|ą państwo) (?:tę|tą) wiadomość | wypisz się
        | wiadomość (?:została )?wysłan[ao] z formularza
        | informacje zawarte w (?:tej|niniejszej) | zanim wydrukujesz | pomyśl o środowisku
        | administratorem (?:pani|państwa|pana) danych
    """,
    offices="""
        dyrektor | kierownik | obsługa klienta | biuro obsługi | dział | sp\\. ?z ?o\\.? ?o
        | s\\.a | specjalist(?:a|ka) | doradca | prezes | asystent(?:ka)? | zespół .{2,30}
        | właściciel
    """,
    contacts="telefon | kom | komórka | faks | adres | nip | regon | tel",
)
_SV = Lexicon(
    greetings="""
        hej(?:san| hej|hej)? | hallå | god (?:morgon|förmiddag|kväll|dag|eftermiddag|middag)
        | goddag | tjena | tjenare | till (?:kundtjänst|kundservice|supporten)(?:en)?
        | till berörd(?:a)? (?:person(?:er)?|part(?:er)?)
    """,
    dears="kär[ae] | bäst[ae]",
    addressed="""
        på | kundservice | butiken | alla | på er | igen | där | team | kundtjänst | kundservice
        | och | alla på | ni | herr | fru | support | gänget | kund | allihop
    """,
    closings="""
        (?:med )?(?:(?:vänlig|varm|bäst|hjärtlig|sommar|många )?(?:a|liga?)? ?)?hälsning(?:ar
        |en)?(?: från [^\\W\\d]+)?
        | (?:med )?(?:vänliga?|bästa|varma|hjärtliga|många) hälsning(?:ar)? | mvh | m\\.v\\.h
        | vänligen | högaktningsfullt | vh | hälsar | bästa hälsningar
    """,
    cores="(?:[^\\W\\d]{0,12}hälsning(?:ar|en)?|vänligen|högaktningsfullt)",
    partings="""
        (?:jag |vi )?ser fram emot (?:ditt|ert|er|din) (?:svar|återkoppling) | kram(?:ar)?
        | önskar (?:er|dig) en [^.!?]{3,30}
        | ha (?:en|det) (?:bra|fin|trevlig|skön|så bra|fint|g[oö]tt|så gott)
        (?: dag| kväll| helg| fortsatt dag)?
        | hej då | trevlig (?:helg|dag|kväll) | vi hörs | ha det bra
    """,
    thanks="""
        (?:stort |tusen |många |varmt |ett stort )?tack(?:ar)?(?: (?:så mycket|på förhand
        |för (?:hjälpen|svar(?:et)?|din hjälp|er hjälp|snabbt svar)|igen|alla
        |snälla))?(?: och (?:hälsningar|vänliga hälsningar))? | tackar | på förhand tack | tack!
    """,
    wrote="skrev | skriver",
    senders="från | avsändare",
    dates="skickat | datum | skickades",
    recipients="till | kopia",
    subjects="ämne | ärende",
    originals="""
        ursprungligt meddelande | originalmeddelande
        | vidarebefordrat (?:meddelande|brev|mejl|mail|e-postmeddelande) | ursprungligt mejl
        | vidarebefordrat av | ursprungligt brev | börja vidarebefordrat meddelande
    """,
    reply_above="svar.{0,30}(?:ovanför|över) (?:den här|denna) (?:rad(?:en)?|linje(?:n)?)",
    notices="""
        (?:din|er) (?:förfrågan|begäran)\\b[^.\\n]{0,40} har[ ]
        (?:uppdaterats|lösts|stängts|mottagits)[^\\n]*
        | (?:ditt|ert) ärende\\b[^.\\n]{0,40} har (?:uppdaterats|lösts|stängts|mottagits)[^\\n]*
        | för att lägga till (?:fler |ytterligare )?kommentarer\\b[^\\n]*
        | [^\\n:]{2,60} (?:kommenterade|har kommenterat|lade till en kommentar)[:.]?\\s*$
    """,
    devices="""
        skickat (?:från|med|via) {device} | hämta {device} | skaffa {device}
        | ladda ner {device}
    """,
    disclaimers="""
        (?:detta (?:meddelande|mejl|mail|e-post(?:meddelande)?)
        |denna e-post)\\b.{0,80}\\b(?:konfidentiell|avsett|avsedd|sekretess) | virusfri
        | tänk på miljön | (?:detta meddelande|denna e-post) har (?:kontrollerats|genomsökts)
        | (?:detta meddelande |meddelandet )?skickades\\b.{0,40}formulär | avregistrera
        | du (?:får|har fått) (?:detta|det här) (?:mejl|mail|meddelande|utskick)et?
        | visa (?:begäran|ärende)\\b.{0,120} stäng av [^.!?]{0,20}(?:aviseringar|meddelanden)
        | informationen i detta
        | om du inte är (?:rätt|avsedd) mottagare
    """,
    offices="""
        chef | kundtjänst | kundservice | avdelning(?:en)? | handläggare | säljare | ab
        | direktör | ansvarig | medarbetare | ekonomi | rådgivare | vd
    """,
    contacts="telefon | mobil | tfn | hemsida | adress | org\\.?nr | växel | tel",
)
_JA = Lexicon(
    greetings="""
        (?:初めて|はじめて)(?:ご)?(?:連絡|メール)(?:を|差し上げ)?(?:さし上げ)?(?:します
        |いたします|致します|申し上げます|ます)
        | (?:いつも)?(?:大変)?お世話になっ?(?:て(?:おり|い)ます|ります)
        | お世話になって(?:おり|い)ます。[^。、\\s]{1,8}(?:です|と申します|でございます)
        | 拝啓[^。\\n]{1,60}(?:申し上げます|存じます)
        | いつもお世話になっております | こんにちは | こんばんは | おはようございます
        | いつもありがとうございます | はじめまして | 初めまして | 拝啓 | 前略 | お疲れ様です
        | お疲れさまです
        | お世話になります | お世話さまです | 初めてご連絡(?:いた|致)します
        | 突然の(?:ご連絡|ご?メール)(?:で|を)?、?(?:大変)?失礼(?:いた|致)します
        | 平素(?:より|は).{0,30}(?:御礼申し上げます|ありがとうございます|お世話になっております)
        | (?:お問い合わせ|ご連絡)(?:いただき)?(?:、)?(?:誠に)?ありがとうございます
    """,
    closings="""
        (?:では|それでは|じゃあ|じゃ)?また(?:ね)?
        | [^。]{0,20}(?:恐れ入り|恐縮|手数|忙しい|面倒|迷惑|勝手|申し訳)[^。]{0,15}、(?:何卒
        |どうぞ)?[、 ]?(?:ご[^。、]{1,6}(?:の(?:ほど|程)|を)?[、 ]?)?
        (?:よろしく|宜しく)(?:お願い|御願い)(?:します|いたします|致します
        |申し上げます)
        | (?:ご返信|お返事|ご回答|ご連絡)(?:を|の(?:ほど|程))?(?:、)?お待ち(?:して(?:おり
        |い)ます|申し上げ(?:て(?:おり)?)?ます)
        | [^。]{0,20}ご(?:確認|対応|検討|回答|返信|連絡|査収|教示|返答|手配)(?:の)?(?:ほど|程)[、 ]?
        (?:何卒|どうぞ)?(?:お願い|御願い)(?:します|いたします|致します|申し上げます)
        | (?:以上[、。]?)?(?:何卒|なにとぞ|どうぞ|それでは|では|今後とも|引き続き|お手数ですが
        |お手数をおかけしますが|恐れ入りますが|お忙しいところ恐縮ですが)?[、 ]?(?:何卒
        |どうぞ)?[、 ]?(?:ご(?:確認|対応|検討|回答|返信|連絡|査収|教示|返答)(?:の(?:ほど
        |程))?を?[、 ]?)?(?:何卒|どうぞ)?[、 ]?(?:よろしく|宜しく)(?:お願い|御願い
        |おねがい)(?:します|いたします|致します|申し上げます|いたします) | 敬具 | 草々 | 以上
        | 以上です | 取り急ぎ.{0,12}まで | かしこ | 失礼(?:いた|致)します | よろしく
    """,
    thanks="""
        (?:誠に|どうも|本当に)?(?:ありがとうございます|ありがとうございました|ありがとう
        |有難うございます|感謝(?:いた|致)します)
    """,
    wrote="""
        のメール | のメッセージ | が書きました | は書きました | さんは書きました
        | が書き込みました | (?:さん)?の投稿 | からのメール | のコメント | より
    """,
    senders="差出人 | 送信者 | 送信元 | from",
    dates="送信日時 | 日付 | 日時 | 送信日",
    recipients="宛先 | 受信者 | cc",
    subjects="件名 | 題名",
    originals="""
        元のメッセージ | 転送されたメッセージ | 転送メッセージ | オリジナルメッセージ
        | 元のメール | ここから転送されたメッセージ | 転送メール
        | 以下は転送されたメッセージです
    """,
    reply_above="""
        (?:この|下の)(?:行|線|ライン).{0,6}(?:上|より上).{0,20}(?:返信|入力|記入|回答)
        |返信.{0,12}この(?:行|線)(?:の|より)上
    """,
    notices="""
        (?:お客様の)?(?:リクエスト|お問い合わせ|チケット)[^。\\n]{0,30}が?(?:更新|解決|受付)されました[^\\n]*
        | (?:さらに)?コメントを(?:追加|返信)するには[^\\n]*
        | [^。\\n:]{2,40}が?コメント(?:しました|を追加しました)[:：。]?\\s*$
    """,
    devices="""
        {device}(?:から|より|で|を使って)送信(?:されました|しました)?
        | {device}を(?:入手|取得|ダウンロード)(?:する)? | {device}から送信
    """,
    disclaimers="""
        (?:この|本)(?:メール|電子メール|メッセージ).{0,60}(?:機密|秘密|宛先|受信者|名宛人)
        |.{0,10}誤って受信|ウイルス(?:フリー|なし)|このメールは.{0,80}(?:送信|配信)|配信停止
        |リクエストを?表示.{0,120}通知を(?:オフ|無効)
    """,
    offices="""
        株式会社.{0,20} | .{1,20}株式会社 | 有限会社.{0,20}
        | .{1,20}(?:部|課|室|係)(?: .{1,12})?
        | .{0,12}(?:担当|サポート|カスタマーサービス|カスタマーサポート|お客様窓口|窓口|センター
        |課長|部長|店長|チーム)
    """,
    contacts="電話 | 携帯 | ファックス | 住所 | メール | 〒 | ＴＥＬ | ＦＡＸ | tel | url",
)
_ZH = Lexicon(
    greetings="""
        [您你]们?好 | 大家好 | (?:早上|上午|中午|下午|晚上)好 | 早安 | 晚安 | 午安 | 嗨
        | 哈[喽囉罗] | 敬启者 | 敬啟者 | 老师好 | 亲 | hello
    """,
    closings="""
        [^，。\\s]{1,8}\\s?(?:敬上|谨上|敬启)
        | 再[见會会] | 拜拜 | 回[见头见] | 期待[您你]的(?:回复|答复|回信|回覆)
        | (?:盼|望)(?:回复|复|覆) | 么么哒 | 比心 | 祝 | (?:商|时|時|春|夏|秋|冬|文|台|教|编|編)祺
        | (?:近|大|春|秋)安 | 安康 | 此致 | 敬礼 | 敬禮 | 此致[,， ]?敬[礼禮] | 祝好
        | (?:顺|敬|谨|順|謹)(?:祝|颂|頌|候).{2,6} | 祝[商顺順].{1,3} | 敬上 | 谨上 | 謹上 | 上
        | 祝[您你]?[:：,， ]?(?:.{0,6}(?:愉快|顺利|順利|安好|健康|如意|开心|開心|快乐|快樂
        |生意兴隆|生意興隆)) | (?:诚挚|誠摯|最好|最诚挚|最真摯)的(?:问候|祝福|問候)
    """,
    thanks="""
        (?:麻烦|麻煩|拜托|拜託|辛苦)(?:了|[您你]了|大家了)?(?:[,，！!]? ?(?:谢谢|感谢|謝謝|感謝
        |多谢))?(?:了|[您你]|啦)?
        | (?:非常|多|十分|万分|萬分|先|衷心|谢谢|感谢)?(?:谢谢|感谢|感謝|謝謝|多谢|多謝|致谢
        |谢了|谢)(?:[您你]们?的?(?:帮助|支持|配合|理解|耐心|关注|關注|信任)(?:[与和及、與]
        (?:帮助|支持|配合|理解|耐心|信任))?|[您你]|了|大家|啦|您了)?
    """,
    wrote="写道 | 寫道 | 的来信 | 編寫 | 撰写",
    senders="发件人 | 寄件者 | 寄件人 | 發件人",
    dates="""
        发送时间 | 日期 | 时间 | 寄件日期 | 傳送時間 | 已发送 | 發送日期 | 已傳送 | 发送日期
        | 日期
    """,
    recipients="收件人 | 收件者 | 抄送 | 副本",
    subjects="主题 | 主旨 | 標題 | 标题 | 主題",
    originals="""
        原始邮件 | 原始郵件 | 转发的邮件 | 转发邮件 | 轉寄的郵件 | 转发邮件信息 | 回复的原邮件
        | 回复的邮件 | 原始訊息 | 原邮件 | 下面是被转发的邮件 | 开始转发的邮件 | 轉寄郵件
        | 以下是转发的邮件 | 開始轉寄郵件 | 转发的消息
    """,
    reply_above="""
        (?:此|这|這|本)(?:行|线|線)(?:的)?(?:上方|之上|以上|上面).{0,16}(?:回复|回覆|答复|输入
        |輸入)|(?:回复|回覆).{0,16}(?:此|这|這)(?:行|线)(?:的)?(?:上方|之上|以上|上面)
    """,
    notices="""
        [您你]的(?:请求|請求|工单|工單)[^。\\n]{0,30}已(?:被)?(?:更新|解决|解決|关闭|關閉|收到)[^\\n]*
        | (?:要|如需|若要)(?:添加|新增|补充)(?:其他|更多)?(?:评论|評論|留言)[^\\n]*
        | [^。\\n:：]{2,40}(?:发表了评论|添加了评论|發表了評論|新增了評論)[:：。]?\\s*$
    """,
    devices="""
        [发發](?:自|送自|送於)(?:我的)? ?{device}
        | (?:来自|從|从)(?:我的)? ?{device}(?:[发發]送|傳送)?
        | 获取(?:适用于.{2,12}的)? ?{device} | 取得(?:.{2,12}版)? ?{device} | 下载{device}
        | [发發]自.{0,20}(?:手机|手機|客户端|邮箱|邮箱大师|郵箱)
        | 从.{0,20}(?:手机|客户端|邮箱)发送 | 通过.{0,20}发送 | 使用{device}[发發]送.{0,20}
    """,
    disclaimers="""
        (?:此|本|该)(?:邮件|郵件|电子邮件|電子郵件|信件|邮件及其附件).{0,60}(?:保密|机密|機密
        |收件人|指定)|无病毒|不含病毒|保密声明|如(?:不想|不愿|需)[^。]{0,16}(?:收到|退订)|[您你]收到此邮件
        |查看(?:请求|請求|工单|工單).{0,120}(?:关闭|關閉).{0,12}通知
    """,
    offices="""
        (?:.{1,24}(?:有限公司|公司|集团))
        | .{0,12}(?:客服|客服部|经理|經理|部|服务中心|團隊|团队|总监|主管|客户服务(?:部)?)
    """,
    contacts="""
        电话 | 電話 | 手机 | 手機 | 传真 | 傳真 | 邮箱 | 郵箱 | 地址 | 微信 | qq | 网址 | 網址
        | 邮件
    """,
)
LEXICONS: dict[str, Lexicon] = {
    "English": _EN, "German": _DE, "French": _FR, "Spanish": _ES, "Italian": _IT,
    "Portuguese": _PT, "Dutch": _NL, "Polish": _PL, "Swedish": _SV, "Japanese": _JA,
    "Chinese": _ZH,
}  # fmt: skip
"""Language → its set phrases: the languages whose mails are understood."""
DEVICES = words(
    """iphon ipad ipod android samsung galaxy huawei xiaomi redmi oppo pixel nokia sony xperia
    blackberry windows phone handy mobil móvil cellulare telef smartphone tablet device dispositivo
    urządzeni komórk komputer mail outlook posta poczt courrier correo correio post hotmail yahoo
    gmx web.de thunderbird k-9 spark airmail proton aol sfr orange qq 手机 手機 スマート 携帯 客户端
    邮箱 端末 unterwegs 发送 brevity typo spelling kürze tippfehler brièveté fautes concision faltas
    erratas brevedad"""
)
"""Every footer of a program or a telephone has one of these words in it, in small letters."""
PROGRAMS = phrases_of(
    """iphon | ipad | ipod | android | samsung | galaxy | huawei | xiaomi | redmi | oppo | pixel
    | nokia | sony | xperia | blackberry | fairphone | windows | outlook | hotmail | yahoo | gmail
    | gmx | web\\.de | thunderbird | k-9 | spark | airmail | proton | aol | qq | mailspring
    | mail\\.ru
    | \\bmail (?:orange|sfr) | \\b(?:orange|sfr|telekom) (?:mail|post)
    | (?<!voic)[^\\W\\d_]{3}mail\\b
    | \\b(?:libero|edison|seznam|virgilio|ziggo|telia) (?:e-?)?mail
    | (?-i:(?<!Royal )(?<=[A-Za-z0-9] )Mail\\b)
    | \\b(?:e-?mail|mail|poczta|posta|correo|courrier)[ -]app
    | \\bap[pl][^\\W\\d_]{0,9}\\W(?:[^\\W\\d_]+\\W){0,2}
    (?:mail|poczta|posta|correo|correio|courrier)\\b
    | 邮箱 | 客户端 | почт | メール"""
)
"""Names of devices and programs, each of which says by what a mail was sent."""
TELEPHONES = phrases_of(
    """(?:smart|tele|mobile )?phone | handy | mobil[^\\W\\d_]* | móvil | cellulare | cell | portable
    | t[eé]l[eé]f[^\\W\\d_]{0,8} | telefon[^\\W\\d_]{0,3} | smart[fp]h?on[^\\W\\d_]{0,4}
    | tabl[^\\W\\d_]{1,5}
    | (?:[^\\W\\d_]+ )?device | dispositivo | appareil | apparaat | enhet | urządzeni[^\\W\\d_]{1,3}
    | komórk[^\\W\\d_]{1,2} | komputer[^\\W\\d_]? | unterwegs | the go
    | 手机 | 手機 | スマート[フホ][^\\s]{1,3} | 携帯 | 端末 | 휴대폰 | телефон[^\\W\\d_]?"""
)
"""What else it may be sent from, in words that other sentences have too."""
BREVITY = phrases_of(
    """brevity | typos? | spelling | kürze | tippfehler | fautes | brièveté | concision | faltas
    | erratas | brevedad"""
)
"""What footers of telephones ask to be excused."""
FETCHES = phrases_of(
    """get | download | hol[^\\W\\d_]{0,3} | obt[^\\W\\d_]{1,6} | télécharge[^\\W\\d_]{0,2}
    | descarg[^\\W\\d_]{1,3}
    | consig[^\\W\\d_]{1,2} | ottieni | scarica | baixe | ontvang | krijg | pobierz | hämta | skaffa
    | ladda | hent | hanki"""
)
"""How footers begin that advertise a program."""
_DEVICE = rf"(?:[^.!?\n]{{0,40}}?{either('|'.join(map(re.escape, sorted(DEVICES))))}[^\n]{{0,60}})"


PROSE = words(
    """i'm i've i'd i'll is isn't are am was were have has had not don't didn't can't won't but
    please my your you we it it's this that these those there what which why when how can could
    would should will do does did be been me us if so because also just still then he she they
    ich wir ist sind war waren habe hat haben hatte nicht kein keine aber mein meine meinen meiner
    ihr ihre ihnen sie es ein eine einen einem das dass wie was wann warum kann können bitte noch
    auch wenn mir mich uns wird werden wurde sich schon
    je j'ai j'en c'est n'est n'ai ne nous est sont était pas vous mon ma mes votre vos une mais que
    qu'il qui ce cette il elle on peut puis avez avons ont sur avec plus déjà
    no mi mis su sus es está están son tengo tiene han ha he me nos se lo que pero como cuando una
    esta este ya muy puede pueden quiero
    non è sono ho ha hai abbiamo mio mia miei vostro vostra suo sua mi ci si che ma come quando una
    questo questa può potete vorrei già
    não é está são tenho tem têm meu minha seu sua eu nós me nos se mas como quando uma este esta
    pode podem gostaria já
    ik wij we is zijn was heb heeft hebben niet geen maar mijn uw jullie je het een dit dat deze
    hoe wanneer waarom kan kunt kunnen nog ook als mij ons wordt
    nie jest są był była mam mamy ma moje mój moja państwa pana pani się że ale jak kiedy dlaczego
    czy może mogę proszę to ten ta już jeszcze mi mnie nas
    jag är var har hade inte ingen men min mitt mina er ert ni du det den ett detta som hur när
    varför kan om oss mig blir redan också"""
)
"""Words of sentences, in the languages that are written with spaces: hardly a name, an address or a
position has one."""


MATTERS = phrases_of(
    """address | deliver | ship(?:ped|ping)? to | recipient | phone number | passengers?
    | names?\\b | contact (?:person|details) | adress | anschrift | liefer | empfänger
    | telefonnummer | namen?\\b | ansprechpartner | coordonnées | livr(?:er|aison|é)
    | destinataire | numéro de téléphone | noms?\\b | dirección | direcciones | enví(?:en|o)
    | destinatario | número de teléfono | nombres?\\b | indirizz | spedi | consegn
    | numero di telefono | nom[ei]\\b | intestat | morada | endereço | entreg
    | número de telefone | bezorg | lever | telefoonnummer | contactpersoon | naam\\b | adres
    | dostaw | nazwisk | numer telefonu | odbior | leverans | mottagare | telefonnummer | namn\\b"""
)
"""How words begin by which people say that an address, a name or a number is what they write of."""


LEGAL = {
    "secret": """
        confidential | confidentiel | confidencia | confidenzial | vertraulich | riservat
        | vertrouwelijk | poufn | konfidenti | privileged | privilégié | privilegiad | secreto
        | 機密 | 秘密 | 保密 | 机密
    """,
    "addressee": """
        recipient | addressee | empfänger | adressat | destinat[aá]ri | destinataire
        | geadresseerde | ontvanger | adresat | odbiorc | mottagare | 受信者 | 名宛人 | 收件人
    """,
    "mail": """
        this (?:e-?mail|message|communication) | diese[rs]? (?:e-?mail|nachricht|mail)
        | (?:ce|présent) (?:message|courriel|mail) | este (?:mensaje|correo|e-?mail)
        | (?:questo|presente) messaggio | questa e-?mail | esta mensagem
        | dit (?:e-?mail)?bericht | deze e-?mail | niniejsz\\w+ wiadomo | ta wiadomość
        | detta (?:meddelande|mejl|mail) | denna e-post | 本メール | このメール | [本此]邮件
    """,
    "forbidden": """
        unauthori[sz]ed | prohibited | unbefugt | unzulässig | interdit | prohibid
        | no autorizad | não autorizad | vietat | proibid | verboden | zabronion | förbjud | 禁止
    """,
    "delete": """
        delete | notify the sender | löschen | vernichten | détrui | supprim | elimin | borr[ea]
        | bórr | cancell | apag(?:ar|ue) | verwijder | usuń | usuni | radera | 削除 | 删除
    """,
    "print": """
        printing | print this | ausdruck | drucken | imprim | stampare | afdrukken | drukow | drukuj
        | wydruk | skriver? ut | utskrift | 印刷 | 打印
    """,
    "environment": """
        environment | umwelt | environnement | ambiente | milieu | środowisk | miljön | 環境
        | 环保 | 环境
    """,
    "virus": "virus | virenfrei | vírus | antivir | malware | wirus | ウイルス | ウィルス | 病毒",
    "register": """
        registered (?:in|office|no) | handelsregister | (?:amts|register)gericht
        | sitz der gesellschaft | vorstand | aufsichtsrat | geschäftsführ | hr[ab] \\d
        | (?:rcs|siret|siren|kvk|btw|krs|nip|regon|vat|cnpj|nif|cif|momsnr)\\b
        | registro mercantil | reg\\. imprese | capital (?:social|de) | org\\.? ?nr
        | ust-?id | st\\.-nr | steuernr | p\\.? ?iva | c\\.?f\\. | n\\.i\\.p\\.c
        | companies house | company (?:no|number|reg) | au capital | nipc\\b | cap\\. ?soc
        | innehar f-skatt | 登録番号 | 法人番号 | 统一社会信用 | 統一編號 | 統編
    """,
    "privacy": """
        datenschutz | privacy | gdpr | rgpd | dataskydd | personuppgift | rodo | lopd
        | personal data | personenbezogen | données personnelles | datos personales
        | dati personali | dados pessoais | persoonsgegevens | danych osobowych
        | regulated by | 個人情報 | 隐私
    """,
}
"""What legal footers speak of, by kind: a sentence that speaks of two is hardly a customer's."""


BILLED = phrases_of(
    """please bill | bill (?:it |this |me |us )?(?:to|at)\\b
    | invoice .{0,40}(?:to | address|name|company|details)
    | (?:our|my|company) details | rechnung .{0,40}(?: auf | an |adresse|firma|ausstell|umschreib)
    | rechnungsadresse | (?:unsere|meine|neue|firmen).{0,8}daten
    | facture .{0,40}(?:au nom|adresse|société|coordonnées) | (?:nos|mes) (?:données|coordonnées)
    | factura .{0,40}(?:a nombre|datos|empresa) | (?:nuestros|mis) datos
    | fattura .{0,40}(?:intestat|a nome|dati|azienda|ditta) | (?:nostri|miei) dati
    | (?:fatura|nota fiscal) .{0,40}(?:em nome|no nome|dados|empresa) | (?:nossos|meus) dados
    | factuur .{0,40}(?:op naam|aan |bedrijf|gegevens) | (?:onze|mijn) gegevens
    | faktur\\w{1,3} .{0,40}(?:na firmę|na |dane|dla ) | (?:nasze|moje) dane | o fakturę
    | faktura\\w{0,2} .{0,40}(?:till |ställ|företag|uppgifter) | (?:våra|mina) uppgifter
    | (?:請求書|領収書).{0,12}(?:宛|名義|会社) | (?:发票|發票).{0,8}(?:开|開|抬头|抬頭|给|給)"""
)
"""By which people say whom a bill is to be made out to, who is then told below."""


INVITES = phrases_of(
    """(?:please )?rate (?:this|my|our|your) (?:reply|answer|conversation|service|experience
    |support|chat) | how did (?:i|we) do\\W | tell us how we did
    | how (?:was|would you rate) (?:my|our|your) (?:reply|answer|service|support|experience)
    | (?:take|complete|fill in) (?:our|this|a) .{0,16}survey\\b
    | (?:bitte )?bewerten? sie (?:unser|diese|meine) | wie zufrieden (?:waren|sind) sie
    | ihre meinung (?:ist uns|zählt)
    | (?:notez|évaluez) (?:cet|notre|mon|nos) | votre avis (?:compte|nous)
    | (?:valore|valora|califique|califica|evalúe) (?:nuestr|este|esta|mi)
    | ¿?cómo (?:valora|calific) | su opinión (?:nos|cuenta)
    | (?:come )?valuta(?:te)? (?:il (?:nostro|servizio)|la nostra|questa) | la (?:sua|tua) opinione
    | (?:como )?avalia?e? (?:o (?:nosso|meu)|este|esta|nosso) | a sua opinião
    | beoordeel (?:ons|onze|dit|deze|mijn) | hoe tevreden (?:bent|was|ben) | uw mening telt
    | oceń (?:nas|tę|moją|rozmow) | jak oceniasz? | betygsätt (?:vår|oss|mitt|denna)
    | hur nöjd (?:är|var) | .{0,12}アンケートに.{0,2}(?:協力|回答)
    | (?:请|請)[您]?(?:对|为|對|為).{0,12}(?:评价|評價|評分) | 满意度(?:调查|评价)"""
)
"""How the lines begin by which desks ask to be rated, under an answer."""


URGENT = phrases_of(
    """(?:for|in) (?:all |any )?urgent (?:matters|cases|enquiries|inquiries|requests)
    | in (?:sehr )?(?:dringenden|eiligen) (?:fällen|angelegenheiten) | en cas d'urgence
    | pour toute urgence | en caso de urgencia | para asuntos urgentes
    | (?:in caso di|per) (?:urgenz[ea]|emergenza) | em caso de urgência | para assuntos urgentes
    | (?:bij|voor|in) (?:dringende|spoed) | w (?:pilnych|nagłych) (?:sprawach|przypadkach)
    | (?:vid|i) (?:akuta|brådskande) (?:ärenden|fall)
    | お急ぎの(?:場合|方|際) | [如若]有(?:急事|紧急|緊急)"""
)
"""What notices of absence say of those who cannot wait."""


GUARDED = phrases_of(
    """scanned | checked | encrypted | secured | protected | sent securely
    | geprüft | gescannt | verschlüsselt | geschützt | überprüft
    | analysé | vérifié | protégé | chiffré | sécurisé
    | analizado | escaneado | cifrado | protegido | verificado
    | scansionat[oa] | verificat[oa] | controllat[oa] | protett[oa] | crittografat[oa]
    | verificad[oa] | analisad[oa] | protegid[oa] | encriptad[oa]
    | gescand | gecontroleerd | versleuteld | beveiligd
    | przeskanowan[oaey] | sprawdzon[oaey] | zaszyfrowan[oaey] | zabezpieczon[oaey]
    | skanna[dt] | genomsök[t] | kryptera[dt] | kontrollera[dt] | skydda[dt]"""
)
"""How the lines begin that say by what a mail was scanned or sealed."""


GUARDS = phrases_of(
    """virus | vírus | wirus | malware | tls | s/mime | threats? | spam
    | security | ウイルス | 病毒"""
)


OF_DESKS = phrases_of(
    """status of (?:your|this|the) (?:ticket|request)
    | (?:stand|status) (?:ihrer|der|dieser|deiner) anfrage | (?:stand|status) (?:ihres|des) tickets
    | (?:statut|état|suivi|avancement) (?:de (?:votre|la|cette) demande|d[eu] (?:votre )?ticket)
    | estado de (?:su|tu|la|esta) solicitud | estado del? (?:su |tu )?ticket
    | stato (?:della (?:sua|tua|vostra)? ?richiesta|del (?:suo |tuo )?ticket)
    | (?:estado|andamento|status) d[aoe] (?:s[eu]u?a? |t[eu]u?a? )?
    (?:ticket|pedido|solicitação|chamado)
    | status van (?:uw|je|het|dit) (?:verzoek|ticket) | status (?:twojego )?zgłoszenia
    | status(?:en)? (?:på|för) (?:ditt|ert|din) (?:ärende|begäran)
    | (?:リクエスト|お問い合わせ|チケット)の(?:状況|ステータス)
    | (?:工单|工單|请求|請求)(?:的)?(?:状态|狀態|进度|進度)
    | (?:do not|don't) (?:change|edit|alter) the subject | keep the subject
    | betreff(?:zeile)? .{0,16}(?:nicht|unverändert) | (?:modifier|changer|conserver) l'objet
    | (?:cambi[ea]r?|modifi(?:que|car)) el asunto | (?:modificare|cambiare) l'oggetto
    | (?:altere|alterar|mude|mudar) o assunto | onderwerp .{0,16}(?:niet|ongewijzigd)
    | (?:zmienia[ćj]\\w*|zachowa\\w+) tematu? | (?:ändra|behåll) \\w{0,6} ?ämnes
    | 件名[はを].{0,4}変更 | (?:勿|不要)(?:更改|修改|變更)(?:主题|主旨|标题|標題)"""
)
"""Of what help desks speak below the signatures of their agents."""


WARM = phrases_of(
    """thank | dank | merci | remerci | graci | grazi | ringraz | obrigad | grat[oa] | dzięk
    | tack | kiito | děkuj | teşekk | спасиб | благодар | feliz | gutes | alles gute
    | love | appreciat | regard | wish | sincere | cordial | faithful | yours | warm | hug
    | cheer | gr[üu](?:ß|ss)
    | wünsch | herzlich | verbleib | hochachtung | salut | bien à | amiti | amical | respect
    | bonne (?:journée|soirée|fin|continuation) | agré(?:er|able) | attente de | salud | abraz
    | beso | atent | despid | espera de | cariño | cordiali | distinti | osserv | attesa | ossequi
    | buon[ao]? (?:lavoro|giornata|serata) | cumprim | votos | estima | subscrev | abraço | beij
    | groet | hoogacht | fijne | liefs | pozdr | poważa | szacun | uszanowa | miłego | życz
    | hälsn | hälsa | önska | kram | vänlig | hils | ønsk | terv | terkku | toivo | pozdrav
    | úct | přán | hezk | zdrav | saygı | sevgi | selam | iyi | уваж | пожела | всего | ваш
    | よろしく | 宜しく | お願い | 敬具 | 草々 | 此致 | 敬礼 | 祝 | 顺颂 | 드림 | 올림 | 감사"""
)
"""How words begin that closings are made of, and other sentences too."""


WISHED = phrases_of(
    """day | evening | afternoon | week | weekend | tag | abend | woche | wochenende | journée
    | soirée | semaine | week-end | continuation | día | tarde | noche | semana | giornata | serata
    | settimana | fine settimana | dia | noite | avond | dagen? | dnia | wieczoru | tygodnia
    | weekendu | kväll | helg | vecka | 一日 | 愉快"""
)
"""What people wish each other to have, where they part."""


ADVERTS = phrases_of(
    """facebook | instagram | linkedin | twitter | youtube | tiktok | xing | pinterest
    | follow us | folgen sie | suivez | síguenos | síganos | seguici | siga-nos | sigam
    | volg ons | obserwuj | śledź | följ oss | フォロー | 关注
    | zoom | teams | webex | calendly | my room | book a (?:slot|meeting|call) | passcode
    | meeting id | besprechung | termin buchen | rendez-vous | visio | agendar | agende
    | appuntament | vergadering | spotkani | möte | 会議 | 会议
    | newsletter | we're hiring | award | winner | auszeichnung | ausgezeichnet
    | (?:since|seit|depuis|desde|dal|sinds|od|sedan|est\\.) (?:roku )?1[89]\\d\\d
    | (?:since|seit|depuis|desde|dal|sinds|od|sedan) (?:roku )?20\\d\\d | 創業 | 成立于
    | opening hours | office hours | öffnungszeiten | sprechzeiten | bürozeiten | horaires
    | horario | horário | orari | openingstijden | bereikbaar | godziny | czynne | öppettider
    | 営業時間 | 营业时间 | 定休
    | (?:mo|di|mi|do|mon|lun|ma|pn|mån)[a-z]{0,5}\\.? ?(?:-|–|bis|to|a|à|t/m|do|till) ?
    (?:fr|ven|vie|sex|vr|pt)[a-z]{0,6}
    | (?:he/him|she/her|they/them|er/ihm|sie/ihr)
    | how did (?:i|we) do\\W | how was (?:my|our) (?:reply|answer|service|support)
    | rate (?:this|my|our|your) (?:reply|answer|conversation|service|experience|support)
    | (?:bewerten sie|bewerte) (?:uns|unseren?|diese[ns]?|meine) | wie zufrieden (?:waren|sind|bist)
    | notez (?:cet|notre|mon|cette) | votre avis (?:compte|nous)
    | (?:valore|valora|califique|califica) (?:nuestr|este|esta|mi)
    | valut[ai] (?:il nostro|la nostra|questa|il servizio) | la (?:sua|tua) opinione
    | avali(?:e|a) (?:o nosso|o meu|este|esta|nosso) | beoordeel (?:ons|onze|dit|deze|mijn)
    | oceń (?:nas|naszą|tę|moją|rozmow) | betygsätt | ご評価 | アンケート
    | 请(?:您)?(?:对|为).{0,12}评价
    | brevity | typos? | tippfehler | erratas | fautes de frappe | errori di battitura
    | erros de digitação | gralhas | typ-? ?en spelfouten | typefouten | tikfouten | literówki
    | stavfel | skrivfel | 誤字 | 错别字
    | (?:work|reply|respond|respons)[a-z]* (?:flexib|outside|outwith)"""
)
"""What signatures advertise: pages, rooms to meet in, hours, awards."""


ELSEWHERE = {
    "greetings": """
        hei | heisann | halla | god (?:morgen|dag|aften|kveld) | goddag | moi | moikka | terve
        | (?:hyvää )?(?:päivää|huomenta|iltaa|iltapäivää) | hyv[äa] | dobrý (?:den|večer)
        | dobré (?:ráno|odpoledne) | ahoj | čau | vážen[áýíé]+ | merhaba(?:lar)? | selam(?:lar)?
        | iyi (?:günler|akşamlar) | günaydın | sayın | здравствуй(?:те)? | привет(?:ствую)?
        | добр(?:ый|ого|ое|ої) (?:день|дня|вечер|утро|утра|времени суток) | уважаем(?:ый|ая|ые)
        | 안녕하(?:세요|십니까) | 수고(?:하십니다|많으십니다|하세요)
        | [가-힣]{1,10}(?: [가-힣]{1,6})? ?(?:담당자|선생|고객|팀장|대리|과장)?님(?:께|,)?
        | [가-힣]{2,12} 귀중
    """,
    "dears": "kære | kjære | milý | milá | дорог(?:ой|ая|ие)",
    "addressed": """
        alle | igjen | igen | dere | jer | taas | kaikki | vám | všem | ještě jednou | pane | paní
        | hanım | bey | yetkili | yetkililer | efendim | коллеги | все | всем | kundeservice
        | herra | rouva | asiakaspalvelu
    """,
    "closings": """
        (?:med )?(?:de )?(?:(?:venlig|vennlig|kærlig|hjertelig|bedste|beste|mange|varme|gode) ?)?
        (?:e )?hils(?:en|ener|ner)(?: fra [^\\W\\d]+)? | (?:kh|vh|m\\.v\\.h)
        | (?:(?:ystävällisin|parhain|lämpimin|kunnioittavin|terveisin) ?)?ter(?:veisin|kuin|v)\\b
        | ystävällisesti | kunnioittaen
        | s (?:pozdravem|přátelským pozdravem|úctou|díky|přáním [^.!?]{3,30})
        | (?:srdečně )?zdraví(?:m|me)? | hezký (?:den|večer|víkend)
        | (?:saygıl?ar[ıi]?m?(?:la|[ıi]zla)?|sevgiler(?:imle)?|selamlar(?:ımla)?|hürmetler(?:imle)?)
        | (?:iyi|kolay) (?:çalışmalar|günler|akşamlar|gelsin)
        | (?:с|c) (?:искренним )?уважением | (?:с )?наилучши(?:ми|е) пожелани(?:ями|я)
        | всего (?:доброго|хорошего|наилучшего) | хорошего (?:дня|вечера) | искренне ваш[аи]?
        | (?:[가-힣]{2,10} )*(?:드림|올림|배상)
    """,
    "cores": """
        (?:hilsen|hilsner|terveisin|terkuin|pozdravem|pozdravy|úctou|saygılarımla|saygılar
        |sevgiler|уважением|пожеланиями)
    """,
    "partings": """
        vi (?:ses|høres|snakkes) | ha (?:en|det) (?:god|fin|bra)[^.!?]{0,12} | nähdään
        | hyvää (?:jatkoa|viikonloppua|kesää) | mějte se(?: hezky)? | görüşmek üzere | kolay gelsin
        | до (?:свидания|встречи|связи) | жду (?:вашего )?ответа | 수고하세요~?
    """,
    "thanks": """
        (?:mange |tusen |hjertelig )?tak(?:k)?(?: (?:på forhånd|for hjælpen|for hjelpen))?
        | (?:paljon |suuri )?kiito(?:s|ksia?)(?: (?:jo )?etukäteen| avusta)? | kiittäen
        | (?:(?:předem|mockrát|moc) )?(?:děkuj(?:i|eme|u)|díky)(?: (?:předem|za [^.!?]{3,20}))?
        | (?:şimdiden |çok )?teşekkür(?:ler)?(?: ederi[mz])? | (?:большое )?спасибо(?: большое)?
        | (?:заранее )?(?:благодар(?:ю|им)|спасибо)(?: заранее)? | 감사(?:합니다|드립니다)
    """,
    "devices": """
        sendt (?:fra|via|med) {device} | (?:hent|skaff deg) {device}
        | lähetetty {device} | hanki {device} | odesláno (?:z|ze|pomocí) {device}
        | {device} gönderildi | отправлено (?:с|из) {device} | {device} 보냄
        | 나의 {device} | 내 {device} | надіслано (?:з|із) {device}
    """,
    "disclaimers": """
        \\{#[a-z]{2,8}:[^\\s{}]+#\\}\\s*$
        | [^.!?@]{0,40}\\b(?:v[ií]r[uú]s?|viry|вирус)[^\\W\\d]{0,8}[^.!?@]{0,20}\\.?
        [ ](?:www\\.|https?:)\\S+\\W*$
        | denne (?:e-?mail|e-post|melding(?:en)?|besked)\\b.{0,80}\\b(?:fortroli|konfidensi
        |bestemt)
        | (?:sendt|innsendt) fra kontakt(?:formular|skjema) | du (?:modtager|mottar) denne
        | (?:tämä|tämän) (?:viesti|sähköposti)\\w*\\b.{0,80}\\bluottamuksel
        | (?:tato|tento|obsah této) (?:zpráv|e-?mail)\\w*\\b.{0,80}\\b(?:důvěrn|určen)
        | bu (?:e-?posta|ileti|mesaj)\\b.{0,80}\\b(?:gizli|kişi)
        | (?:настоящее|данное|это) (?:электронное )?(?:сообщение|письмо)\\b.{0,80}конфиденциальн
        | (?:본|이) 메일은.{0,80}(?:기밀|수신|지정)
    """,
    "wrote": """
        skrev | kirjoitti | napsal(?:a)? | napísal(?:a)? | írta | yazdı | a scris | написал(?:а)?
        | пишет | пише | έγραψε | 작성 | 님이 작성 | đã viết | menulis | כתב | كتب
    """,
    "senders": """
        fra | lähettäjä | odesílatel | feladó | kimden | de la | от | від | από | 보낸 ?사람
    """,
    "dates": """
        sendt | lähetetty | päiväys | odesláno | elküldve | dátum | gönderildi | tarih | trimis
        | отправлено | дата | надіслано | στάλθηκε | ημερομηνία | 보낸 ?날짜 | 날짜 | dato
    """,
    "recipients": """
        til | vastaanottaja | komu | címzett | kime | către | кому | προς | 받는 ?사람 | kopi
    """,
    "subjects": "emne | aihe | předmět | predmet | tárgy | konu | subiect | тема | θέμα | 제목",
    "originals": """
        oprindelig meddelelse | opprinnelig melding | alkuperäinen viesti | původní zpráva
        | eredeti üzenet | orijinal mesaj | исходное сообщение | пересылаемое сообщение
        | videresendt (?:meddelelse|melding) | başlatılan mesaj | 원본 메시지 | 전달된 메시지
    """,
}
"""Of other languages, what is said most often around messages: how people greet, thank and close,
and what programs write over quoted messages and below one's own."""


def patterns(field: str) -> str:
    """Return one group of what all languages have in a field of `Lexicon`."""
    texts = [*(getattr(x, field) for x in LEXICONS.values()), ELSEWHERE.get(field, "")]
    return either("|".join(phrase for text in texts if text for phrase in phrases(text)))


def device_patterns() -> str:
    """Return one group of what all languages have in `devices`.

    What names a device is long: it stands there once for all that may come before it.
    """
    before: dict[str, list[str]] = {}
    for devices in (*(x.devices for x in LEXICONS.values()), ELSEWHERE["devices"]):
        for phrase in phrases(devices):
            start, device, end = phrase.partition("{device}")
            before.setdefault(device + end, []).append(start)
    ways = [f"{either('|'.join(starts))}{end}" for end, starts in before.items()]
    return f"(?:{'|'.join(ways)})".replace("{device}", _DEVICE)


MARKS = r"[^\w\n【]*"
"""What may stand in a line before its first word."""


def line_of(pattern: str) -> re.Pattern[str]:
    """Return a pattern compiled to match from the beginning of a line, marks before it skipped."""
    return lazy(MARKS + pattern, re.I)
