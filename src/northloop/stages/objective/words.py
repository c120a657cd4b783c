"""The words that objectives are written with in other languages, a table for each of them.

What stands on the left is English as `sentence` reads it, or the name of a metric; on the right are
patterns, apart by `
|`, that are compared without case and accents, apostrophes as spaces. In phrases
`<q>` is a quantity (a number, with its unit if it has one), `<t>` a span of time, `<f>` a fraction,
`<d>` a date or a period, `<m>` metrics and `<a>` any number of little words. Little words change
nothing wherever they stand: no negation, no comparison and no word for some of the tickets may be
among them. The first name of a metric is the one that examples are made with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

FRACTIONS = ("half", "third", "quarter", "fifth", "tenth")
MONTHS = re.findall(
    r"\w+",
    "january february march april may june july august september october november december",
)
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """
    a an the and or of to by in on at for from within over under below above until till before
    without while with than per our we us i it its is are be will would should must want like need
    needs get bring make have take keep aim goal target objective this that these next coming more
    less fewer lower higher shorter faster least most about up down off out end year years month
    months week weeks day days hour hours minute minutes percent points quarter half third reduce
    cut decrease increase raise improve boost lift drop lower shorten halve double average mean time
    times resolution handling handle rate share score customer customers satisfaction ticket tickets
    questions answers human agent agents answered resolved resolve contact first cost costs query
    january february march april may june july august september october november december
    """,
    )
)
"""What tells an English sentence from one in another language."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What objectives of one language are written with."""

    metrics: Mapping[str, str]
    """Name of a metric → how it is called."""
    months: str
    """Twelve patterns, apart by spaces."""
    ordinals: str
    """First to fourth, apart by spaces."""
    quarter: str
    half_year: str
    periods: Mapping[str, str]
    """A period as English has it ("next year") → how it is called."""
    spans: Mapping[str, str]
    """Spans of time that have names of their own: half a year."""
    units: Mapping[str, str]
    """A unit in English → what stands behind a number; "" for what says nothing more."""
    fractions: Mapping[str, str]
    numbers: Mapping[str, str]
    """Figures → how they are written out."""
    phrases: Mapping[str, str]
    little: str
    and_: str
    example_down: str
    """An objective with `{metric}` in it, for metrics of which less is better."""
    example_up: str
    of: str = ""
    """What may stand within a date: 30 *de* junio *de* 2027."""
    year: str = ""
    """What may stand behind a year."""
    year_before: str = ""
    next_: str = r"(?!)"
    """What may stand between a number and a span: seis *próximos* meses."""
    halves: tuple[str, str] = ("(?!)", "(?!)")
    """What the halves of a year are called without an ordinal."""
    is_unspaced: bool = False
    """Whether words are written without spaces between them."""


def _counting(written: str) -> Mapping[str, str]:
    """Return figures → how they are written out, from both of each, apart by slashes."""
    pairs = (one.split(None, 1) for one in written.split("/"))
    return {figure: words.strip() for figure, words in pairs}


_GERMAN = Words(
    metrics={
        "resolution_time": r"""
            Lösungszeit|(?:ticket|fall|problem)?lösungs(?:zeit|dauer)(?:en)?
            |(?:zeit|dauer) bis zu[rm]? (?:(?:end)?gültigen )?(?:lösung|abschluss|schliessung
            |erledigung)
            |mttr|zeit,? (?:um|bis) (?:ein )?(?:tickets?|anfragen?) (?:zu lösen|gelöst (?:ist
            |sind|wird|werden))
            |(?:durchlauf|abschluss)(?:zeit|dauer)(?:en)?""",
        "first_contact_resolution": r"""
            Erstlösungsquote|erst(?:kontakt)?lösungs?(?:quote|rate)|erst(?:kontakt)?lösung
            |first contact resolution(?: (?:rate|quote))?|fcr(?: (?:quote|rate|wert))?
            |lösung(?:squote|srate)? (?:beim|im) (?:ersten kontakt|erstkontakt)
            |(?:beim|im) (?:ersten kontakt|erstkontakt) gelöst\w*(?: (?:tickets|anfragen
            |fälle))?""",
        "durable_resolution": r"""
            Dauerhafte Lösung|(?:dauerhafte|nachhaltige)[nr]? lösung(?:en|squote)?
            |(?:dauerhaft|nachhaltig) gelöst\w*(?: (?:tickets|anfragen|fälle))?""",
        "csat": r"""
            Kundenzufriedenheit|kundenzufriedenheit(?:swert\w*|snote|sindex|squote)?
            |zufriedenheit(?: (?:der|unserer) kund(?:en|innen)(?: und kund(?:en|innen))?)?
            |c ?sat(?: (?:wert\w*|score|note|rating|bewertung))?
            |(?:kunden)?zufriedenheitswert\w*""",
        "handling_time": r"""
            Bearbeitungszeit|bearbeitungs(?:zeit|dauer)(?:en)?(?: (?:pro|je) (?:ticket|fall
            |anfrage|vorgang))?
            |aht|handling time""",
        "containment": r"""
            Automatisierungsquote|automatisierungs(?:quote|rate|grad\w*)
            |containment(?: ?(?:rate|quote))?
            |deflection(?: ?(?:rate|quote))?|self ?service ?(?:quote|rate)
            |(?:vollständig |vollautomatisch |voll )?automati(?:sch|siert) (?:(?:beantwortet
            |gelöst|bearbeitet|erledigt)\w*|beantworten|lösen|bearbeiten|erledigen
            |zu (?:beantworten|lösen))
            |ohne (?:dass )?(?:eine?n? )?(?:menschliche[ns]? (?:eingriff|eingreifen|hilfe
            |unterstützung|zutun)
            |menschen?|mitarbeiter(?:in|innen|eingriff)?|agent(?:en|in)?|person
            |zutun eines menschen)
            (?: (?:eingreift|eingreifen muss|auskommen))?(?: (?:beantwortet|gelöst|bearbeitet
            |erledigt|zu beantworten|zu lösen|lösen|beantworten))?""",
        "human_intervention": r"""
            Eskalationsquote|eskalations(?:quote|rate)|(?:übergabe|weiterleitungs)(?:quote|rate)
            |menschliche[rns]? eingriffe?""",
        "answer_accuracy": r"""
            Antwortgenauigkeit|genauigkeit der antworten|richtigkeit der antworten
            |(?:anteil )?(?:der )?(?:richtige[rn]?|korrekte[rn]?) antworten""",
        "task_completion": r"""
            Abschlussquote|(?:aufgaben)?(?:abschluss|erfolgs)(?:quote|rate)""",
        "cost_per_resolution": r"""
            Kosten pro Lösung|kosten (?:pro|je) (?:(?:gelöste[mrns]? )?(?:ticket|fall|anfrage
            |vorgang|lösung|gespräch))
            |(?:ticket|fall)kosten""",
    },
    months=(
        r"j[aä]n(?:uar|ner)? feb(?:ruar)? märz|mrz apr(?:il)? mai juni? juli? aug(?:ust)? "
        r"sept?(?:ember)? okt(?:ober)? nov(?:ember)? dez(?:ember)?"
    ),
    ordinals="erste[snrm]? zweite[snrm]? dritte[snrm]? vierte[snrm]?",
    quarter="quartal(?:e?s)?",
    half_year="halbjahr(?:e?s)?|jahreshälfte",
    periods={
        "next year": r"(?:nächst|kommend|folge)(?:e[snrm]?)? ?jahr(?:e?s)?",
        "this year": r"(?:dies|laufend)e[snrm]? jahr(?:e?s)?",
        "the year": r"jahr(?:e?s)?",
        "next quarter": r"(?:nächst|kommend)e[snrm]? quartal(?:e?s)?",
        "this quarter": r"(?:dies|laufend)e[snrm]? quartal(?:e?s)?",
        "the quarter": r"quartals?",
        "next month": r"(?:nächst|kommend)e[snrm]? monat(?:e?s)?",
    },
    spans={
        "6 months": (
            r"(?:(?:eine[snm]? |den |dem )?(?:nächst"
            r"|kommend)e[snm]? )?(?:halbe[snm]? jahr(?:e?s)?|halbjahr(?:e?s)?)"
        ),
        "18 months": r"(?:anderthalb|eineinhalb|einundeinhalb) jahre?n?",
        "1 years": r"(?:ein|eine[snm]|jahresfrist) jahr(?:e?s)?|jahresfrist",
        "1 quarters": r"eine[snm]? quartal(?:e?s)?",
        "1 months": r"eine[snm]? monat(?:e?s)?",
    },
    units={
        "%": r"%|prozent(?!punkt)\w*|v\.? ?h\.?",
        "percentage points": r"%? ?punkte prozent|prozentpunkt\w*|% ?punkt\w*|pp",
        "hours": r"h|std\.?|stunden?",
        "minutes": r"min\.?|minuten?",
        "points": r"(?:\w+)?punkt(?:e|en)?|sterne?n?",
        "days": r"(?:kalender)?tage?n?",
        "weeks": r"wochen?",
        "months": r"monate?n?",
        "quarters": r"quartale?n?",
        "years": r"jahre?n?",
        "": r"€|euro|eur",
    },
    fractions={
        "half": r"hälfte",
        "third": r"drittel[ns]?",
        "quarter": r"viertel[ns]?",
        "fifth": r"fünftel[ns]?",
        "tenth": r"zehntel[ns]?",
    },
    numbers=_counting(
        """
            2 zwei(?:er)? / 3 drei(?:er)? / 4 vier / 5 fünf / 6 sechs / 7 sieben / 8 acht /
            9 neun / 10 zehn / 11 elf / 12 zwölf / 15 fünfzehn / 18 achtzehn / 20 zwanzig /
            24 vierundzwanzig / 25 fünfundzwanzig / 30 dreissig / 40 vierzig / 50 fünfzig /
            60 sechzig / 70 siebzig / 80 achtzig / 90 neunzig
        """
    ),
    phrases={
        "reduce": r"""
            (?:ab|herab|zu)?(?:ge)?senk(?:en|t|e|ung|st)|(?:ab|zu)?sinken|sinkt|gesunken
            |abzusenken|zu senken
            |reduzier(?:en|t|e|ung)|reduktion|verringer(?:n|t|e|ung)|verkürz(?:en|t|e|ung)
            |(?:ge)?kürz(?:en|t|e|er|ere[nrs]?|ung)
            |vermindern|fallen|fällt|zurückgehen|(?:herunter|runter)(?: ?(?:bringen|fahren
            |gehen|gebracht))?
            |drücken|gedrückt|weniger|niedriger(?:e[nrs]?)?|geringer(?:e[nrs]?)?|minimieren
            |schrumpfen|abbauen|rückgang""",
        "increase": r"""
            (?:ge)?steiger(?:n|t|e|ung)|steigen|steigt|erhöh(?:en|t|e|ung)|(?:an)?heben
            |angehoben|anzuheben|zunehmen
            |wachsen|wächst|höher(?:e[nrs]?)?|klettern|hochbringen|verlänger(?:n|t|e|ung)
            |länger|langsamer|anstieg|mehr""",
        "improve": r"""
            (?:ver)?besser(?:n|t|e|ung)?|optimier(?:en|t|e|ung)|bringen|gebracht|erreich(?:en
            |t)|liegen|kommen
            |betragen|beschleunigen|haben""",
        "halve": r"halbier(?:en|t|e|ung)",
        "double": r"verdoppel(?:n|t|e)|verdopp?elung|verdopplung",
        "triple": r"verdreifach(?:en|t|e|ung)",
        "faster": r"schneller|rascher|zügiger",
        "resolve": (
            r"(?:zu )?lösen|(?:ge)?löst|abgeschlossen|geschlossen|abschliessen|erledigt"
            r"|erledigen"
        ),
        "by <q>": (
            r"um (?:rund |etwa |circa |ca |ungefähr )?<q>|<q> (?=weniger|mehr|schneller|kürzer"
            r"|niedriger|höher)"
        ),
        "by at most <q>": (
            r"um (?:bis zu|maximal|höchstens|weniger als|unter|nicht mehr als|nur) <q>"
        ),
        "reduce by <q>": r"(?:senkung|reduzierung|reduktion|verringerung|verkürzung) von <q>",
        "increase by <q>": r"(?:steigerung|erhöhung|anstieg) von <q>",
        "by at least <q>": r"um (?:mindestens|wenigstens|mehr als|über|gut|mind) <q>",
        "by <f>": (
            r"um (?:rund |etwa |ca |mindestens |wenigstens |gut |mehr als )?(?:die |ein |eine )?<f>"
        ),
        "a <m> of <q>": (
            r"(?:eine[nrm]? )?<m> von (?:mindestens |über |wenigstens )?<q>(?! (?:auf|zu) )"
        ),
        "to <q>": r"(?:auf|bei) (?:rund |etwa |circa |ca |ungefähr )?<q>",
        "to at most <q>": (
            r"(?:auf |bei )?(?:unter|höchstens|maximal|weniger als|nicht mehr als|max) <q>"
        ),
        "to at least <q>": r"(?:auf |bei )?(?:über|mindestens|wenigstens|mehr als|mind) <q>",
        "from <q> to <q>": (
            r"von (?:derzeit |aktuell |heute |jetzt |zurzeit |etwa |rund )?<q> (?:derzeit |heute "
            r")?(?:auf"
            r"|zu) (?:höchstens |maximal |unter |mindestens |über |rund |etwa )?<q>"
        ),
        "to <f>": r"auf (?:die |ein |eine )?<f>",
        "<q> of tickets": r"""
            (?:mindestens |rund |etwa )?<q> (?:aller|der|unserer|von allen|an)
            (?: (?:eingehenden|gestellten|eingehende|unserer|aller))?[ ]
            (?:(?:kunden|support)?(?:anfragen|tickets|fragen)|gespräche|fälle|vorgänge
            |konversationen|chats|kontakte)""",
        "<f> of tickets": (
            r"(?:die |ein )?<f> (?:aller|der|unserer) (?:kunden|support)?(?:anfragen|tickets"
            r"|fragen|gespräche|fälle|chats)"
        ),
        "1 in <q> tickets": (
            r"(?:1|ein(?:e[snr]?)?|«1») von <q> (?:(?:kunden)?anfragen|tickets|fragen"
            r"|gesprächen)"
        ),
        **{
            f"1 in {n} tickets": (
                rf"jede[srn]? {nth}[snr]? (?:(?:kunden)?anfrage|ticket|frage|gespräch)"
            )
            for n, nth in enumerate(("zweite", "dritte", "vierte", "fünfte"), 2)
        },
        "<q> in <q> tickets": r"<q> von <q> (?:(?:kunden)?anfragen|tickets|fragen|gesprächen)",
        "by christmas": r"(?:bis |spätestens |zu )*weihnachten",
        "within <t>": r"""
            (?:binnen|innerhalb|in|über|während|im laufe|im verlauf)(?: von| der| den| des
            | eines| die| dieser)?
            (?: (?:nächst|kommend|folgend)e[nrsm]?)? <t>|<t> lang""",
        "within 1 quarters": (
            r"(?:im laufe|im verlauf|innerhalb|während) des (?:nächsten|kommenden) quartals"
        ),
        "by <d>": r"(?:bis(?: spätestens)?|spätestens|im|in|am|zum)(?: zum| im| in| am| den)? <d>",
        "by the end of <d>": r"(?:bis |spätestens )*(?:zum |am )?ende (?:des |von |im )?<d>",
        "by the end of the year": (
            r"(?:bis |spätestens |noch )*(?:zum |am |vor )?jahres(?:ende|schluss|wechsel)"
        ),
        "by the end of the quarter": r"(?:bis |spätestens )*(?:zum |am |vor )?quartalsende",
        "by the end of year <d>": r"(?:bis |spätestens )*(?:zum |am )?jahresende <d>",
        "by mid <d>": r"(?:bis |spätestens )*(?:zur |im )?mitte (?:des )?<d>",
        "before the end of <d>": r"vor (?:dem )?ende (?:des |von )?<d>",
        "before <d>": r"vor (?:dem )?<d>|bis (?:zum )?(?:anfang|beginn) (?:des |von )?<d>",
        ", without hurting <m> ,": r"""
            ohne (?:dass )?<a><m> <a>(?:leide[tn]|sinkt|sinken|fällt|fallen|abnimmt|zurückgeht
            |steigt|zunimmt
            |(?:zu )?(?:verschlechter[nt]|beeinträchtig(?:en|t)|gefährden|schaden|schmälern
            |verlieren|opfern|senken))
            (?: (?:wird|werden))?
            |ohne (?:einbu(?:ß|ss)en?|verluste?|abstriche|verschlechterung(?:en)?|nachteile?
            |rückgang)
            (?: (?:bei|an|für|in|von))? <a><m>
            |<m> (?:darf|dürfen|soll
            |sollen) (?:dabei |hierbei |darunter )?nicht (?:dabei |darunter )?(?:leiden
            |sinken|fallen|schlechter werden|zurückgehen|abnehmen)""",
        ", keeping <m> ,": r"""
            (?:bei|mit) (?:mindestens )?(?:gleich ?bleibend|konstant|stabil|unverändert
            |gleich)e[rnm]? <m>
            |(?:und )?<m> (?:dabei |gleichzeitig )?(?:halten|beibehalten|stabil halten
            |konstant halten|bleibt (?:gleich|stabil|konstant))""",
        ", without <m> falling by more than <q> ,": r"""
            ohne (?:dass )?<a><m> (?:dabei )?um mehr als <q> (?:zu )?(?:sinkt|sinken|fällt
            |fallen|abnimmt|zurückgeht|verschlechter[nt]|senken|steigt)
            |<m> (?:darf|soll) (?:dabei )?(?:nicht )?um (?:nicht |höchstens |maximal )?
            (?:mehr als )?<q> (?:sinken
            |fallen|zurückgehen|schlechter werden)""",
        "than today": (
            r"(?:als|gegenüber|verglichen mit|im vergleich zu) (?:heute|derzeit|jetzt"
            r"|dem heutigen (?:stand|wert)|dem (?:aktuellen|jetzigen) (?:stand|wert)|bisher)"
        ),
    },
    little=r"""
        wir|uns|unser(?:e[nrsm]?)?|ich|man|sie|es|ihr(?:e[nrsm]?)?|der|die|das|den|dem|des
        |ein(?:e[nrsm]?)?|von|zu|zum|zur|für|pro|je
        |und|zwar|auch|so|dass|damit|bitte|hier|dabei|gern(?:e)?|noch|mal|nun|jetzt|künftig
        |insgesamt|im|in|bei|an
        |wollen|will|möchten?|soll(?:en|te|ten)?|muss|müssen|werden|wird|können|kann|sein|ist
        |sind|wurde|würden?|lassen
        |ziel|zielwert|ziele|lautet|hei(?:ß|ss)t|unser ziel|vorhaben|plan|planen|brauchen
        |benötigen|streben|anstreben
        |durchschnittlich(?:e[nrsm]?)?|mittler(?:e[nrsm]?)?|im (?:durchschnitt|schnitt|mittel)
        |durchschnitt|schnitt
        |tickets?|(?:kunden|support)?anfragen?|kundenticket|supporttickets?|fragen|fälle
        |vorgänge|vorgang|gespräche?|kunden|kund(?:innen)
        |support|kunden(?:service|dienst|support)|service ?desk|helpdesk|team|teams
        |assistent(?:en)?|bot|chatbot|ki
        |mindestens|wenigstens|gesamt(?:e[nrsm]?)?|quote|wert|niveau|prozent der""",
    and_="und|sowie|,",
    year="",
    year_before=r"jahr(?:es)? ",
    next_=r"(?:nächst|kommend|folgend|weiter)e[nr]?",
    example_down="{metric} binnen sechs Monaten um 30 % senken",
    example_up="{metric} binnen sechs Monaten um 10 % erhöhen",
)

_FRENCH = Words(
    metrics={
        "resolution_time": r"""
            le temps de résolution|(?:(?:le|les|du|des) )?(?:temps|délais?|durées?)(?: moyens?
            | moyennes?)? de (?:résolution|clôture|fermeture)
            (?: moyens?| moyennes?)?|temps (?:nécessaire )?(?:pour|avant de) (?:résoudre
            |clôturer|fermer)|mttr""",
        "first_contact_resolution": r"""
            la résolution au premier contact|(?:taux de )?(?:la )?résolution (?:au|dès le
            |du) premier (?:contact|appel|échange)
            |(?:la part|la proportion|le pourcentage|part|proportion|pourcentage) de(?:s
            | la)? (?:demandes|tickets) résolue?s (?:au|dès le) premier (?:contact|appel
            |échange)
            |(?:demandes|tickets) résolue?s (?:au|dès le) premier (?:contact|appel|échange)
            |(?:taux de )?fcr""",
        "durable_resolution": r"""
            la résolution durable|(?:taux de )?(?:la )?résolutions? durables?|(?:tickets
            |demandes) résolue?s durablement""",
        "csat": r"""
            la satisfaction client|(?:(?:la |le |les )?(?:note|score|indice|taux
            |niveau) de )?(?:la )?satisfaction (?:de )?(?:des |nos |les )?clients?(?:èle)?
            |(?:la )?satisfaction de la clientèle|(?:score |note )?c ?sat""",
        "handling_time": r"""
            le temps de traitement|(?:temps|durées?)(?: moyens?| moyennes?)? de (?:traitement
            |prise en charge par les agents)(?: moyens?| moyennes?)?
            (?: par (?:ticket|demande|agent))?|dmt|aht""",
        "containment": r"""
            le taux d automatisation|taux (?:d automatisation|de confinement|de containment
            |de déflexion|de deflection|de self ?service|d autonomie du bot)
            |(?:(?:traité|résolu|répondu|géré)e?s? )?(?:automatiquement|de (?:façon
            |manière) automatique)
            |(?:(?:traitées?|traités?|résolue?s?|répondre|géré|gérée?s?|résoudre
            |traiter) )?sans (?:intervention|aide|recours) (?:d un |à un )?(?:humaine?|agent
            |conseiller)
            |(?:(?:traitées?|traités?|résolue?s?|gérée?s?) )?sans (?:agent
            |conseiller)(?: humain)?|confinement""",
        "human_intervention": r"""
            le taux d escalade|taux (?:d escalade|de transfert|de reprise par un agent
            |d intervention humaine)""",
        "answer_accuracy": r"""
            l exactitude des réponses|(?:exactitude|justesse|précision) des réponses
            |(?:taux de )?(?:bonnes réponses|réponses correctes|réponses exactes)""",
        "task_completion": r"""
            le taux d achèvement|taux d achèvement(?: des tâches)?|taux de (?:réussite
            |succès) des tâches""",
        "cost_per_resolution": r"""
            le coût par résolution|coûts?(?: moyens?)? (?:par|d un|d une
            |de chaque) (?:résolution|ticket|demande|cas|conversation)(?: résolue?)?""",
    },
    months=(
        r"janv(?:ier)? févr?(?:ier)? mars avr(?:il)? mai juin juil(?:let)? août sept(?:embre)? "
        r"oct(?:obre)? nov(?:embre)? déc(?:embre)?"
    ),
    ordinals=r"premier|1er deuxième|second|2e?me troisième|3e?me quatrième|dernier|4e?me",
    quarter="trimestre",
    half_year="semestre",
    periods={
        "next year": r"(?:l )?(?:année|an) prochaine?|(?:la )?prochaine année|année suivante",
        "this year": r"cette année|(?:l )?année (?:en cours|courante)",
        "the year": r"(?:l )?année|(?:l )?an",
        "next quarter": r"(?:le |du |au )?(?:prochain trimestre|trimestre (?:prochain|suivant))",
        "this quarter": r"(?:ce |du |le )?trimestre(?: en cours| actuel)?",
        "next month": r"(?:le )?mois prochain",
    },
    spans={
        "6 months": r"(?:une? )?(?:demi année|demie année|semestre)",
        "18 months": r"un an et demi",
        "1 years": r"une? (?:an|année)|les 12 prochains mois",
        "1 quarters": r"un trimestre",
        "1 months": r"un mois",
    },
    units={
        "%": r"%|pour cent|pourcents?",
        "percentage points": r"points? de (?:pourcentage|pourcent)|% points?|pts?",
        "hours": r"h|heures?",
        "minutes": r"min|mn|minutes?",
        "points": r"points?|étoiles?",
        "days": r"jours?",
        "weeks": r"semaines?",
        "months": r"mois",
        "quarters": r"trimestres?",
        "years": r"ans?|années?",
        "": r"€|euros?|eur",
    },
    fractions={
        "half": r"moitié",
        "third": r"tiers",
        "quarter": r"quarts?",
        "fifth": r"cinquièmes?",
        "tenth": r"dixièmes?",
    },
    numbers=_counting(
        """
            2 deux / 3 trois / 4 quatre / 5 cinq / 6 six / 7 sept / 8 huit / 9 neuf / 10 dix /
            12 douze / 15 quinze / 18 dix huit / 20 vingt / 24 vingt quatre / 25 vingt cinq /
            30 trente / 40 quarante / 50 cinquante / 60 soixante / 70 soixante dix /
            80 quatre vingts? / 90 quatre vingt dix
        """
    ),
    phrases={
        "reduce": r"""
            rédui(?:re|t|te|ts|sons|sez|sent|sant|se)|réduction|diminu(?:er|e|ent|é|ée|ons
            |tion)|baiss(?:er|e|ent|é|ée|ons)|abaiss(?:er|e|é|ée)|raccourci(?:r|e|s)?
            |(?:re)?descend(?:re|e|u|ent)?|chut(?:er|e)|limit(?:er|e) à|ramen(?:er|é|ée|ons)
            |moins|écourter|couper|faire tomber|tomber|recul(?:er)?""",
        "increase": r"""
            augment(?:er|e|ent|é|ée|ons|ation)|accroître|accroissement|accru|hauss(?:er|e)
            |élev(?:er|é|ée)|relev(?:er|é|ée)|mont(?:er|e|é|ée)
            |grimper|hausse|allong(?:er|ement)|ralentir|remont(?:er|e)|plus""",
        "improve": r"""
            amélior(?:er|e|é|ée|ons|ation)|optimis(?:er|ation)|port(?:er|é|ée|ons)|pass(?:er|e
            |é)|faire passer|atteindre|atteigne|atteint|amener|accélérer|arriver|parvenir""",
        "halve": (
            r"(?:diviser|divisé|divisée|divisons) par «2»|(?:réduire|réduit|réduite|réduction"
            r"|diminuer|baisser) de moitié"
        ),
        "halve <m>": (
            r"(?:diviser|divisons) <a><m> par «2»|(?:réduire|diminuer"
            r"|baisser) <a><m> de «a half»"
        ),
        "double": r"doubl(?:er|é|ée|ons|ement)|multiplier par «2»",
        "triple": r"tripl(?:er|é|ée|ons|ement)|multiplier par «3»",
        "faster": r"plus (?:vite|rapidement)|(?:accélérer|accélération)",
        "resolve": r"résoudre|résolue?s?|résolvons|clôturer|clôturée?s?|clore|fermer",
        "<q> faster": r"<q> plus (?:vite|rapidement)",
        "<q> less": r"<q> (?:de moins|moins|en moins|plus bas|plus court)",
        "within <t>": r"""
            (?:en|sur|dans|sous|d ici|d ici à|dans un délai de|au cours de|pendant|durant
            |en moins de)(?: les| des| le)?(?: (?:prochain|prochaine)s?)? <t>
            |au cours des (?:prochaine?s )?<t>|dans (?:un délai de )?<t>""",
        "within 1 quarters": (
            r"(?:au cours|pendant|durant|dans le courant) (?:du |le )?(?:prochain trimestre"
            r"|trimestre prochain)|au cours (?:du )?«@next quarter»"
        ),
        "a <m> of <q>": r"une? <m> (?:de|d au moins) <q>",
        "1 in <q> tickets": r"(?:une?|«1») (?:demande|ticket|question|conversation)s? sur <q>",
        "<q> in <q> tickets": r"<q> (?:demandes|tickets|questions|conversations) sur <q>",
        "by christmas": r"(?:d ici|avant|pour|à) (?:à )?noël",
        "by <q>": r"(?:de|d) (?:environ |près de |quelque )?<q>",
        "by at most <q>": (
            r"(?:de |d )(?:moins de|au plus|maximum|au maximum|jusqu à) <q>|de <q> (?:au plus"
            r"|au maximum|maximum)"
        ),
        "by at least <q>": (
            r"(?:de |d )?(?:au moins|plus de|minimum) (?:de )?<q>|de <q> (?:au moins|minimum)"
        ),
        "by <f>": r"(?:de |d |des |de la |du )?(?:une? |les |la )?<f>",
        "up to <q>": r"jusqu à (?:environ )?<q>",
        "to <q>": (
            r"(?:à|à hauteur de) (?:environ |près de )?<q>|à (?:une note|un score|un taux"
            r"|un niveau) de <q>"
        ),
        "to at most <q>": r"""
            (?:à |sous |en )?(?:moins de|au plus|maximum|au maximum|en dessous de
            |au dessous de) (?:la barre des |la barre de |les )?<q>
            |sous (?:les |la barre des |la barre de |le seuil de |le seuil des )?<q>
            |(?:à )?<q> (?:au plus|au maximum|maximum)""",
        "to at least <q>": (
            r"(?:à )?(?:au moins|plus de|minimum|au dessus de|au delà de) <q>|à <q> (?:au moins"
            r"|minimum)"
        ),
        "from <q> to <q>": (
            r"de (?:actuellement |aujourd hui )?<q>(?: actuellement"
            r"| aujourd hui)? à (?:environ |moins de |plus de |au moins )?<q>"
        ),
        "to <f>": r"(?:à|au|jusqu à|aux) (?:la |une? )?<f>",
        "<q> of tickets": (
            r"(?:au moins |environ |près de )?<q> (?:des|de toutes les|de tous les"
            r"|de nos) (?:demandes|tickets|questions|conversations|requêtes|sollicitations"
            r"|contacts|cas)(?: clients?| des clients)?"
        ),
        "<f> of tickets": (
            r"(?:les |la |une? )?<f> (?:des|de toutes les|de tous les|de nos) (?:demandes"
            r"|tickets|questions|conversations|requêtes|cas)(?: clients?)?"
        ),
        "by <d>": (
            r"(?:d ici(?: à| au| le)?|pour(?: le)?|en|au|au plus tard(?: en| le| au)?"
            r"|jusqu (?:en|au|à)|le|cette) <d>"
        ),
        "by the end of <d>": (
            r"(?:d ici(?: à)? |à |pour |avant |au plus tard |jusqu à )?"
            r"(?:la )?fin (?:de |d |du |de l )?<d>"
        ),
        "by mid <d>": (
            r"(?:d ici(?: à)?|pour|à|en|avant) (?:la |le )?mi(?:lieu)? (?:de |d )?<d>|mi <d>"
        ),
        "before the end of <d>": r"avant (?:la )?fin (?:de |d |du |de l )?<d>",
        "before <d>": r"avant (?:le (?:début )?)?(?:de )?<d>",
        ", without hurting <m> ,": r"""
            (?:et )?sans (?:pour autant )?(?:dégrader|nuire à|détériorer|baisser|sacrifier
            |impacter|affecter|diminuer|réduire|compromettre|pénaliser|faire baisser|augmenter
            |perdre en|dégradation de) <a><m>
            |sans que <a><m> (?:ne )?(?:baisse|diminue|se dégrade|souffre|en souffre|chute
            |recule|pâtisse|augmente)
            |sans (?:baisse|perte|dégradation|recul) (?:de|du|de la|d) <a><m>""",
        ", keeping <m> ,": r"""
            (?:tout )?(?:en )?(?:maintenant|conservant|préservant
            |gardant) <a><m>(?: (?:constante?|stable|inchangée?|au même niveau))?
            |à <m> (?:constante?|égale?|stable|inchangée?)""",
        ", without <m> falling by more than <q> ,": r"""
            sans que <a><m> (?:ne )?(?:baisse|diminue|recule|chute) de plus de <q>
            |sans (?:faire )?(?:baisser|dégrader|perdre|réduire|diminuer) <a><m> de plus de <q>""",
        "than today": (
            r"(?:par rapport à|comparé à|qu) (?:aujourd hui|maintenant|la situation actuelle"
            r"|l existant|actuellement)"
        ),
    },
    little=r"""
        nous|on|je|notre|nos|votre|vos|le|la|les|l|un|une|des|de|d|du|au|aux|à|en|et|pour|par
        |que|qu|qui|ce|cet|cette|ces|afin|y|il|faut|se
        |voulons|voudrions|souhaitons|souhaiterions|aimerions|aimerait|veut|voudrait|souhaite
        |veux|devons|doit|doivent|devrait|devront|devra|devraient|puisse|puissent|soit|soient
        |être|est|sont|avoir|faire|fait|fasse|visons|vise|viser
        |objectif|objectifs|but|cible|s il vous plaît|merci|avons|besoin|allons|va|prévoyons|projet
        |au moins|moyen(?:ne|s|nes)?|en moyenne|tickets?|demandes?|questions?|conversations?
        |requêtes?|clients?|clientèle|client(?:e|s)?
        |support|service client|service|équipe|équipes|assistant|bot|chatbot|ia|taux|niveau
        |note|score|total(?:e)?|global(?:e)?|traitées?|traités?""",
    and_="et|ainsi que|,",
    of="de |d ",
    year="",
    year_before=r"(?:l )?(?:année|an) ",
    next_=r"prochaine?s",
    example_down="réduire {metric} de 30 % en six mois",
    example_up="augmenter {metric} de 10 % en six mois",
)

_SPANISH = Words(
    metrics={
        "resolution_time": r"""
            el tiempo de resolución|(?:el |los |del )?(?:tiempos?|plazos?)(?: medios?
            | promedios?)? de (?:resolución|solución|cierre)(?: medios?| promedios?)?
            |tiempo (?:que tardamos en|para|hasta) (?:resolver|cerrar|la resolución)|mttr""",
        "first_contact_resolution": r"""
            la resolución en el primer contacto|(?:(?:la |el )?(?:tasa|porcentaje
            |índice) de )?(?:la )?resolución (?:en|al|a) (?:el )?primer(?:a)? (?:contacto
            |llamada|respuesta)
            |(?:casos|tickets|consultas) resuelt[ao]s (?:en|al) (?:el )?primer contacto
            |(?:tasa de )?fcr""",
        "durable_resolution": r"""
            la resolución duradera|(?:tasa de )?(?:la )?resolución duradera|(?:tickets|casos
            |consultas) resuelt[ao]s de forma duradera""",
        "csat": r"""
            la satisfacción del cliente|(?:(?:la |el )?(?:nota|puntuación|índice|nivel
            |puntaje) de )?(?:la )?satisfacción (?:de )?(?:del |los |nuestros |de )?clientes?
            |c ?sat""",
        "handling_time": r"""
            el tiempo de gestión|(?:el |los |del )?(?:tiempos?|duración)(?: medi[oa]s?
            | promedio)? de (?:gestión|atención|manejo|tramitación|operación)(?: medi[oa]s?
            | promedio)?
            (?: (?:por|de los|de cada) (?:ticket|tickets|caso|casos|consulta))?|tmo|aht""",
        "containment": r"""
            la tasa de automatización|(?:la |el )?(?:tasa|porcentaje|índice|grado
            |nivel) de (?:automatización|contención|deflexión|autoservicio|containment)
            |contención
            |(?:(?:(?:se )?(?:resuelvan|resuelven|respondan|responden|atiendan|atienden
            |gestionen|contesten|contestan)|resolver(?:se)?|atender(?:se)?|responder(?:se)?
            |gestionarse|resuelt[ao]s?|respondid[ao]s?|atendid[ao]s?|gestionad[ao]s?
            |contestad[ao]s?) )?
            (?:sin (?:la )?(?:intervención|ayuda|participación) (?:humana
            |de (?:un )?(?:agentes?|personas?|humanos?))|sin (?:un )?(?:agentes?|personas?
            |humanos?)(?: humanos?)?|automáticamente|de forma automática
            |de manera automática)""",
        "human_intervention": r"""
            la tasa de escalamiento|(?:la |el )?(?:tasa|porcentaje|índice) de (?:escalamiento
            |escalación|escalado|escaladas|transferencia|derivación|intervención humana)""",
        "answer_accuracy": r"""
            la exactitud de las respuestas|(?:exactitud|precisión) de las respuestas
            |(?:tasa de )?respuestas correctas""",
        "task_completion": r"""
            la tasa de finalización|(?:tasa de )(?:finalización|compleción
            |éxito)(?: de (?:las )?tareas)?""",
        "cost_per_resolution": r"""
            el coste por resolución|(?:costes?|costos?)(?: medi[oa]| promedio)? (?:por
            |de cada) (?:resolución|ticket|caso|consulta|conversación)(?: resuelt[ao])?""",
    },
    months=(
        r"ene(?:ro)? feb(?:rero)? mar(?:zo)? abr(?:il)? may(?:o)? jun(?:io)? jul(?:io)? "
        r"ago(?:sto)? sep(?:t|tiembre)?|setiembre oct(?:ubre)? nov(?:iembre)? dic(?:iembre)?"
    ),
    ordinals=r"primer(?:o)?|1er segundo|2do tercer(?:o)?|3er cuarto|[uú]ltimo|4to",
    quarter="trimestre",
    half_year="semestre",
    periods={
        "next year": r"(?:el |del )?(?:año (?:que viene|próximo|siguiente)|próximo año)",
        "this year": r"(?:este|del presente|el presente) año|año en curso",
        "the year": r"(?:el |del )?año",
        "next quarter": (
            r"(?:el |del )?(?:próximo trimestre|trimestre (?:que viene|próximo|siguiente))"
        ),
        "this quarter": r"(?:este |el |del )?trimestre(?: actual| en curso)?",
        "next month": r"(?:el |del )?(?:próximo mes|mes (?:que viene|próximo))",
    },
    spans={
        "6 months": r"(?:el |un |próximo )*(?:medio año|semestre)",
        "18 months": r"(?:un )?año y medio",
        "1 years": r"un año",
        "1 quarters": r"un trimestre",
        "1 months": r"un mes",
    },
    units={
        "%": r"%|por ?cientos?",
        "percentage points": r"puntos? porcentual(?:es)?|puntos de porcentaje|% puntos?|pp",
        "hours": r"h|hs|hrs?|horas?",
        "minutes": r"min|mins|minutos?",
        "points": r"puntos?|estrellas?",
        "days": r"días?",
        "weeks": r"semanas?",
        "months": r"mes(?:es)?",
        "quarters": r"trimestres?",
        "years": r"años?",
        "": r"€|euros?|eur|dólares|usd|pesos",
    },
    fractions={
        "half": r"mitad",
        "third": r"tercios?|tercera parte|terceras partes",
        "quarter": r"cuartos?|cuarta parte|cuartas partes",
        "fifth": r"quintos?|quinta parte|quintas partes",
        "tenth": r"décimos?|décima parte|décimas partes",
    },
    numbers=_counting(
        """
            2 dos / 3 tres / 4 cuatro / 5 cinco / 6 seis / 7 siete / 8 ocho / 9 nueve / 10 diez /
            12 doce / 15 quince / 18 dieciocho / 20 veinte / 24 veinticuatro / 25 veinticinco /
            30 treinta / 40 cuarenta / 50 cincuenta / 60 sesenta / 70 setenta / 80 ochenta /
            90 noventa
        """
    ),
    phrases={
        "reduce": r"""
            reduc(?:ir|e|ido|ida|imos|ción)|reduzca(?:mos|n)?|redúz\w+|baj(?:ar|e|en|a|amos
            |ada|ado)|disminu(?:ir|ya|yan|ye|ido|ción)|recort(?:ar|e|emos|ado|e)|acort(?:ar|e
            |emos)
            |rebaj(?:ar|e|a)|menos|menor|caer|caiga|caída|descend(?:er|ido)|descienda|descenso
            |minimizar""",
        "increase": r"""
            aument(?:ar|e|en|a|o|amos|ado)|increment(?:ar|e|o|ado)|sub(?:ir|a|an|e|ido)
            |elev(?:ar|e|ado)|alz(?:ar|a)|crec(?:er|imiento)|crezca|mayor|alargar|incremento
            |más""",
        "improve": (
            r"mejor(?:ar|e|en|a|amos|ado)|optimizar|llev(?:ar|e|amos|ado)|pas(?:ar|e|a)"
            r"|lleg(?:ar|ue|a)|alcanz(?:ar|a)|alcance|lograr|logre|situ(?:ar|e)|consegu(?:ir)"
            r"|acelerar|agilizar|dejar"
        ),
        "halve": (
            r"(?:reducir|bajar|recortar|disminuir|reduzca(?:mos)?|baje|reduce|dividir) (?:a"
            r"|por) la mitad"
        ),
        "halve <m>": (
            r"(?:reducir|bajar|recortar|disminuir|reduzca(?:mos)?) <a><m> (?:a|por) la «a half»"
        ),
        "double": r"duplic(?:ar|a|ado|ación|amos)|duplique|doblar",
        "triple": r"triplic(?:ar|a|ado|amos)|triplique",
        "faster": r"más (?:rápido|rápidamente|rápidos|deprisa|ágil)|con mayor rapidez",
        "resolve": r"resolver|resuelvan?|resueltos?|resueltas?|resolvamos|solucionar|cerrar",
        "<q> faster": r"(?:un |en un )?<q> más (?:rápido|rápidamente|rápidos|deprisa)",
        "<q> less": r"(?:un )?<q> (?:menos|menor|más bajo|más corto)",
        "within <t>": r"""
            (?:en|dentro de|durante|a lo largo de|en el plazo de|en un plazo de|en menos de
            |antes de)(?: los| las| el| la)?(?: próxim[oa]s?)? <t>""",
        "within 1 quarters": (
            r"(?:a lo largo|durante|en el curso|en el transcurso) (?:del |de |el )?«@next quarter»"
        ),
        "a <m> of <q>": r"un[ao]? <m> de <q>",
        "1 in <q> tickets": (
            r"(?:un[ao]?|«1») (?:de|en) cada <q> (?:consultas|tickets|preguntas|casos)"
        ),
        "<q> in <q> tickets": r"<q> de cada <q> (?:consultas|tickets|preguntas|casos)",
        "by christmas": r"(?:para|antes de|hasta) (?:la )?navidad(?:es)?",
        "by <q>": r"(?:en )?(?:un|el) (?:aproximadamente )?<q>|en <q>",
        "by at most <q>": (
            r"(?:en |un |hasta )(?:menos de|como máximo|máximo|no más de|hasta)(?: un| el)? <q>"
            r"|hasta en un <q>|(?:en )?un <q> (?:como máximo|máximo|o menos)"
        ),
        "reduce by <q>": r"(?:reducción|disminución|bajada|recorte) (?:de|del|de un) <q>",
        "increase by <q>": r"(?:aumento|incremento|subida) (?:de|del|de un) <q>",
        "by at least <q>": (
            r"(?:en )?(?:(?:por lo menos|al menos|como mínimo|más de|más de un"
            r"|mínimo) )(?:en )?(?:un |el )?<q>|(?:en )?un <q> (?:como mínimo|al menos|o más)"
        ),
        "by <f>": r"(?:en )?(?:un|una|la|dos|los|las)? ?<f>",
        "up to <q>": r"hasta (?:un |los |las )?<q>",
        "to <q>": (
            r"(?:a|al|hasta el|en torno al) (?:los |las |un |el )?(?:aproximadamente )?<q>"
            r"|a (?:una nota|una puntuación) de <q>"
        ),
        "to at most <q>": r"""
            (?:a |en )?(?:menos de|como máximo|máximo|no más de|por debajo de|por debajo del
            |debajo de|debajo del) (?:los |las |un )?<q>|(?:a |en )?
            (?:las |los |un )?<q> (?:como máximo
            |máximo|o menos)""",
        "to at least <q>": (
            r"(?:a |en )?(?:por encima de|por encima del|más de|más del) (?:los |las )?<q>|(?:a"
            r"|al|hasta) (?:al menos|por lo menos|como mínimo) (?:el |un )?<q>"
            r"|al <q> (?:como mínimo|o más)"
        ),
        "from <q> to <q>": (
            r"(?:de|del|desde|desde el) (?:los |las )?<q>(?: actuales)? (?:a|al|hasta"
            r"|hasta el) (?:los |las |menos de |más de |menos del |más del )?<q>"
        ),
        "to <f>": r"a (?:la |una? )?<f>",
        "<q> of tickets": (
            r"(?:al menos |por lo menos )?"
            r"(?:el |un |al )?<q> de (?:las |los |todas las |todos los |nuestras |nuestros )?"
            r"(?:consultas"
            r"|tickets|preguntas|solicitudes|conversaciones|casos|peticiones|contactos"
            r"|incidencias)(?: de (?:los |nuestros )?clientes)?"
        ),
        "<f> of tickets": (
            r"(?:la |los |un |las )?<f> de (?:las |los |todas las |todos los |nuestras |nuestros "
            r")?(?:consultas"
            r"|tickets|preguntas|solicitudes|conversaciones|casos|peticiones)"
            r"(?: de (?:los |nuestros )?clientes)?"
        ),
        "by <d>": (
            r"(?:para|hasta|en|a más tardar|a más tardar en|de aquí a|el|este)(?: el"
            r"| la| finales del)? <d>"
        ),
        "by the end of <d>": (
            r"(?:para |hasta |a |en |antes de |antes del? |de aquí a |a más tardar a )?"
            r"(?:el |la |los )?(?:finales"
            r"|final|fines|fin|cierre) (?:de |del )?<d>"
        ),
        "by mid <d>": r"(?:para |hasta |a |antes de )?(?:mediados|mitad) (?:de |del )?<d>",
        "before the end of <d>": (
            r"antes (?:de |del )(?:que (?:termine|acabe) )?(?:el |la )?"
            r"(?:finales |final |fines |fin )?(?:de |del )?(?=«@(?:this"
            r"|the) )<d>|antes (?:de |del )(?:finales|final|fin) (?:de |del )?<d>"
        ),
        "before <d>": r"antes (?:de|del)(?: el)? <d>",
        ", without hurting <m> ,": r"""
            (?:y )?sin (?:que )?(?:perjudicar|afectar(?: a)?|empeorar|dañar|sacrificar|bajar
            |reducir|perder|comprometer|deteriorar|disminuir|aumentar|se resienta|empeore|baje
            |disminuya|caiga|aumente) <a><m>
            |sin que <a><m> (?:baje|empeore|disminuya|caiga|se resienta|sufra|aumente)
            |sin (?:pérdida|merma|empeoramiento) (?:de|en) <a><m>""",
        ", keeping <m> ,": (
            r"(?:y )?(?:manteniendo|conservando|mantener) <a><m>(?: (?:constante|estable|igual"
            r"|sin cambios|al mismo nivel))?|con <a><m> (?:constante|estable)"
        ),
        ", without <m> falling by more than <q> ,": r"""
            sin que <a><m> (?:baje|disminuya|caiga|empeore) (?:en )?más de (?:un )?<q>
            |sin (?:bajar|reducir|empeorar|perjudicar) <a><m> (?:en )?más de (?:un )?<q>""",
        "than today": (
            r"(?:que|respecto a|respecto al|frente a|en comparación con|comparado con) (?:hoy"
            r"|ahora|la actualidad|actual|el valor actual|el nivel actual)"
        ),
    },
    little=r"""
        nosotros|se|lo|le|nos|nuestr[oa]s?|su|sus|mi|el|la|los|las|un|una|unos|unas|de|del|a
        |al|y|e|que|en|para|por|con|este|esta|esto|ser|sea|sean|es|son|está|estén|estar|haya
        |ha|hay
        |queremos|quiero|quiere|quisiéramos|querríamos|deseamos|nos gustaría|gustaría|debe
        |deben|debería|deberían|debemos|tiene|tienen|tenemos|necesitamos|hemos|vamos|buscamos
        |pretendemos|hacer|haga|conseguir
        |objetivo|meta|objetivos|nuestro objetivo|por favor
        |al menos|por lo menos|como mínimo|medi[oa]s?|promedio|de media|en promedio|tickets?
        |consultas?|preguntas?|casos?|solicitudes|conversaciones|incidencias|clientes?
        |soporte|atención al cliente|servicio|servicio al cliente|equipo|equipos|asistente|bot
        |chatbot|ia|tasa|porcentaje|nivel|nota|puntuación|índice|total|global""",
    and_="y|e|,",
    of="de |del ",
    year="",
    year_before=r"(?:el )?año ",
    next_=r"próxim[oa]s",
    example_down="reducir {metric} un 30 % en seis meses",
    example_up="aumentar {metric} un 10 % en seis meses",
)

_ITALIAN = Words(
    metrics={
        "resolution_time": r"""
            il tempo di risoluzione|(?:il |i |del |dei )?(?:tempo|tempi
            |durata)(?: medi[oa]?)? (?:di|per la|per) (?:risoluzione|chiusura|risolvere
            |chiudere)(?: medi[oa]?)?(?: (?:dei|di un|del) ticket)?|mttr""",
        "first_contact_resolution": r"""
            la risoluzione al primo contatto|(?:(?:il |la )?(?:tasso|percentuale
            |quota) di )?(?:la )?risoluzione (?:al|dal|alla) prim[oa] (?:contatto|chiamata
            |risposta)
            |(?:ticket|richieste|casi) risolt[ie] al primo contatto|(?:tasso di )?fcr""",
        "durable_resolution": r"""
            la risoluzione duratura|(?:tasso di )?(?:la )?risoluzioni? dura(?:tura|ture|tura)
            |(?:ticket|richieste) risolt[ie] in modo duraturo""",
        "csat": r"""
            la soddisfazione dei clienti|(?:(?:il |la )?(?:punteggio|indice|livello
            |voto) di )?(?:la )?soddisfazione (?:del(?:la)?|dei|di|dei nostri) ?(?:client[ei]
            |clientela)|(?:la )?customer satisfaction|(?:il )?c ?sat""",
        "handling_time": r"""
            il tempo di gestione|(?:il |i |del |dei )?(?:tempo|tempi
            |durata)(?: medi[oa]?)? (?:di|della) (?:gestione|lavorazione
            |trattazione)(?: medi[oa]?)?(?: (?:per|dei|di un|del) ticket)?|aht|tmg""",
        "containment": r"""
            il tasso di automazione|(?:il |la )?(?:tasso|percentuale|grado|livello
            |quota) di (?:automazione|contenimento|containment|deflection|self ?service)
            |(?:(?:risolt[aeio]|rispost[eio]|gestit[aeio]|risolvere|gestire|evas[eio]
            |trattat[aeio]) )?(?:senza (?:l |alcun |un )?(?:intervento|aiuto
            |contributo) (?:umano|di (?:un )?(?:operatore|operatori|agente|agenti|persone?))
            |senza (?:un )?(?:operatore|operatori|agente|agenti|persone)|automaticamente
            |in modo automatico|in automatico)""",
        "human_intervention": r"""
            il tasso di escalation|(?:il |la )?(?:tasso|percentuale) di (?:escalation
            |escalazione|trasferimento|passaggio a operatore|intervento umano)""",
        "answer_accuracy": r"""
            l accuratezza delle risposte|(?:accuratezza|correttezza|esattezza
            |precisione) delle risposte|(?:percentuale di )?risposte (?:corrette|esatte)""",
        "task_completion": r"""
            il tasso di completamento|tasso di (?:completamento|successo)(?: delle attività)?""",
        "cost_per_resolution": r"""
            il costo per risoluzione|(?:costo|costi)(?: medi[oa]?)? (?:per|di ogni|di ciascun
            |a) (?:risoluzione|ticket|caso|richiesta|conversazione)(?: risolt[oa])?""",
    },
    months=(
        r"gen(?:naio)? feb(?:braio)? mar(?:zo)? apr(?:ile)? mag(?:gio)? giu(?:gno)? lug(?:lio)? "
        r"ago(?:sto)? sett?(?:embre)? ott(?:obre)? nov(?:embre)? dic(?:embre)?"
    ),
    ordinals=r"primo secondo terzo quarto|ultimo",
    quarter="trimestre",
    half_year="semestre",
    periods={
        "next year": r"(?:il |l |dell )?(?:anno prossimo|prossimo anno)",
        "this year": r"quest anno|(?:l |dell )?anno (?:in corso|corrente)|questo anno",
        "the year": r"(?:l |dell )?anno",
        "next quarter": r"(?:il |del )?(?:prossimo trimestre|trimestre prossimo)",
        "this quarter": r"(?:questo |il |del )?trimestre(?: in corso)?",
        "next month": r"(?:il )?(?:mese prossimo|prossimo mese)",
    },
    spans={
        "6 months": r"(?:il |un |prossimo )*(?:mezzo anno|semestre)|metà anno",
        "18 months": r"un anno e mezzo",
        "1 years": r"un anno",
        "1 quarters": r"un trimestre",
        "1 months": r"un mese",
    },
    units={
        "%": r"%|per ?cento",
        "percentage points": r"punti? percentual[ei]|% punti",
        "hours": r"h|or[ae]",
        "minutes": r"min|minut[oi]",
        "points": r"punti?|punto|stelle",
        "days": r"giorn[oi]",
        "weeks": r"settiman[ae]",
        "months": r"mes[ei]",
        "quarters": r"trimestr[ei]",
        "years": r"ann[oi]",
        "": r"€|euro|eur",
    },
    fractions={
        "half": r"metà",
        "third": r"terz[oi]",
        "quarter": r"quart[oi]",
        "fifth": r"quint[oi]",
        "tenth": r"decim[oi]",
    },
    numbers=_counting(
        """
            2 due / 3 tre / 4 quattro / 5 cinque / 6 sei / 7 sette / 8 otto / 9 nove / 10 dieci /
            12 dodici / 15 quindici / 18 diciotto / 20 venti / 24 ventiquattro / 25 venticinque /
            30 trenta / 40 quaranta / 50 cinquanta / 60 sessanta / 70 settanta / 80 ottanta /
            90 novanta
        """
    ),
    phrases={
        "reduce": r"""
            rid(?:urre|uca|ucano|uciamo|otto|otta|uzione|uce|otti)|abbass(?:are|i|a|ato|iamo
            |amento)|diminu(?:ire|isca|iscano|iamo|ito|zione|isce)|accorci(?:are|ato|amo)
            |tagli(?:are|o|amo)
            |scend(?:ere|a|ano|e)|sces[oa]|cal(?:are|i|o|ino)|meno|inferiore|minore|calo
            |contrarre|minimizzare|far scendere""",
        "increase": r"""
            aument(?:are|i|ino|ato|iamo|o|a)|increment(?:are|o|i|ato|iamo)|innalz(?:are|i)
            |alz(?:are|i|iamo)|sal(?:ire|ga|gano|e)|cresc(?:ere|a|ita)|elev(?:are|i)
            |far salire|allungare|superiore|maggiore|più""",
        "improve": (
            r"miglior(?:are|i|iamo|ato|amento)|ottimizzare|port(?:are|i|iamo|ato|ata|ati)"
            r"|raggiung(?:ere|a|iamo)|pass(?:are|i)|arriv(?:are|i)|velocizzare|accelerare"
            r"|attest(?:are|i|arsi)"
        ),
        "halve": r"dimezz(?:are|i|iamo|ato|amento)",
        "double": r"raddoppi(?:are|o|amo|ato|i)?",
        "triple": r"triplic(?:are|hi|ato|hiamo)",
        "faster": r"più (?:velocemente|rapidamente|veloci|rapidi|veloce|in fretta)",
        "resolve": r"risolvere|risolt[eio]|risolvano|risolviamo|chiudere|chius[eio]",
        "<q> faster": (
            r"(?:il |del |dell )?<q> più (?:velocemente|rapidamente|veloci|rapidi|veloce"
            r"|in fretta)"
        ),
        "<q> less": r"(?:il |del |dell )?<q> (?:in meno|meno|inferiore|più basso)",
        "within <t>": r"""
            (?:entro|in|nei|negli|nelle|nel|nell arco di|nel giro di|durante|tra|fra
            |in meno di|nel corso di|nel corso dei)(?: i| gli| le
            | il)?(?: prossim[aeio])? <t>""",
        "within 1 quarters": r"(?:nel corso|durante|nell arco) (?:del |di |il )?«@next quarter»",
        "a <m> of <q>": r"un[ao]? <m> di <q>",
        "1 in <q> tickets": r"(?:un[ao]?|«1») (?:richiesta|ticket|domanda) su <q>",
        "<q> in <q> tickets": r"<q> (?:richieste|ticket|domande) su <q>",
        "by christmas": r"(?:entro|per|prima di) natale",
        "by <q>": r"(?:del|dell|di|dello|di un|di circa|di circa il|del circa) (?:circa )?<q>",
        "by at most <q>": (
            r"(?:di|del) (?:meno di|meno del|al massimo|massimo|non più del|non più di"
            r"|fino al)(?: il| un)? <q>|fino al <q> in meno"
        ),
        "by at least <q>": (
            r"(?:di|del) (?:almeno|oltre|più del|più di|minimo)(?: il| del| un)? <q>"
            r"|almeno (?:del|dell|di) <q>|di oltre il <q>"
        ),
        "by <f>": r"(?:di|della|dei|d)(?: un)? <f>|un <f>",
        "up to <q>": r"(?:fino|sino) (?:a|al|all|alle|ai) <q>",
        "to <q>": (
            r"(?:a|al|all|allo|ad|intorno al) (?:circa )?<q>|a (?:un punteggio|un voto"
            r"|un valore) di <q>"
        ),
        "to at most <q>": r"""
            (?:a |al )?(?:meno di|meno del|sotto(?: a)?|al di sotto del|al di sotto di
            |al di sotto delle|al massimo|massimo|non più di|sotto al)(?: il| le| i| l| gli
            | la soglia del| la soglia di| a| al)? <q>|(?:a |al )?<q> (?:al massimo
            |o meno)""",
        "to at least <q>": (
            r"(?:a|al|ad|sopra|oltre|sopra il|oltre il|al di sopra del|al di sopra di)(?: almeno"
            r"| minimo| più del)?(?: il| i)? <q>(?: o più)?|almeno (?:al|a|il) <q>"
        ),
        "from <q> to <q>": (
            r"(?:da|dal|dalle|dai|dall|dagli)(?: attuali)? <q>(?: attuali| attuale)? (?:a|al"
            r"|alle|all|ad|ai|fino al|fino a)(?: meno di| almeno| oltre| circa)? <q>"
        ),
        "to <f>": r"(?:a|alla|ad|ai)(?: un)? <f>",
        "<q> of tickets": (
            r"(?:almeno )?(?:il |l |al )?<q> (?:delle|dei|di tutte le|di tutti i"
            r"|delle nostre)(?: nostre| nostri)? (?:richieste|ticket|domande|conversazioni|casi"
            r"|contatti|chat|segnalazioni)(?: dei clienti| di assistenza)?"
        ),
        "<f> of tickets": (
            r"(?:il |la |i |l |un )?<f> (?:delle|dei|di tutte le|di tutti i) (?:richieste|ticket"
            r"|domande|conversazioni|casi)(?: dei clienti)?"
        ),
        "by <d>": (
            r"(?:entro|per|in|a|ad|nel|nell|non oltre|entro e non oltre|fino a)(?: il| l"
            r"| il mese di| lo| la)? <d>|<d>(?<=quarter»)"
        ),
        "by the end of <d>": (
            r"(?:entro |per |a |prima della |non oltre )?(?:la )?fine (?:di |del |dell |d )?<d>"
        ),
        "by mid <d>": r"(?:entro |per |a |prima di )?(?:la )?metà (?:di |del |dell )?<d>",
        "before the end of <d>": r"prima (?:della )?(?:fine )(?:di |del |dell )?<d>",
        "before <d>": r"prima (?:di|del|dell)(?: il)? <d>",
        ", without hurting <m> ,": r"""
            (?:e )?senza (?:che )?(?:peggiorare|compromettere|penalizzare|ridurre|abbassare
            |danneggiare|sacrificare|intaccare|incidere su|incidere sulla|diminuire
            |aumentare) <a><m>
            |senza che <a><m> (?:peggiori|diminuisca|cali|scenda|ne risenta|si riduca|aumenti)
            |senza (?:perdite|perdita|cali|peggioramenti) (?:di|nella|della|in) <a><m>""",
        ", keeping <m> ,": (
            r"(?:e )?(?:mantenendo|conservando|tenendo|mantenere)(?: (?:invariat[oa]|costante"
            r"|stabile|inalterat[oa]))? <a><m>(?: (?:invariat[oa]|costante|stabile"
            r"|inalterat[oa]))?|a parità di <a><m>"
        ),
        ", without <m> falling by more than <q> ,": r"""
            senza che <a><m> (?:peggiori|diminuisca|cali|scenda|si riduca) (?:di|del) (?:più
            |oltre) ?(?:di |del )?<q>|senza (?:ridurre|abbassare|peggiorare) <a><m> di (?:più
            |oltre) (?:di |del )?<q>""",
        "than today": (
            r"(?:rispetto (?:a|ad|al|all)|di|che) (?:oggi|adesso|ora|attuale|valore attuale"
            r"|livello attuale)"
        ),
    },
    little=r"""
        noi|ci|si|lo|il|la|i|gli|le|l|un|uno|una|di|del|dell|dello|della|dei|degli|delle|a|al
        |all|alla|alle|ai|e|ed|che|in|nel|nella|per|con|da|questo|questa|è|sono|sia|siano
        |essere|nostr[oaie]|i nostri|suo
        |vogliamo|voglio|vorremmo|vorrei|desideriamo|dobbiamo|deve|devono|dovrebbe|dovrebbero
        |dovremmo|dovrà|dovranno|intendiamo|puntiamo|abbiamo|ha|hanno|bisogno|venire|venga
        |vengano|fare|faccia|far|puntare
        |obiettivo|obiettivi|nostro obiettivo|per favore
        |almeno|medi[oae]|in media|mediamente|ticket|richieste?|domande?|casi|caso
        |conversazioni|client[ei]|clientela
        |assistenza|supporto|servizio|servizio clienti|team|assistente|bot|chatbot|ia|tasso
        |percentuale|livello|punteggio|valore|totale|complessiv[oa]""",
    and_="e|ed|,",
    of="di |del |dell ",
    year="",
    year_before=r"(?:l |dell )?anno ",
    next_=r"prossim[ie]",
    example_down="ridurre {metric} del 30 % entro sei mesi",
    example_up="aumentare {metric} del 10 % entro sei mesi",
)

_PORTUGUESE = Words(
    metrics={
        "resolution_time": r"""
            o tempo de resolução|(?:o |os |do |dos )?(?:tempos?|prazos?)(?: médi[oa]s?)? (?:de
            |para|até a) (?:resolução|solução|fechamento|encerramento
            |resolver)(?: médi[oa]s?)?(?: (?:dos|de) (?:chamados|tickets))?|mttr""",
        "first_contact_resolution": r"""
            a resolução no primeiro contato|(?:(?:a |o )?(?:taxa|percentual|índice
            |percentagem) de )?(?:a )?resolução (?:no|ao|em) primeir[oa] (?:conta(?:c)?to
            |chamada|atendimento)
            |(?:chamados|tickets|pedidos) resolvid[oa]s no primeiro conta(?:c)?to
            |(?:taxa de )?fcr""",
        "durable_resolution": r"""
            a resolução duradoura|(?:taxa de )?(?:a )?resolução duradoura|(?:chamados|tickets
            |pedidos) resolvid[oa]s de forma duradoura""",
        "csat": r"""
            a satisfação do cliente|(?:(?:a |o )?(?:nota|pontuação|índice
            |nível) de )?(?:a )?satisfação (?:de )?(?:do |dos |dos nossos |com o )?clientes?
            |(?:o )?c ?sat""",
        "handling_time": r"""
            o tempo de atendimento|(?:o |os |do |dos )?(?:tempos?
            |duração)(?: médi[oa]s?)? (?:de|do) (?:atendimento|tratamento|manuseio
            |operação)(?: médi[oa]s?)?(?: (?:por|dos|de cada) (?:ticket|tickets|chamado
            |chamados|pedido))?|tma|aht""",
        "containment": r"""
            a taxa de automação|(?:a |o )?(?:taxa|percentual|percentagem|índice|grau
            |nível) de (?:automação|automatização|contenção|retenção no bot|deflexão
            |autoatendimento|autosserviço)|contenção
            |(?:(?:(?:ser )?(?:resolvid[oa]s?|respondid[oa]s?|atendid[oa]s?|tratad[oa]s?
            |solucionad[oa]s?)|resolver|atender|responder) )?
            (?:sem (?:a )?(?:intervenção|ajuda|participação) (?:humana|de (?:um )?(?:agentes?
            |atendentes?|pessoas?|humanos?))|sem (?:um )?(?:agentes?|atendentes?|pessoas?
            |humanos?)(?: humanos?)?|automaticamente|de forma automática)""",
        "human_intervention": r"""
            a taxa de escalonamento|(?:a |o )?(?:taxa|percentual|percentagem
            |índice) de (?:escalonamento|escalação|escalamento|escalada|transferência
            |transbordo|intervenção humana)""",
        "answer_accuracy": r"""
            a exatidão das respostas|(?:exatidão|precisão|acerto) das respostas
            |(?:taxa de )?respostas (?:corretas|certas)""",
        "task_completion": r"""
            a taxa de conclusão|taxa de (?:conclusão|sucesso)(?: de tarefas| das tarefas)?""",
        "cost_per_resolution": r"""
            o custo por resolução|custos?(?: médios?)? (?:por|de cada) (?:resolução|ticket
            |chamado|caso|pedido|conversa|atendimento)(?: resolvid[oa])?""",
    },
    months=(
        r"jan(?:eiro)? fev(?:ereiro)? mar(?:ço)? abr(?:il)? mai(?:o)? jun(?:ho)? jul(?:ho)? "
        r"ago(?:sto)? set(?:embro)? out(?:ubro)? nov(?:embro)? dez(?:embro)?"
    ),
    ordinals=r"primeiro segundo terceiro quarto|último",
    quarter="trimestre",
    half_year="semestre",
    periods={
        "next year": r"(?:o |do )?(?:ano que vem|próximo ano|ano seguinte)",
        "this year": r"(?:este|deste|neste|o presente) ano|ano corrente|ano em curso",
        "the year": r"(?:o |do )?ano",
        "next quarter": r"(?:o |do |no )?(?:próximo trimestre|trimestre (?:que vem|seguinte))",
        "this quarter": r"(?:este |deste |neste |o |do )?trimestre(?: atual)?",
        "next month": r"(?:o |do )?(?:próximo mês|mês que vem)",
    },
    spans={
        "6 months": r"(?:o |um |próximo )*(?:meio ano|semestre)",
        "18 months": r"um ano e meio",
        "1 years": r"um ano",
        "1 quarters": r"um trimestre",
        "1 months": r"um mês",
    },
    units={
        "%": r"%|por ?cento",
        "percentage points": r"pontos? percentua(?:l|is)|pontos de porcentagem|% pontos|pp",
        "hours": r"h|hs|horas?",
        "minutes": r"min|minutos?",
        "points": r"pontos?|estrelas?",
        "days": r"dias?",
        "weeks": r"semanas?",
        "months": r"mês|meses",
        "quarters": r"trimestres?",
        "years": r"anos?",
        "": r"€|euros?|eur|reais",
    },
    fractions={
        "half": r"metade",
        "third": r"terços?",
        "quarter": r"quartos?",
        "fifth": r"quintos?",
        "tenth": r"décimos?",
    },
    numbers=_counting(
        """
            2 dois|duas / 3 três / 4 quatro / 5 cinco / 6 seis / 7 sete / 8 oito / 9 nove /
            10 dez(?!embro) / 12 doze / 15 quinze / 18 dezoito / 20 vinte / 24 vinte e quatro /
            25 vinte e cinco / 30 trinta / 40 quarenta / 50 cinquenta / 60 sessenta / 70 setenta /
            80 oitenta / 90 noventa
        """
    ),
    phrases={
        "reduce": r"""
            redu(?:zir|za|zam|zido|zida|zimos|ção|z)|diminu(?:ir|a|am|ição|ído|i)|baix(?:ar|e
            |em|ado|a)|cort(?:ar|e|ado|amos)|encurt(?:ar|e)|ca(?:ir|ia|iam|i)|queda|abaix(?:ar
            |e)|reba(?:ixar)
            |menos|menor|descer|desça|minimizar""",
        "increase": r"""
            aument(?:ar|e|em|o|ado|a|amos)|increment(?:ar|o|e)|sub(?:ir|a|am|ido)|elev(?:ar|e
            |ado)|cresc(?:er|a|imento)|mais|maior|alongar|acréscimo""",
        "improve": (
            r"melhor(?:ar|e|em|ia|amos)|otimizar|lev(?:ar|e|ado)|pass(?:ar|e)|cheg(?:ar|ue|uem)"
            r"|atin(?:gir|ja|jam)|alcan(?:çar|ce)|trazer|acelerar|agilizar|ficar|fique"
        ),
        "halve": (
            r"(?:reduzir|cortar|diminuir|baixar|reduza|dividir) (?:pela|à|para|por|para a"
            r"|a) (?:a )?metade"
        ),
        "halve <m>": (
            r"(?:reduzir|cortar|diminuir|baixar|reduza) <a><m> (?:pela|à|para|por"
            r"|a) (?:a )?«a half»"
        ),
        "double": r"(?:du|re)plic(?:ar|ado|amos)|duplique|dobr(?:ar|e|o|ado)",
        "triple": r"triplic(?:ar|ado)|triplique",
        "faster": r"mais (?:rápido|rapidamente|rápidos|depressa|ágil)",
        "resolve": r"resolver|resolvid[oa]s?|resolvam|solucionar|fechar|encerrar",
        "<q> faster": r"<q> mais (?:rápido|rapidamente|rápidos|depressa)",
        "<q> less": r"<q> (?:a menos|menos|menor|mais baixo)",
        "within <t>": r"""
            (?:em|dentro de|durante|ao longo de|no prazo de|num prazo de|em até|no espaço de
            |em menos de|nos|nas|no|ao longo dos|dentro dos)(?: os| as
            | o)?(?: próxim[oa]s?)? <t>""",
        "within 1 quarters": (
            r"(?:ao longo|durante|no decorrer|no decurso) (?:do |de |o )?«@next quarter»"
        ),
        "a <m> of <q>": r"uma? <m> de <q>",
        "1 in <q> tickets": r"(?:uma?|«1») em cada <q> (?:chamados|tickets|pedidos|perguntas)",
        "<q> in <q> tickets": r"<q> em cada <q> (?:chamados|tickets|pedidos|perguntas)",
        "by christmas": r"(?:até|antes do?) (?:o )?natal",
        "by <q>": r"em (?:cerca de |aproximadamente )?<q>|<q> (?=do <m>|da <m>)",
        "by at most <q>": (
            r"(?:em )(?:menos de|no máximo|até|não mais de|não mais que) <q>|em <q> (?:no máximo"
            r"|ou menos)"
        ),
        "reduce by <q>": r"(?:redução|diminuição|queda|corte) de <q>",
        "increase by <q>": r"(?:aumento|incremento|acréscimo) de <q>",
        "by at least <q>": (
            r"(?:em )?(?:pelo menos|ao menos|no mínimo|mais de) <q>|em <q> (?:ou mais|no mínimo"
            r"|pelo menos)"
        ),
        "by <f>": r"(?:em |pela |de )?(?:um|uma|dois|duas)? ?<f>",
        "up to <q>": r"até (?:os |as )?<q>",
        "to <q>": (
            r"(?:a|para|para os|ao|aos) (?:os |as )?(?:cerca de )?<q>|para (?:uma nota"
            r"|um índice) de <q>"
        ),
        "to at most <q>": r"""
            (?:a |para |em )?(?:menos de|abaixo de|abaixo dos|abaixo das|no máximo
            |até no máximo|não mais de|não mais que)(?: as| os)? <q>
            |(?:para )?<q> (?:no máximo|ou menos)""",
        "to at least <q>": (
            r"(?:a |para )?(?:acima de|acima dos|mais de) <q>|(?:a|para) (?:pelo menos|ao menos"
            r"|no mínimo) <q>"
        ),
        "from <q> to <q>": (
            r"(?:de|dos|das)(?: atuais)? <q>(?: atuais)? (?:para|a|até)(?: os| as| menos de"
            r"| pelo menos| mais de)? <q>"
        ),
        "to <f>": r"(?:a|para|à|até)(?: a| um| uma)? <f>",
        "<q> of tickets": (
            r"(?:pelo menos |ao menos )?(?:os )?<q> (?:dos|das|de todos os|de todas as"
            r"|dos nossos) (?:pedidos|tickets|chamados|perguntas|solicitações|conversas|casos"
            r"|dúvidas|contatos|contactos|atendimentos)(?: dos clientes)?"
        ),
        "<f> of tickets": (
            r"(?:um |a |os |uma )?<f> (?:dos|das|de todos os|de todas as) (?:pedidos|tickets"
            r"|chamados|perguntas|solicitações|conversas|casos)(?: dos clientes)?"
        ),
        "by <d>": (
            r"(?:até|em|para|no máximo até|no|o mais tardar em|neste|este)(?: o| ao| a| o mês de"
            r"| dia| o dia)? <d>"
        ),
        "by the end of <d>": (
            r"(?:até |para |antes do |no |a |ao )?(?:o |ao )?(?:fim|final|fechamento"
            r"|término) (?:de |do |d )?<d>"
        ),
        "by mid <d>": r"(?:até |em |para )?(?:meados|a metade) (?:de |do )?<d>",
        "before the end of <d>": r"antes (?:do |de )(?:o )?(?:fim|final) (?:de |do )?<d>",
        "before <d>": r"antes (?:de|do|do mês de)(?: o)? <d>",
        ", without hurting <m> ,": r"""
            (?:e )?sem (?:que )?(?:prejudicar|afetar|piorar|comprometer|reduzir|baixar
            |sacrificar|diminuir|perder|impactar|aumentar) <a><m>
            |sem que <a><m> (?:piore|caia|diminua|baixe|sofra|seja prejudicad[oa]|aumente)
            |sem (?:perda|queda|prejuízo|piora) (?:de|da|na|no|em|para) <a><m>""",
        ", keeping <m> ,": (
            r"(?:e )?(?:mantendo|conservando|preservando|manter) <a><m>(?: (?:constante|estável"
            r"|inalterad[oa]|igual|no mesmo nível))?"
        ),
        ", without <m> falling by more than <q> ,": r"""
            sem que <a><m> (?:piore|caia|diminua|baixe) (?:em )?mais (?:de|do que|que) <q>
            |sem (?:reduzir|baixar|piorar|prejudicar) <a><m> em mais de <q>""",
        "than today": (
            r"(?:do que|em relação a|em relação ao|comparado a|comparado com|face a"
            r"|ante) (?:hoje|agora|o atual|atual|o valor atual|o nível atual|valor atual)"
        ),
    },
    little=r"""
        nós|a gente|se|o|a|os|as|um|uma|uns|umas|de|do|da|dos|das|no|na|nos|nas|ao|à|e|que|em
        |para|por|pelo|pela|com|este|esta|isso|é|são|ser|seja|sejam|estar|esteja|noss[oa]s?
        |seu|sua
        |queremos|quero|quer|gostaríamos|gostaria|desejamos|deve|devem|deveria|deveriam
        |devemos|precisamos|precisa|pretendemos|vamos|buscamos|temos|tem|têm|ter|fazer|faça
        |conseguir|visamos
        |objetivo|objetivos|meta|nosso objetivo|por favor
        |pelo menos|ao menos|no mínimo|médi[oa]s?|em média|tickets?|chamados?|pedidos?
        |perguntas?|casos?|solicitações|conversas|clientes?
        |suporte|atendimento ao cliente|serviço|apoio ao cliente|equipe|equipa|time|assistente
        |bot|chatbot|ia|taxa|percentual|percentagem|nível|nota|pontuação|índice|total
        |global""",
    and_="e|,",
    of="de |do ",
    year="",
    year_before=r"(?:o )?ano (?:de )?",
    next_=r"próxim[oa]s",
    example_down="reduzir {metric} em 30 % em seis meses",
    example_up="aumentar {metric} em 10 % em seis meses",
)

_DUTCH = Words(
    metrics={
        "resolution_time": r"""
            de oplostijd|(?:de )?(?:ticket)?oplos(?:tijd|tijden|duur)
            |(?:de )?doorlooptijd(?:en)?|(?:de )?tijd tot (?:de )?oplossing
            |tijd om (?:een )?tickets? op te lossen|mttr""",
        "first_contact_resolution": r"""
            de first contact resolution|(?:first contact resolution|first time fix)(?: rate
            | ratio)?|(?:het )?(?:percentage|aandeel)(?: tickets| vragen)? (?:opgelost |dat )?(?:bij
            |in|tijdens) (?:het )?eerste contact(?: (?:wordt )?opgelost)?(?: (?:tickets
            |vragen))?
            |(?:het )?oplospercentage (?:bij|in) (?:het )?eerste contact|(?:bij
            |in) (?:het )?eerste contact opgeloste? (?:tickets|vragen)|fcr(?: (?:rate
            |percentage))?""",
        "durable_resolution": r"""
            duurzame oplossing|duurzame oplossing(?:en)?|duurzaam opgeloste? (?:tickets|vragen)""",
        "csat": r"""
            de klanttevredenheid|(?:de )?(?:klant(?:en)?tevredenheid(?:sscore|scijfer)?
            |tevredenheid van (?:onze |de )?klanten)|(?:de )?c ?sat(?: ?score)?""",
        "handling_time": r"""
            de afhandeltijd|(?:de )?(?:afhandel(?:ings)?|behandel|verwerkings
            |bewerkings)(?:tijd|tijden|duur)(?: per (?:ticket|vraag|case))?|aht""",
        "containment": r"""
            de automatiseringsgraad|(?:de |het )?(?:automatiserings(?:graad|percentage)
            |containment(?: ?rate| ?percentage)?|deflectie(?:percentage|graad)?
            |selfservice ?(?:percentage|graad))
            |(?:het )?(?:aandeel|percentage) (?:zelfstandig|automatisch) (?:afgehandelde
            |opgeloste|beantwoorde) (?:gesprekken|vragen|tickets)
            |(?:automatisch|volautomatisch) (?:afgehandelde?|opgeloste?|beantwoorde?
            |afhandelen|oplossen|beantwoorden|wordt (?:afgehandeld|opgelost|beantwoord)
            |worden (?:afgehandeld|opgelost|beantwoord)|afgehandeld|opgelost|beantwoord)
            |zonder (?:een )?(?:menselijke (?:tussenkomst|hulp)
            |tussenkomst van (?:een )?(?:mens|medewerker|agent)s?|medewerkers?|agents?
            |mensen?)
            (?: (?:worden |wordt )?(?:beantwoord|opgelost|afgehandeld)| (?:afhandelen|oplossen
            |beantwoorden))?(?: (?:worden|wordt))?""",
        "human_intervention": r"""
            het escalatiepercentage|(?:het |de )?(?:escalatie|doorverwijs
            |overdrachts)(?:percentage|graad|ratio)|menselijke interventies?""",
        "answer_accuracy": r"""
            juistheid van de antwoorden|(?:juistheid|nauwkeurigheid) van (?:de )?antwoorden
            |(?:aandeel |percentage )?(?:juiste|correcte|goede) antwoorden""",
        "task_completion": r"""
            het voltooiingspercentage|(?:taak)?voltooiingspercentage""",
        "cost_per_resolution": r"""
            de kosten per oplossing|(?:de )?kosten per (?:oplossing|(?:opgelost )?ticket
            |(?:opgeloste )?vraag|case|gesprek)""",
    },
    months=(
        r"jan(?:uari)? feb(?:ruari)? maart|mrt apr(?:il)? mei juni? juli? aug(?:ustus)? "
        r"sept?(?:ember)? okt(?:ober)? nov(?:ember)? dec(?:ember)?"
    ),
    ordinals=r"eerste|1e tweede|2e derde|3e vierde|laatste|4e",
    quarter="kwartaal",
    half_year="halfjaar|jaarhelft|helft van",
    periods={
        "next year": r"(?:het )?(?:volgend|komend)e? jaar",
        "this year": r"(?:dit|lopende) jaar",
        "the year": r"(?:het )?jaar",
        "next quarter": r"(?:het )?(?:volgend|komend)e? kwartaal",
        "this quarter": r"(?:dit|het|lopende) kwartaal",
        "next month": r"(?:de )?(?:volgende|komende) maand",
    },
    spans={
        "6 months": r"(?:een |het (?:komende |volgende )?)?(?:half jaar|halfjaar|halve jaar)",
        "18 months": r"anderhalf jaar",
        "1 years": r"(?:een|1) jaar(?: tijd)?",
        "1 quarters": r"een kwartaal",
        "1 months": r"een maand",
    },
    units={
        "%": r"%|procent",
        "percentage points": r"procentpunt(?:en)?|% ?punt(?:en)?",
        "hours": r"u|uur|uren",
        "minutes": r"min|minu(?:ut|ten)",
        "points": r"punt(?:en)?|sterren",
        "days": r"dag(?:en)?",
        "weeks": r"weken|week",
        "months": r"maand(?:en)?",
        "quarters": r"kwartalen|kwartaal",
        "years": r"jaar|jaren",
        "": r"€|euro|eur",
    },
    fractions={
        "half": r"helft",
        "third": r"derden?",
        "quarter": r"kwart",
        "fifth": r"vijfden?",
        "tenth": r"tienden?",
    },
    numbers=_counting(
        """
            2 twee / 3 drie / 4 vier / 5 vijf / 6 zes / 7 zeven / 8 acht / 9 negen / 10 tien /
            12 twaalf / 15 vijftien / 18 achttien / 20 twintig / 24 vierentwintig /
            25 vijfentwintig / 30 dertig / 40 veertig / 50 vijftig / 60 zestig / 70 zeventig /
            80 tachtig / 90 negentig
        """
    ),
    phrases={
        "reduce": r"""
            verla(?:gen|ging|agd|ag|agt)|omlaag(?: (?:brengen|gaan|krijgen))?|verminder(?:en|d
            |t|ing)?|daling|dalen|daalt|gedaald|terug ?te ?brengen|terugbrengen|teruggebracht
            |terugdringen|teruggedrongen|verkort(?:en|ing)?|korter|inkorten|lager|minder
            |reduc(?:eren|eer|tie)|zakken|zakt|afnemen|drukken|naar beneden(?: brengen)?|krimpen""",
        "increase": r"""
            verho(?:gen|ging|ogd|og|ogt)|omhoog(?: (?:brengen|gaan|krijgen))?|stijg(?:en|t
            |ing)|gestegen|toenemen|toename|vergroten|opkrikken|optrekken|groeien|hoger|meer
            |verlengen|langer|langzamer|opvoeren|ophogen""",
        "improve": (
            r"verbeter(?:en|d|t|ing)?|optimaliseren|brengen|bereiken|halen|krijgen|komen"
            r"|uitkomen|versnellen|tillen|uit te komen"
        ),
        "halve": r"halver(?:en|ing)|halveer|gehalveerd",
        "double": r"verdubbel(?:en|d|t|ing)?",
        "triple": r"verdrievoudig(?:en|d|t|ing)?",
        "faster": r"sneller|vlotter",
        "resolve": r"oplossen|opgelost|op te lossen|sluiten|gesloten|afronden|afgerond",
        "within <t>": (
            r"(?:binnen|in|over|gedurende|in de loop van|tijdens)(?: de| het"
            r"| nu en)?(?: (?:komend|volgend|eerstvolgend)e?)? <t>"
        ),
        "within 1 quarters": (
            r"(?:in|gedurende|in de loop van|tijdens) (?:het )?(?:komende|komend) kwartaal|(?:in"
            r"|gedurende|in de loop van|tijdens) «@next quarter»"
        ),
        "1 in <q> tickets": r"(?:een|1|«1») op de <q> (?:vragen|tickets|gesprekken)",
        "<q> in <q> tickets": r"<q> (?:op|van) de <q> (?:vragen|tickets|gesprekken)",
        "by christmas": r"(?:voor|tegen|met) kerst(?:mis)?",
        "a <m> of <q>": r"(?:een )?<m> van (?:minstens )?<q>(?! (?:naar|tot) )",
        "by <q>": r"met (?:ongeveer |circa |zo n )?<q>",
        "by at most <q>": (
            r"met (?:maximaal|hooguit|hoogstens|minder dan|niet meer dan|tot|ten hoogste) <q>"
        ),
        "reduce by <q>": r"(?:verlaging|daling|vermindering|verkorting|reductie) van <q>",
        "increase by <q>": r"(?:verhoging|stijging|toename) van <q>",
        "by at least <q>": r"met (?:minstens|ten minste|tenminste|minimaal|meer dan|ruim) <q>",
        "by <f>": r"met (?:ongeveer )?(?:de |een )?<f>",
        "to <q>": r"(?:naar|tot|op) (?:een |een score van |een cijfer van |ongeveer )?<q>",
        "to at most <q>": (
            r"(?:naar |tot )?(?:onder|minder dan|hooguit|hoogstens|maximaal|niet meer dan"
            r"|beneden)(?: de)? <q>|(?:naar |tot )<q> of minder"
        ),
        "to at least <q>": (
            r"(?:naar |tot |op )?(?:boven|meer dan|minstens|minimaal|ten minste"
            r"|tenminste)(?: de)? <q>"
        ),
        "from <q> to <q>": (
            r"van (?:nu |momenteel )?<q>(?: nu)? (?:naar|tot)(?: hooguit| maximaal| minder dan"
            r"| minstens| minimaal| onder de)? <q>"
        ),
        "to <f>": r"(?:tot|naar) (?:op )?(?:de |een )?<f>",
        "<q> of tickets": (
            r"(?:minstens |minimaal )?<q> van (?:de |alle |onze )?(?:vragen|tickets|gesprekken"
            r"|verzoeken|chats|klantvragen|contacten|aanvragen)"
        ),
        "<f> of tickets": (
            r"(?:de |een )?<f> van (?:de |alle |onze )?(?:vragen|tickets|gesprekken|verzoeken"
            r"|chats|klantvragen)"
        ),
        "by <d>": (
            r"(?:in|tegen|uiterlijk|per|op|uiterlijk op|uiterlijk in|tot|tot en met)(?: het"
            r"| de)? <d>"
        ),
        "by the end of <d>": (
            r"(?:tegen |voor |in |aan |uiterlijk |per |op )?(?:het )?einde? (?:van )?<d>"
        ),
        "by mid <d>": r"(?:tegen |voor |in |uiterlijk )?(?:het )?(?:medio|midden van|half) <d>",
        "by the end of the year": (
            r"(?:voor |tegen )?(?:het )?(?:jaareinde|eind van het jaar|de jaarwisseling)"
        ),
        "before the end of <d>": r"voor (?:het )?einde? (?:van )?<d>",
        "before <d>": r"voor (?:begin )?<d>",
        ", without hurting <m> ,": r"""
            (?:en )?zonder (?:dat )?<a><m> (?:daaronder )?(?:daalt|verslechtert|lijdt
            |achteruitgaat|zakt|afneemt|stijgt|toeneemt|te (?:verlagen|schaden|verslechteren
            |verminderen|verliezen|verhogen))
            |zonder (?:verlies|daling|verslechtering|afbreuk te doen
            |concessies te doen) (?:van|aan|in) <a><m>|zonder in te leveren op <a><m>""",
        ", keeping <m> ,": (
            r"(?:en )?met behoud van <a><m>|(?:bij|met) (?:een )?(?:gelijkblijvende|stabiele"
            r"|constante|ongewijzigde|gelijke) <m>|(?:en )?<m> (?:op peil|gelijk"
            r"|stabiel) (?:houden|te houden)"
        ),
        ", without <m> falling by more than <q> ,": (
            r"zonder dat <a><m> (?:met )?meer dan <q> (?:daalt|zakt|afneemt|stijgt)"
            r"|zonder dat <a><m> met meer dan <q> (?:daalt|zakt)"
        ),
        "than today": (
            r"(?:dan|ten opzichte van|vergeleken met) (?:nu|vandaag|de huidige (?:waarde"
            r"|situatie)|het huidige niveau)"
        ),
    },
    little=r"""
        wij|we|ik|men|ons|onze|de|het|een|van|voor|en|om|te|dat|die|dit|deze|er|aan|op|in|bij
        |per|is|zijn|wordt|worden|zijn|zal|zullen|moet|moeten|kan|kunnen|mogen|zou|zouden
        |laten
        |willen|wil|graag|streven|naar|doel|doelstelling|ons doel|alsjeblieft|hebben|nodig
        |gaan|plan|zich
        |minstens|minimaal|ten minste|tenminste|gemiddeld(?:e)?|tickets?|vragen|vraag
        |klantvragen|gesprekken|verzoeken|aanvragen|klanten|klant
        |support|klantenservice|klantenondersteuning|helpdesk|servicedesk|team|teams|assistent
        |bot|chatbot|ai|score|waarde|niveau|cijfer|totale""",
    and_="en|,",
    of="van ",
    year="",
    year_before=r"(?:het )?jaar ",
    next_=r"komende|volgende",
    example_down="{metric} binnen zes maanden met 30 % verlagen",
    example_up="{metric} binnen zes maanden met 10 % verhogen",
)

_POLISH = Words(
    metrics={
        "resolution_time": r"""
            czas rozwiązania|(?:czas|czasu|czasem)(?: \w+ego)? (?:rozwiązania|rozwiązywania
            |zamknięcia|zamykania|do rozwiązania)(?: (?:zgłoszeń|zgłoszenia|spraw|sprawy
            |ticketów|problemu|problemów))?|mttr""",
        "first_contact_resolution": r"""
            odsetek spraw rozwiązanych przy pierwszym kontakcie|(?:odsetek|odsetka|procent
            |udział|wskaźnik|wskaźnika)(?: (?:spraw|zgłoszeń|zapytań))? (?:rozwiązanych
            |rozwiązywanych|rozwiązań) (?:przy|w|podczas) pierwszym kontakcie
            |(?:rozwiązani[ea]|rozwiązań|rozwiązalność|rozwiązywalność)(?: (?:spraw
            |zgłoszeń))? (?:przy|w|podczas) pierwszym kontakcie|(?:wskaźnik(?:a)? )?fcr""",
        "durable_resolution": r"""
            trwałość rozwiązań|(?:trwałość|trwałości) rozwiązań|(?:odsetek )?trwał(?:ych
            |e) rozwiąza(?:ń|nia)|(?:odsetek )?(?:zgłoszeń|spraw) trwale rozwiązanych""",
        "csat": r"""
            satysfakcję klientów|(?:(?:wskaźnik(?:a)?|poziom(?:u)?
            |ocen[aęy]) )?(?:satysfakcj[aięą]|zadowoleni[ea]m?) (?:naszych )?klient(?:ów|a)
            |(?:wskaźnik(?:a)? )?c ?sat""",
        "handling_time": r"""
            czas obsługi|(?:czas|czasu) (?:obsługi
            |pracy agenta nad zgłoszeniem)(?: (?:zgłoszenia|zgłoszeń|sprawy|spraw
            |jednego zgłoszenia))?|aht""",
        "containment": r"""
            wskaźnik automatyzacji|(?:wskaźnik|wskaźnika|stopień|stopnia|poziom
            |poziomu) (?:automatyzacji|containment|samoobsługi|deflekcji)
            |(?:odsetek|odsetka|procent|udział) (?:rozmów|zapytań|zgłoszeń
            |spraw) (?:obsłużonych|obsługiwanych|rozwiązanych|rozwiązywanych) automatycznie
            |(?:(?:obsłużon[aeyi]ch|obsłużone|obsługiwan[aey]|obsługiwanych|rozwiązan[aey]
            |rozwiązanych|rozwiązywan[aey]|rozwiązywanych|rozwiązywać|obsługiwać
            |załatwian[aey]) )?
            (?:automatycznie|bez (?:udziału|pomocy|interwencji|ingerencji) (?:człowieka|ludzi
            |konsultanta|konsultantów|agenta|agentów|pracownika))(?: (?:obsługiwan[aeyi]
            |rozwiązywan[aeyi]|obsłużon[aey]|rozwiązan[aey]))?""",
        "human_intervention": r"""
            wskaźnik eskalacji|(?:wskaźnik|wskaźnika|odsetek|odsetka|poziom) (?:eskalacji
            |przekazań|interwencji człowieka)|interwencje człowieka""",
        "answer_accuracy": r"""
            trafność odpowiedzi|(?:trafność|trafności|poprawność|poprawności
            |dokładność) odpowiedzi|(?:odsetek )?(?:poprawnych|prawidłowych
            |trafnych) odpowiedzi""",
        "task_completion": r"""
            wskaźnik ukończenia zadań|(?:wskaźnik|wskaźnika|odsetek) (?:ukończenia|ukończonych
            |realizacji) zadań""",
        "cost_per_resolution": r"""
            koszt rozwiązania|(?:koszt|koszty|kosztu)(?: (?:obsługi|na))? (?:jednego |jedno )?
            (?:zgłoszenia
            |zgłoszenie|sprawy|sprawę|ticketu|ticket|rozwiązania|rozwiązanie|rozmowy)""",
    },
    months=(
        r"stycz(?:eń|nia|niu) lut(?:y|ego|ym) mar(?:zec|ca|cu) kwie(?:cień|tnia|tniu) maj(?:a|u)? "
        r"czerw(?:iec|ca|cu) lip(?:iec|ca|cu) sierp(?:ień|nia|niu) wrze(?:sień|śnia|śniu) "
        r"październik(?:a|u)? listopad(?:a|zie)? grud(?:zień|nia|niu)"
    ),
    ordinals=r"pierwsz(?:y|ego|ym)|i drugi(?:ego|m)?|ii trzeci(?:ego|m)?|iii czwart(?:y|ego|ym)|iv",
    quarter="kwarta(?:ł|łu|le|łem)",
    half_year="półrocz(?:e|a|u)",
    periods={
        "next year": (
            r"(?:przyszł|następn|kolejn)(?:y|ego|ym) rok(?:u)?|(?:przyszłym|następnym) roku"
        ),
        "this year": r"(?:bieżąc|t)(?:ego|ym) roku|(?:bieżący|ten) rok",
        "the year": r"rok(?:u)?",
        "next quarter": r"(?:przyszł|następn|kolejn)(?:y|ego|ym) kwarta(?:ł|łu|le)",
        "this quarter": r"(?:(?:bieżąc|t)(?:ego|ym) )?kwarta(?:łu|le)",
        "next month": r"(?:przyszł|następn)(?:y|ego|ym) miesiąc(?:a|u)?",
    },
    spans={
        "6 months": r"(?:najbliższe |najbliższego )?(?:pół roku|półrocza|półrocze)",
        "18 months": r"półtora roku",
        "1 years": r"(?:jednego roku|ciągu roku)(?<=roku)",
        "1 quarters": r"(?:jednego|najbliższego|jeden|najbliższym) kwarta(?:łu|ł|le)",
        "1 months": r"(?:jednego |jeden )miesiąca?",
    },
    units={
        "%": r"%|procent(?:a|y|u)?|proc",
        "percentage points": r"punkt(?:y|ów|u)? procentow(?:e|ych|y|ego)|p\.? ?p|% punkt\w*",
        "hours": r"h|godz|godzin(?:y|a|ę)?",
        "minutes": r"min|minut(?:y|a|ę)?",
        "points": r"pkt|punkt(?:y|ów|u|ami)?|gwiazd(?:ki|ek)",
        "days": r"dni|dzień|dniach",
        "weeks": r"tygodni(?:e|a|ach)?",
        "months": r"miesi(?:ące|ęcy|ąca|ącach)|mies",
        "quarters": r"kwarta(?:ły|łów|łach)",
        "years": r"lat(?:a|ach)?",
        "": r"€|euro|eur|zł|pln|złotych",
    },
    fractions={
        "half": r"połow[aęy]",
        "third": r"(?:jedn[aąe]j? )?trzeci[aąe]j?",
        "quarter": r"(?:jedn[aąe]j? )?(?:czwart[aąe]j?|ćwierć|ćwierci)",
        "fifth": r"(?:jedn[aąe]j? )?piąt[aąe]j?",
        "tenth": r"(?:jedn[aąe]j? )?dziesiąt[aąe]j?",
    },
    numbers=_counting(
        """
            2 dw(?:a|ie|óch|oma) / 3 trzy|trzech / 4 cztery|czterech / 5 pię(?:ć|ciu) /
            6 sześ(?:ć|ciu) / 7 sied(?:em|miu) / 8 o(?:siem|śmiu) / 9 dziewię(?:ć|ciu) /
            10 dziesię(?:ć|ciu) / 12 dwanaście|dwunastu / 15 piętna(?:ście|stu) /
            18 osiemna(?:ście|stu) / 20 dwadzieścia|dwudziestu / 24 dwadzieścia cztery /
            25 dwadzieścia pięć / 30 trzydzie(?:ści|stu) / 40 czterdzie(?:ści|stu) /
            50 pięćdziesi(?:ąt|ęciu) / 60 sześćdziesi(?:ąt|ęciu) / 70 siedemdziesi(?:ąt|ęciu) /
            80 osiemdziesi(?:ąt|ęciu) / 90 dziewięćdziesi(?:ąt|ęciu)
        """
    ),
    phrases={
        "reduce": r"""
            skróc(?:ić|enie|ony|imy)|skracać|zmniejsz(?:yć|enie|ać|ony|ymy|ą)|obniż(?:yć|enie
            |ać|ony|ymy)|zredukować|redukcj[aęi]|redukować|ograniczyć|ściąć|ciąć|zbić|spa(?:ść
            |dek|dnie|dł|dać)|spadnie
            |mniej|niższ[yae]|krótsz[yae]|zmaleć|zmalał|maleć|zejść|poniżej""",
        "increase": r"""
            zwiększ(?:yć|enie|ać|ony|ymy|ą)|podnie(?:ść|sienie|siemy)|podwyższ(?:yć|enie)
            |wzros(?:nąć|t|ła|ło|ną|ł)|wzrośnie|rosnąć|więcej|wyższ[yae]|urosnąć|wydłuż(?:yć
            |enie)|dłuż(?:ej|szy)|wolniej|powyżej""",
        "improve": (
            r"popraw(?:ić|a|ę|imy)|ulepszyć|zoptymalizować|optymalizacja|osiągn(?:ąć|ęł[aoy]"
            r"|ęła)|dojść|doprowadzić|wynosi(?:ł|ła|ło|ć)|przyspieszyć|usprawnić"
        ),
        "halve <m>": r"(?:skrócić|zmniejszyć|obniżyć|ograniczyć|zredukować) dwukrotnie <a><m>",
        "double": r"podwo(?:ić|jenie|imy)|dwukrotnie zwiększyć",
        "triple": r"potro(?:ić|jenie|imy)",
        "faster": r"szybciej|szybsze",
        "resolve": (
            r"rozwiązywać|rozwiązywan[aey]|rozwiązan[aey]|rozwiązać|zamykać|zamknięt[aey]"
            r"|zamykan[aey]"
        ),
        "within <t>": r"""
            (?:w ciągu|w czasie|w przeciągu|przez|w|za|w okresie|do|na przestrzeni
            |w trakcie)(?: najbliższych| kolejnych| następnych| najbliższe| kolejne
            | następne)? <t>""",
        "within 1 years": (
            r"w (?:ciągu|przeciągu|czasie) roku|w rok|w (?:ciągu|przeciągu|czasie) «@the year»"
            r"|w «@the year»|w «1 years»"
        ),
        "within 6 months": r"w (?:pół roku|półrocze)",
        "within 1 quarters": r"w (?:ciągu |trakcie )?«1 quarters»",
        **{
            f"1 in {n} tickets": rf"co {nth} (?:zgłoszenie|zapytanie|sprawa|sprawę|pytanie)"
            for n, nth in enumerate(
                ("drug(?:ie|a|ą)", "trzeci(?:e|a|ą)", "czwart(?:e|a|ą)", "piąt(?:e|a|ą)"), 2
            )
        },
        "by christmas": r"do (?:świąt )?bożego narodzenia",
        "by <q>": r"o (?:około |ok |jakieś )?<q>",
        "by at most <q>": (
            r"o (?:nie więcej niż|co najwyżej|najwyżej|maksymalnie|mniej niż|maks) <q>"
        ),
        "by at least <q>": (
            r"(?:o )?(?:co najmniej|przynajmniej|minimum|ponad|więcej niż)(?: o)? <q>"
        ),
        "by <f>": r"o (?:około )?<f>",
        "to <q>": r"(?:do|na poziomie|do poziomu) (?:około |ok )?<q>",
        "to at most <q>": (
            r"(?:do )?(?:poniżej|co najwyżej|najwyżej|maksymalnie|mniej niż|nie więcej niż"
            r"|maks) <q>"
        ),
        "to at least <q>": r"(?:do |na poziomie )?(?:powyżej|co najmniej|przynajmniej|minimum) <q>",
        "from <q> to <q>": (
            r"z (?:obecnych |obecnie )?<q>(?: obecnie)? (?:do|na)(?: poniżej| co najmniej"
            r"| co najwyżej)? <q>"
        ),
        "to <f>": r"do <f>",
        "<q> of tickets": (
            r"(?:co najmniej |przynajmniej )?<q> (?:wszystkich |naszych )?(?:zapytań|zgłoszeń"
            r"|spraw|rozmów|pytań|ticketów|kontaktów|czatów)(?: klientów)?"
        ),
        "<f> of tickets": (
            r"<f> (?:wszystkich |naszych )?(?:zapytań|zgłoszeń|spraw|rozmów|pytań"
            r"|ticketów)(?: klientów)?"
        ),
        "by <d>": r"(?:do|w|na|najpóźniej do|najpóźniej w|nie później niż do)(?: dnia)? <d>",
        "by the end of <d>": r"(?:do |na |przed |z |najpóźniej do )?(?:końca|koniec|końcem) <d>",
        "by mid <d>": r"(?:do |w )?(?:połowy|połowie) <d>",
        "before the end of <d>": r"przed końcem <d>",
        "before <d>": r"przed (?:dniem )?<d>|do początku <d>",
        ", without hurting <m> ,": r"""
            (?:i )?(?:ale )?bez (?:pogorszenia|spadku|obniżenia|obniżania|szkody dla
            |uszczerbku dla|utraty|pogarszania|straty na|wzrostu) <a><m>
            |nie (?:pogarszając|obniżając|zmniejszając) <a><m>|tak (?:aby|żeby
            |by) <m> nie (?:spadł[aoy]?|pogorszył[aoy]? się)""",
        ", keeping <m> ,": (
            r"(?:przy|z) (?:zachowani(?:u|em)|utrzymani(?:u|em)|niezmienion(?:ym|ej)|stał(?:ym"
            r"|ej)|stabiln(?:ym|ej)) <a><m>(?: na (?:tym samym|niezmienionym) poziomie)?"
            r"|(?:zachowując|utrzymując) <a><m>(?: na (?:tym samym|niezmienionym) poziomie)?"
        ),
        ", without <m> falling by more than <q> ,": (
            r"bez (?:spadku|pogorszenia|obniżenia) <a><m> o więcej niż <q>|(?:tak )?(?:aby|żeby"
            r"|by) <m> nie spadł[aoy]? o więcej niż <q>"
        ),
        "than today": (
            r"(?:niż|w porównaniu (?:z|do)|względem|wobec) (?:dziś|dzisiaj|obecnie|teraz"
            r"|stanem obecnym|stanu obecnego|obecnego poziomu|obecną wartością)"
        ),
    },
    little=r"""
        my|nasz(?:a|e|ego|ej|ych|ym|ymi)?|i|oraz|a|w|we|z|ze|na|dla|do|o|się|to|ten|ta|te|tego
        |że|żeby|aby|by|ma|mają|musi|muszą|powinien|powinna|powinno|powinny|być|był[aoy]?|jest
        |są|będzie|będą|został[aoy]?|zostać|mieć
        |chcemy|chcę|chcielibyśmy|planujemy|zamierzamy|dążymy|należy|trzeba|proszę|cel|celem
        |naszym celem|potrzebujemy|zamiar|tak
        |co najmniej|przynajmniej|średni(?:ego|ej|ą|a|e|m|o)?|przeciętn(?:y|ego|ie)
        |zgłosze(?:nie|nia|ń|niu)|spraw(?:a|y|ę)?|zapyta(?:nie|nia|ń)|pyta(?:nie|nia|ń)
        |rozm(?:owy|ów|owa)|ticket(?:y|ów|u)?|klient(?:a|ów|ami|ci|om)?
        |wsparci(?:e|a)|dział(?:u)?|biur(?:o|a)|zespoł(?:u|y)?|zespół|asystent(?:a)?|bot(?:a)?
        |chatbot(?:a)?|ai|wskaźnik(?:a)?|poziom(?:u)?|wynik|ocen[aęy]|procent|całkowit(?:y
        |ego)""",
    and_="i|oraz|,",
    of="",
    year=r"(?: r\b\.?| roku\b)?",
    year_before=r"rok(?:u)? ",
    next_=r"najbliższ(?:ych|e)|kolejn(?:ych|e)",
    example_down="skrócić {metric} o 30 % w ciągu sześciu miesięcy",
    example_up="zwiększyć {metric} o 10 % w ciągu sześciu miesięcy",
)

_SWEDISH = Words(
    metrics={
        "resolution_time": r"""
            lösningstiden|(?:ärende)?lösningstid(?:en|er|erna)?|tid(?:en)? till (?:lösning
            |lösningen|stängning|avslut)|tid(?:en)? (?:det tar )?att lösa (?:ett |våra )?ärenden?
            |mttr""",
        "first_contact_resolution": r"""
            andelen ärenden lösta vid första kontakten
            |(?:andel(?:en)? )?(?:ärenden )?(?:som )?(?:lösta|lösta direkt|löses) (?:vid
            |i) (?:den )?första kontakten
            |lösningsgrad(?:en)? (?:vid|i) första kontakten?|first contact resolution|fcr""",
        "durable_resolution": r"""
            varaktiga lösningar|(?:andel(?:en)? )?varaktig(?:a|t) (?:lösningar|lösta ärenden)
            |hållbara lösningar""",
        "csat": r"""
            kundnöjdheten|kundnöjdhet(?:en|ens)?(?: betyg)?|nöjdhet(?:en)? (?:hos
            |bland) (?:våra )?kunder(?:na)?|nöjd kund index|(?:vårt |vår )?c ?sat(?: (?:värdet?
            |betyget?|poäng))?""",
        "handling_time": r"""
            hanteringstiden|hanteringstid(?:en|er|erna)?(?: per (?:ärende|kontakt))?|aht""",
        "containment": r"""
            automatiseringsgraden|automatiseringsgrad(?:en)?|automationsgrad(?:en)?
            |självbetjäningsgrad(?:en)?|containment(?: ?rate)?
            |(?:andel(?:en)? )?(?:ärenden |frågor )?(?:som )?
            (?:löses |besvaras |hanteras |lösas |hanteras |lösta |besvarade )?(?:automatiskt
            |utan (?:mänsklig (?:hjälp|inblandning|medverkan)|(?:en )?(?:handläggare|agent
            |agenter|medarbetare|människa|människor)))
            (?: (?:löses|besvaras|hanteras|lösta|besvarade))?""",
        "human_intervention": r"""
            eskaleringsgraden|(?:eskalerings|överlämnings)(?:grad(?:en)?|andel(?:en)?)
            |mänskliga ingripanden""",
        "answer_accuracy": r"""
            svarens riktighet|(?:svarens )(?:riktighet|korrekthet|träffsäkerhet)
            |(?:andel(?:en)? )?(?:korrekta|rätta|riktiga) svar""",
        "task_completion": r"""
            slutförandegraden|slutförandegrad(?:en)?""",
        "cost_per_resolution": r"""
            kostnaden per lösning|kostnad(?:en|er|erna)? per (?:lösning|(?:löst )?ärende|fråga
            |samtal|kontakt)""",
    },
    months=(
        r"jan(?:uari)? feb(?:ruari)? mars apr(?:il)? maj juni? juli? aug(?:usti)? "
        r"sept?(?:ember)? okt(?:ober)? nov(?:ember)? dec(?:ember)?"
    ),
    ordinals=r"första andra tredje fjärde|sista",
    quarter="kvartal(?:et)?",
    half_year="halvår(?:et)?",
    periods={
        "next year": r"(?:nästa|kommande) år",
        "this year": r"(?:i år|innevarande år|detta år)",
        "the year": r"året|årets",
        "next quarter": r"(?:nästa|kommande|nästkommande) kvartal(?:et)?",
        "this quarter": r"(?:detta |innevarande )?kvartal(?:et|ets)?",
        "next month": r"nästa månad",
    },
    spans={
        "6 months": r"(?:ett |det (?:kommande |närmaste )?)?(?:halvår(?:et)?|halvt år)",
        "18 months": r"ett och ett halvt år|1 5 år",
        "1 years": r"ett år",
        "1 quarters": r"ett kvartal|det kommande kvartalet",
        "1 months": r"en månad",
    },
    units={
        "%": r"%|procent",
        "percentage points": r"procentenhet(?:er)?|% ?enheter",
        "hours": r"h|tim|timm(?:e|ar|arna)",
        "minutes": r"min|minut(?:er)?",
        "points": r"poäng|stjärnor",
        "days": r"dag(?:ar|arna)?|dygn",
        "weeks": r"veckor(?:na)?|vecka",
        "months": r"månad(?:er|erna)?|mån",
        "quarters": r"kvartal(?:en)?",
        "years": r"år(?:en)?",
        "": r"€|euro|kr|kronor|sek",
    },
    fractions={
        "half": r"hälften|hälft",
        "third": r"tredjedel(?:ar)?",
        "quarter": r"fjärdedel(?:ar)?",
        "fifth": r"femtedel(?:ar)?",
        "tenth": r"tiondel(?:ar)?",
    },
    numbers=_counting(
        """
            2 två / 3 tre / 4 fyra / 5 fem / 6 sex / 7 sju / 8 åtta / 9 nio / 10 tio / 12 tolv /
            15 femton / 18 arton / 20 tjugo / 24 tjugofyra / 25 tjugofem / 30 trettio /
            40 fyrtio / 50 femtio / 60 sextio / 70 sjuttio / 80 åttio / 90 nittio
        """
    ),
    phrases={
        "reduce": r"""
            minsk(?:a|at|ar|as|ning|ad)|sänk(?:a|t|er|as|ning)?|sjunk(?:a|er|it)|kort(?:a|at
            |are|as)(?: ned| ner)?|förkort(?:a|at|as)|reducer(?:a|at|as|ing)|dra (?:ned|ner)
            |få (?:ned|ner)|(?:ned|ner)(?:åt)?|mindre|lägre|färre|gå (?:ned|ner)|krympa""",
        "increase": r"""
            ök(?:a|at|ar|as|ning|ad)|höj(?:a|t|er|as|ning)?|stig(?:a|er|it)|upp(?:åt)?|växa
            |få upp|mer|högre|lyfta|förläng(?:a|as|ning)|längre|långsammare""",
        "improve": (
            r"förbättr(?:a|at|as|ing)|optimera|nå|uppnå|komma|ligga|snabba på|hamna|bli|vara på"
        ),
        "halve": r"halver(?:a|at|as|ing)",
        "double": r"fördubbl(?:a|at|as|ing)|dubblera|dubbla",
        "triple": r"tredubbla|tripplera",
        "faster": r"snabbare",
        "resolve": r"lösa|löst[ae]?|löses|lösas|stänga|stängda|stängs|avsluta",
        "within <t>": (
            r"(?:de (?:kommande|närmaste|nästa)|(?:inom|på|under|om|över|i)(?: de| det| loppet av)?"
            r"(?: (?:kommande|närmaste|nästa))?) <t>"
        ),
        "within 1 quarters": (
            r"(?:under|inom|i) (?:loppet av )?det (?:kommande|närmaste) kvartalet"
            r"|under (?:loppet av )?«@next quarter»"
        ),
        **{
            f"1 in {n} tickets": rf"va(?:rt|r|rje) {nth} (?:ärende|fråga)"
            for n, nth in enumerate(("annat|annan", "tredje", "fjärde", "femte"), 2)
        },
        "<q> in <q> tickets": r"<q> av <q> (?:ärenden|frågor)",
        "a <m> of <q>": r"(?:en |ett )?<m> (?:på|om) (?:minst )?<q>",
        "by <q>": r"med (?:cirka |ungefär |omkring |ca )?<q>",
        "by at most <q>": r"med (?:högst|max|maximalt|upp till|mindre än|som mest|under) <q>",
        "reduce by <q>": r"(?:minskning|sänkning) (?:på|med|av) <q>",
        "increase by <q>": r"(?:ökning|höjning) (?:på|med|av) <q>",
        "by at least <q>": r"(?:med )?(?:minst|åtminstone|mer än|över) <q>",
        "by <f>": r"med (?:ungefär )?(?:en )?<f>",
        "to <q>": r"till (?:cirka |ungefär |ett betyg på |runt )?<q>",
        "to at most <q>": (
            r"(?:till )?(?:under|högst|max|maximalt|mindre än|som mest|inte mer än|lägre än) <q>"
        ),
        "to at least <q>": r"till (?:minst|åtminstone|över|mer än) <q>|över <q>",
        "from <q> to <q>": (
            r"från (?:dagens |nuvarande )?<q>(?: idag| i dag)? till(?: högst| under| minst"
            r"| över)? <q>"
        ),
        "to <f>": r"till (?:en )?<f>",
        "<q> of tickets": (
            r"(?:minst )?<q> av (?:alla |våra |samtliga )?(?:ärenden|ärendena|frågor|frågorna"
            r"|samtal|samtalen|kontakter|konversationer|förfrågningar|chattar)"
        ),
        "<f> of tickets": (
            r"(?:en )?<f> av (?:alla |våra )?(?:ärenden|ärendena|frågor|frågorna|samtal"
            r"|förfrågningar)"
        ),
        "by <d>": (
            r"(?:senast|till|i|under|till och med|fram till)(?: den| i| under)? <d>"
            r"|(?<!\w)«@(next quarter|next year|this quarter|this year)»"
        ),
        "by the end of <d>": (
            r"(?:till |före |vid |i |innan |senast |senast vid |senast i |fram till )?(?:slutet"
            r"|utgången|årets slut) (?:av |på )?<d>"
        ),
        "by the end of the year": (
            r"(?:före |till |vid |innan |senast vid )?(?:årsskiftet|årets slut|årsslutet)"
            r"|(?:till |före |innan )?«@the year» slut"
        ),
        "by mid <d>": r"(?:till |senast |i |före )?(?:mitten av|halvårsskiftet) <d>",
        "before the end of <d>": r"(?:före|innan) (?:slutet|utgången) av <d>",
        "before <d>": r"(?:före|innan)(?: den)? <d>",
        ", without hurting <m> ,": r"""
            (?:och )?utan att <a><m> (?:sjunker|försämras|minskar|blir sämre|faller|lider|ökar
            |går ned|går ner|påverkas)|utan att (?:försämra|sänka|minska|skada|offra|öka
            |försämra|påverka) <a><m>|utan (?:försämrad|sämre|lägre|minskad|sänkt) <m>""",
        ", keeping <m> ,": (
            r"(?:och )?(?:med|vid) (?:bibehållen|bibehållet|oförändrad|oförändrat|samma|konstant"
            r"|stabil) <m>|(?:och )?(?:med )?(?:behålla|bibehålla) <m>"
        ),
        ", without <m> falling by more than <q> ,": (
            r"utan att <a><m> (?:sjunker|minskar|faller|försämras) med mer än <q>"
        ),
        "than today": r"(?:än|jämfört med|mot) (?:idag|i dag|nu|dagens (?:nivå|läge)|nuläget)",
    },
    little=r"""
        vi|vår|vårt|våra|jag|den|det|de|en|ett|och|att|så|som|för|av|till|på|i|med|om|vid|per
        |är|ska|skall|skulle|bör|måste|får|kan|bli|blir|vara|ha|har|göra
        |vill|vilja|önskar|siktar|mål|målet|målsättning|målsättningen|tack|gärna|behöver
        |tänker|planerar
        |minst|åtminstone|genomsnittlig(?:a|t)?|i genomsnitt|i snitt|snitt(?:et)?|ärende(?:t|n
        |na)?|fråga|frågor(?:na)?|samtal|kund(?:er|ernas|en|ens)?|förfrågningar
        |support(?:en)?|kundtjänst(?:en|ens)?|kundservice|team(?:et)?|assistent(?:en)?
        |bot(?:en)?|chattbot(?:en)?|ai|nivå|värde|betyg|totala|andelen""",
    and_="och|samt|,",
    of="",
    year="",
    year_before=r"år(?:et)? ",
    next_=r"kommande|närmaste",
    example_down="minska {metric} med 30 % inom sex månader",
    example_up="öka {metric} med 10 % inom sex månader",
)

_DIGITS = "一二三四五六七八九"
_COUNTED = (
    r"(?=[かヶケヵカ箇個个][月間]|ヶ月|か月|カ月|月|年|割|成|週間|周|日間|天|時間|小时|小時"
    r"|分之|分の|分鐘|分钟|"
    r"四半期|个季度|個季度|季度|倍|個月|个月|%)"
)
_HAN_NUMBERS = {
    "12": f"十二{_COUNTED}", "11": f"十一{_COUNTED}", "18": f"十八{_COUNTED}",
    "20": f"二十{_COUNTED}", "30": f"三十{_COUNTED}", "40": f"四十{_COUNTED}",
    "50": f"五十{_COUNTED}", "60": f"六十{_COUNTED}", "90": f"九十{_COUNTED}",
    "10": f"(?<![{_DIGITS}])十{_COUNTED}",
    **{str(n): f"(?<![十百之]){d}{_COUNTED}" for n, d in enumerate(_DIGITS, 1)},
}  # fmt: skip
"""Numbers are read where something is counted with them: 一 stands in many other words."""

_JAPANESE = Words(
    metrics={
        "resolution_time": r"""
            平均解決時間|(?:平均)?(?:チケット|問い?合わ?せ|案件)?の?(?:解決|完了
            |クローズ)(?:まで)?(?:に(?:かかる|要する))?の?(?:平均)?(?:時間|所要時間|日数)
            |解決までの(?:平均)?時間|mttr""",
        "first_contact_resolution": r"""
            初回解決率|(?:初回|一次|ファーストコンタクト)(?:コンタクト|コール
            |対応)?(?:での)?解決率|fcr""",
        "durable_resolution": r"""
            持続的解決率|(?:持続的|恒久的)(?:な)?解決(?:率)?""",
        "csat": r"""
            顧客満足度|(?:顧客|お客様の?|お客さまの?|利用者)満足度(?:スコア)?|csat(?:スコア)?""",
        "handling_time": r"""
            平均処理時間|(?:平均)?(?:1件(?:あたり|当たり)の?)?処理時間|(?:平均)?1件(?:あたり
            |当たり)の?(?:平均)?対応時間|aht""",
        "containment": r"""
            自動化率|(?:自動(?:化|解決|対応|応答)|自己解決|セルフサービス|ボット完結|完結)率
            |コンテインメント率|無人対応率
            |(?:人|オペレーター|有人|担当者|人間)(?:の手|の対応|の介入|対応)?を?(?:介
            |経)?(?:さずに|なしで|せずに|することなく|さないで)(?:解決|回答|対応|完結)?|(?:人
            |オペレーター|担当者)なしで(?:解決|回答|対応)?|自動(?:で|的に)(?:解決|回答
            |対応)(?:する|できる)?""",
        "human_intervention": r"""
            エスカレーション率|(?:有人|人手)(?:介入|引き継ぎ|切替)率|有人対応率""",
        "answer_accuracy": r"""
            回答精度|(?:回答の?(?:精度|正確さ|正確性|正答率))|正答率""",
        "task_completion": r"""
            タスク完了率|タスク(?:完了|達成|成功)率""",
        "cost_per_resolution": r"""
            解決あたりのコスト|(?:チケット|問い?合わ?せ|案件|解決
            |対応)?(?:1件)?(?:1件)?(?:あたり|当たり|当り|ごと)の?(?:対応)?(?:コスト|費用)""",
    },
    months="(?!)",
    ordinals=r"第?[1一] 第?[2二] 第?[3三] 第?[4四]",
    quarter="四半期|クォーター|q",
    half_year="半期",
    halves=("上半期|上期", "下半期|下期"),
    periods={
        "next year": r"来年|翌年",
        "this year": r"今年|本年",
        "the year": r"(?<![今来本翌昨去\d])年(?=末|内)",
        "next quarter": r"(?:次の?|来|翌)四半期",
        "this quarter": r"(?:今|本|当|この)四半期",
        "next month": r"来月",
    },
    spans={
        "6 months": r"半年間?",
        "18 months": r"(?:1|一)年半",
        "1 years": r"(?:1|一)年間?",
        "a half": r"半分|2分の[1一]|半数",
        "2 thirds": r"3分の[2二]",
        "a third": r"3分の[1一]",
        "3 quarters": r"4分の[3三]",
        "a quarter": r"4分の[1一]",
        "a fifth": r"5分の[1一]",
        **{f"{10 * n} %": f"(?:{n}|{d})割(?![引\\d])" for n, d in enumerate(_DIGITS, 1)},
    },
    units={
        "%": r"%|パーセント|ぱーせんと",
        "percentage points": r"%?ポイント|パーセントポイント|pt",
        "hours": r"時間",
        "minutes": r"分(?!の)",
        "points": r"点|つ星",
        "days": r"日間?",
        "weeks": r"週間?",
        "months": r"(?:か|ヶ|ケ|ヵ|カ|箇|個|ヵ)月間?",
        "quarters": r"四半期",
        "years": r"(?:か|ヶ)?年間?",
        "": r"円|ドル|ユーロ",
    },
    fractions={},
    numbers=_HAN_NUMBERS,
    phrases={
        "reduce": r"""
            (?:短縮|削減|低減|減少|縮小|圧縮|低下|抑制|軽減|カット|ダウン)|(?:引き)?下げ(?:る
            |たい|て|ます|ること)?|下が(?:る|って)|減らし(?:たい|て|ます)?|減らす(?:こと)?
            |短く(?:する|したい|し)?|少なく(?:する|したい)?|抑え(?:る|たい)?|縮め(?:る|たい)?
            |落とす|低く(?:する|したい)?""",
        "increase": r"""
            (?:増加|上昇|拡大|延長|アップ)|(?:引き)?上げ(?:る|たい|て|ます|ること)?|上が(?:る
            |って)|増や(?:す|したい|し)|高め(?:る|たい)?|高く(?:する|したい)?|伸ば(?:す|したい
            |し)|長く(?:する|したい)?|遅く(?:する|したい)?""",
        "improve": r"(?:改善|向上|最適化|達成|到達)|良く(?:する|したい)|なる|達する|持っていく",
        "halve": r"半減|半分に(?:する|したい|短縮|削減|減らす|抑える)?",
        "double": r"(?:倍増|倍に|2倍に|二倍に)(?:する|したい|させる|させたい)?",
        "triple": r"(?:3倍に|三倍に)(?:する|したい|させる|させたい)?",
        "faster": r"(?:早く|速く|迅速に|素早く)",
        "resolve": r"解決(?:する|したい|できる|される|すること)?|クローズ(?:する|したい)?",
        "within <t>": (
            r"(?:今後|これから|向こう|この先)?<t>(?:以内|の?(?:間|うち|内))?(?:で|に|以内|以内に"
            r"|かけて|の間に|にわたり)|(?:今後|これから|向こう)<t>"
        ),
        "by <q>": (
            r"<q>(?:ほど|程度|分|だけ)?(?=短縮|削減|低減|減|縮|圧縮|低下|引き|下げ|増|上|向上"
            r"|改善|早く|速く|高|カット|アップ|ダウン|軽減)"
        ),
        "by at most <q>": (
            r"(?:最大|最大で|多くとも)<q>|<q>(?:以下|未満|以内)(?:の)?(?:短縮|削減|低減|増加"
            r"|向上)"
        ),
        "by at least <q>": (
            r"(?:少なくとも|最低)<q>(?:以上)?|<q>以上(?=短縮|削減|低減|減|縮|圧縮|低下|引き下げ"
            r"|下げ|増|上げ|向上|改善|早く|速く)"
        ),
        "by <f>": r"<f>(?=短縮|削減|低減|減|縮|圧縮|低下|引き下げ|下げ|増|上げ|向上|改善)",
        "to <q>": r"<q>(?:程度)?(?:に|まで|へ|まで引き上げ)",
        "to at most <q>": r"<q>(?:以下|未満|以内|を下回る(?:水準)?|を切る)(?:に|まで|へ)?",
        "to at least <q>": r"<q>(?:以上|超|を超える(?:水準)?|を上回る(?:水準)?)(?:に|まで|へ)?",
        "from <q> to <q>": r"(?:現在の|現状の)?<q>から<q>(?:以下|以上|未満|程度)?(?:に|まで|へ)",
        "to <f>": r"<f>(?:に|まで)",
        "<q> of tickets": (
            r"(?:問い?合わ?せ|チケット|質問|会話|案件"
            r"|お問い?合わ?せ)(?:全体)?の(?:うち)?<q>(?:以上)?(?:を|が|は|について)"
        ),
        "<f> of tickets": (
            r"(?:問い?合わ?せ|チケット|質問|会話|案件)(?:全体)?の(?:うち)?<f>(?:を|が|は)"
        ),
        "by <d>": r"<d>(?:中|内)?(?:までに|まで|に|中に|内に|中|まで)|<d>(?:までの間に)",
        "by the end of <d>": r"<d>の?(?:末|終わり|最終日)(?:までに|まで|に)?|<d>(?:が終わるまでに)",
        "by mid <d>": r"<d>の?(?:半ば|中頃|中盤|中旬)(?:までに|まで|に)?",
        "before <d>": r"<d>(?:の?前に|より前に|になる前に|以前に)",
        ", without hurting <m> ,": r"""
            <m>を(?:下げ(?:る)?|落とす?|損なう?|損ね(?:る)?|低下させ(?:る)?|悪化させ(?:る)?
            |犠牲にす(?:る)?|犠牲に)(?:ことなく|ずに|さずに|せずに|わずに|しないで|ないで)
            |<m>を犠牲にせずに|<m>(?:が|を)(?:悪化|低下)(?:し|させ)(?:ない(?:ように|範囲で)
            |ずに)|<m>に影響(?:を与え|させ)(?:ることなく|ずに|ない範囲で)""",
        ", keeping <m> ,": (
            r"<m>(?:の?水準)?を(?:維持|保持|キープ)し(?:ながら|つつ|たまま|た上で)"
            r"|<m>を保(?:ちながら|ちつつ|ったまま)|<m>(?:は|を)(?:維持|保持)(?:し|する)?"
        ),
        ", without <m> falling by more than <q> ,": (
            r"<m>を<q>(?:以上|より多く|超)(?:下げる|低下させる|落とす)ことなく"
        ),
        "than today": r"(?:現在|現状|今|今日)(?:より|と比べて|に比べて|比で?|の水準から)",
    },
    little=r"""
        の|を|は|が|に|で|と|も|へ|私たち|我々|弊社|当社|当チーム|わが社|する|します|したい
        |したいです|したいと思います|させる|させたい|させます|すること|こと|です|ます|である
        |したいと考えています|と考えています|ください|して|て|たい|たいです
        |目標|目標は|とする|となる|なる|ようにする|ようにしたい|必要がある|必要です
        |しなければならない|しなければなりません|すべき|べき|べきだ|予定|計画|目指す
        |目指します|を目指す
        |少なくとも|最低でも|平均|顧客|お客様|お客さま|問い?合わ?せ|チケット|質問|案件|会話
        |対応|サポート|カスタマーサポート|チーム|ボット|チャットボット|アシスタント|ai|率|値
        |スコア|水準|全体""",
    and_="と|および|及び|、",
    year="年?の?",
    is_unspaced=True,
    example_down="{metric}を6か月以内に30%下げる",
    example_up="{metric}を6か月以内に10%上げる",
)

_CHINESE = Words(
    metrics={
        "resolution_time": r"""
            平均解决时间|(?:工单|問題|问题)?的?(?:平均)?(?:解决|解決|处理完成|關閉|关闭|办结
            |結案|结案)(?:工单|问题)?(?:所需)?的?(?:平均)?(?:时间|時間|时长|時長|耗时|用时
            |周期)|mttr""",
        "first_contact_resolution": r"""
            首次解决率|(?:首次|一次|首解|首次联系|首次聯絡|首次接触)(?:性)?(?:问题)?(?:解决
            |解決)率|首解率|fcr""",
        "durable_resolution": r"""
            持久解决率|(?:持久|持续|持續)(?:解决|解決)率?""",
        "csat": r"""
            客户满意度|(?:客户|客戶|顾客|顧客|用户|用戶)的?(?:满意度|滿意度)(?:评分|得分
            |分数)?|满意度|滿意度|csat(?:评分|得分|分数)?""",
        "handling_time": r"""
            平均处理时长|(?:平均)?(?:单次|每单|工单)?(?:处理|處理)(?:工单)?的?(?:平均)?(?:时间
            |時間|时长|時長)|aht""",
        "containment": r"""
            自动化率|(?:自动化|自動化|自动解决|自助解决|自助解決|自助服务|自动应答|自动回复
            |机器人独立解决|拦截|分流)率
            |(?:应|可|能|能够|可以)?(?:无需|無需|不需要?|不用|无须|不经|不通过|没有)(?:人工
            |客服|坐席|真人)(?:介入|参与|干预|客服|协助|帮助|处理)?(?:即可|就能|就可以
            |而)?(?:解答|解决|解決|回答|处理|答复|得到解决|得到解答)?
            |(?:由机器人|被)?(?:自动|自動)(?:得到)?(?:解答|解决|解決|回答|答复)""",
        "human_intervention": r"""
            升级率|(?:升级|升級|转人工|轉人工|人工介入|人工干预|人工接管)(?:率|比例)""",
        "answer_accuracy": r"""
            回答准确率|(?:回答|答案|答复|應答|应答)的?(?:准确率|準確率|正确率|准确性)""",
        "task_completion": r"""
            任务完成率|(?:任务|任務)(?:完成|成功)率""",
        "cost_per_resolution": r"""
            每次解决的成本|(?:每|单|單)(?:一)?(?:张|个|次|件|个已解决的|張|個)?(?:工单|工單
            |案件|会话|解决|解決|咨询|问题)的?(?:平均)?(?:处理|服务)?成本|单均成本""",
    },
    months="(?!)",
    ordinals=r"第?[1一] 第?[2二] 第?[3三] 第?[4四]",
    quarter="个?季度|季",
    half_year="半年",
    halves=("上半年", "下半年"),
    periods={
        "next year": r"明年(?:年(?=[底末终]))?|下一年(?:年(?=[底末]))?",
        "this year": r"今年(?:年(?=[底末终]))?|本年度?",
        "the year": r"(?<![今明本去\d])年(?=底|末|终|終|内)",
        "next quarter": r"下(?:个|一个|個|一)?季度",
        "this quarter": r"(?:本|这个|這個|当前)季度",
        "next month": r"下(?:个|個)?月",
    },
    spans={
        "6 months": r"半年(?:时间)?",
        "18 months": r"(?:1|一)年半",
        "1 years": r"(?:1|一)年(?:时间|時間)?",
        "a half": r"一半|半数|2分之[1一]",
        "2 thirds": r"3分之[2二]",
        "a third": r"3分之[1一]",
        "3 quarters": r"4分之[3三]",
        "a quarter": r"4分之[1一]",
        "a fifth": r"5分之[1一]",
        **{
            f"{10 * n} %": f"{n}成(?![本功为半])|百分之{'' if n == 1 else d}十(?![{_DIGITS}])"
            for n, d in enumerate(_DIGITS, 1)
        },
        "15 %": "百分之十五",
        "25 %": "百分之二十五",
        "5 %": "百分之五(?!十)",
    },
    units={
        "%": r"%",
        "percentage points": r"个?百分点|個?百分點",
        "hours": r"个?小时|個?小時|个?钟头",
        "minutes": r"分钟|分鐘",
        "points": r"分(?![之钟鐘])|颗星|星",
        "days": r"天|日内",
        "weeks": r"周|个?星期|週|个?礼拜",
        "months": r"个月|個月",
        "quarters": r"个季度|個季度",
        "years": r"年",
        "": r"元|美元|欧元",
    },
    fractions={},
    numbers={
        **{"2": f"两{_COUNTED}|兩{_COUNTED}|(?<![十百之])二{_COUNTED}"},
        **{n: p for n, p in _HAN_NUMBERS.items() if n != "2"},
    },
    phrases={
        "reduce": (
            r"缩短|縮短|减少|減少|降低|降|下降|削减|削減|压缩|減低|缩减|减|压降|降下来|下调|控制"
        ),
        "increase": r"提高|提升|增加|增长|上升|升|增|上调|延长|延長|拉长",
        "improve": r"改善|优化|達到|达到|达|做到|实现",
        "halve": (
            r"减半|減半|缩短一半|减少一半|降低一半|缩短«a half»|减少«a half»|降低«a half»"
            r"|削减«a half»"
        ),
        "double": r"翻一番|翻番|翻倍|翻一倍|加倍|提高一倍|提升一倍|增加一倍",
        "triple": r"增至三倍|增加到三倍",
        "within <t>": (
            r"(?:在|于)?(?:未来|今后|接下来的?|今後|将来)?的?<t>(?:之内|以内|内|时间内|內|里"
            r"|期间|以內)|(?:在)?(?:未来|今后|接下来的?)<t>"
        ),
        "by <q>": r"<q>",
        "by at most <q>": (
            r"(?:最多|至多|不超过|不到)(?:缩短|降低|减少|提高|提升|增加)<q>|(?:缩短|降低|减少"
            r"|提高|提升|增加)(?:最多|至多|不超过|不到)<q>"
        ),
        "by at least <q>": r"(?:至少|不少于|超过|逾)<q>|<q>以上",
        "by <f>": r"<f>",
        "to <q>": r"(?:到|至|为|達|达到)(?:约|大约)?<q>(?:左右)?",
        "to at most <q>": (
            r"(?:到|至|在|为)?<q>(?:以下|以内|之内|之下|以內)|(?:到|至|在|为)?(?:低于|少于"
            r"|不超过|不到|最多)<q>"
        ),
        "to at least <q>": (
            r"(?:到|至|在|为|达到)<q>(?:以上|或以上)|(?:到|至|在|为|达到)(?:至少|不低于|超过"
            r"|高于)<q>"
        ),
        "from <q> to <q>": (
            r"(?:从|由|從)(?:目前的?|现在的?|当前的?)?<q>(?:降低|提升|提高|缩短|减少|增加|下降"
            r"|上升|降|升|改善|降低|提升)?(?:到|至|为)(?:至少|不超过)?<q>(?:以上|以下|以内)?"
        ),
        "to <f>": r"(?:到|至|为)(?:原来的|目前的|现在的)?<f>",
        "<q> of tickets": (
            r"(?:至少)?<q>的(?:客户|用户)?(?:咨询|工单|问题|请求|会话|对话|諮詢|工單|来询)"
            r"|(?:咨询|工单|问题|会话)中有?<q>"
        ),
        "<f> of tickets": r"<f>的(?:客户|用户)?(?:咨询|工单|问题|请求|会话|对话)",
        "by <d>": r"(?:到|在|于|截至|至|最迟|最晚|最迟到)?<d>(?:之?内|期间|时|为止|以内)?",
        "by the end of <d>": (
            r"(?:到|在|于|截至|至|最迟|最晚)?<d>(?:年)?(?:底|末|结束|終|终)(?:之?前|为止|时"
            r"|以前)?"
        ),
        "by mid <d>": r"(?:到|在|于|截至|至)?<d>(?:年)?(?:中|中旬|年中)(?:之?前|为止|时|旬)?",
        "before <d>": r"(?:在|于|到)?<d>(?:份)?(?:之?前|以前)",
        ", without hurting <m> ,": (
            r"(?:在)?(?:不影响|不降低|不损害|不牺牲|不影響|不犧牲|不恶化)<a><m>(?:的)?(?:前提"
            r"|情况|情況|基础|条件)?(?:之?下|上)?"
        ),
        ", keeping <m> ,": (
            r"(?:在)?(?:保持|维持|確保|保证|維持)<a><m>(?:不变|不變|稳定|穩定|不下降"
            r"|水平)?(?:的)?(?:前提|情况|情況|基础|条件|同时)?(?:之?下|上)?|(?:同时|同時)(?:保持"
            r"|维持)<m>(?:不变|稳定)?"
        ),
        ", without <m> falling by more than <q> ,": (
            r"(?:且|同时)?<m>(?:的)?(?:下降|降幅)(?:幅度)?(?:不超过|不得超过)<q>"
        ),
        "than today": r"(?:比|较|相比|与)(?:现在|目前|今天|当前)(?:相比)?",
    },
    little=r"""
        的|了|我们|我們|本公司|公司|团队|團隊|将|將|把|使|让|讓|在|于|应|應|要|想|希望|需要|需
        |必须|计划|計劃|打算|争取|力争|目标|目標|是|为|以|对|和|与|能|能够|可以|会|即可|就
        |从而|并|并且|使得
        |至少|平均|客户|客戶|用户|工单|工單|咨询|问题|会话|客服|支持|服务|部门|机器人|助手
        |智能|ai|整体|总体|水平""",
    and_="和|与|及|以及|、",
    year="年?的?",
    is_unspaced=True,
    example_down="在六个月内将{metric}降低30%",
    example_up="在六个月内将{metric}提高10%",
)

LANGUAGES: Mapping[str, Words] = MappingProxyType(
    {
        "German": _GERMAN,
        "French": _FRENCH,
        "Spanish": _SPANISH,
        "Italian": _ITALIAN,
        "Portuguese": _PORTUGUESE,
        "Dutch": _DUTCH,
        "Polish": _POLISH,
        "Swedish": _SWEDISH,
        "Japanese": _JAPANESE,
        "Chinese": _CHINESE,
    }
)
"""Language → its words."""
