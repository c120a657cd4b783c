"""Made names of things and places, and sentences with them in which nobody is named.

Makes, models, programs and towns are put together of syllables or are ordinary words with a
capital; sentences are such as customers of a shop, a bank, an airline or a software firm write
(`train_tagger.py`). `{K}` is a product, `{M}` a make, `{P}` a program, `{T}` a town, `{D}` a
department, `{q}` and `{r}` are kinds of things, `{e}` a month, `{w}` a day, `{d}` a number or code,
`{t}` a thing. What the sample company sells is left out: its texts are to be measured on.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from northloop.sample import catalogue
from northloop.stages.data.sensitive.names import is_listed

_ONSETS = """
    b br c ch cl cr d dr f fl fr g gl gr h j k kl kn kr l m n p pl pr qu r s sc sh sk sl sm sn
    sp st str sw t th tr v vr w y z zh -
"""
_VOWELS = """
    a a a e e e i i i o o o u u a a a e e e i i i o o o u u a a a e e e i i i o o o u u a a a e
    e e i i i o o o u u y ai au ea ee ei ie io oa oo ou ä ö ü é ø
"""
_CODAS = """
    b ck d ff ft g ld lk ll lm lt m mp n nd ng nk nt p r rd rk rm rn rt sk ss st t x z
"""
_PROGRAM_ENDS = """
    ly ify io DB SQL Hub Sync Kit Flow Pay Cloud Desk Box Base Ops Cache Store FS Shell Log Mail
    Scan Drive Meet Path JS .js OS Lib Queue
"""
_TOWN_ENDS = """
    burg berg stadt dorf heim hausen au ingen bach ham ton by ford mouth bury field ville ac
    court stad dam veen hoven beek sund köping vik borg ów ice ovo ino ano ello eda ela al ar ez
    os im ur ent sk ava ora a o u ka wa
"""
_MODELS = """
    Pro Plus Max Mini Light Lite Duo Trio Air Go One Sport Classic Ultra Neo Mk II III Eco Prime
    Basic Home Office Business Family Junior Winter Summer Carbon Mid Low High Premium Gold Flex
"""
_DEPARTMENTS = """
    Billing | Sales | Support | Returns | Claims | Payroll | Dispatch | Logistics | Marketing
    | Accounting | Customer Care | Human Resources | Fraud | Lending | Cargo | Ticketing | Security
    | Repairs | Service | Buchhaltung | Versand | Vertrieb | Comptabilité | Livraison | Ventas
    | Envíos | Contabilidad | Vendite | Spedizioni | Vendas | Envios | Verkoop | Verzending
    | Reklamacje | Wysyłka | Försäljning | Leverans | Warehouse | Finance | Legal | Treasury
"""
_NOUNS = {
    "en": """
        tent | stove | tarp | kettle | phone | laptop | printer | router | headphones | jacket
        | boots | trainers | rucksack | suitcase | stroller | bike | helmet | watch | sofa
        | mattress | lamp | vacuum | drill | blender | camera | tripod | monitor | keyboard
        | charger | cable | pan | knife set | rain trousers | running shoes | cabin bag | car seat
        | coffee machine | air fryer | dish rack | wall shelf | winter coat | fleece | gloves
        | socks | sunglasses | account | card | credit card | savings plan | loan | app | plan
        | membership | voucher | flight | lounge | fare | seat | upgrade | licence | plugin | client
        | server | driver | connector | module | library | dashboard | report | subscription
        | gift card | catalogue
    """,
    "de": """
        Zelt | Kocher | Jacke | Stiefel | Rucksack | Drucker | Lampe | Matratze | Konto | Karte
        | App | Tarif | Kaffeemaschine | Kinderwagen | Regal | Bohrer | Handy | Laptop | Ladekabel
        | Koffer
    """,
    "fr": """
        tente | réchaud | veste | chaussures | sac | imprimante | lampe | matelas | compte | carte
        | application | forfait | cafetière | poussette | étagère | téléphone | chargeur | valise
    """,
    "es": """
        tienda | hornillo | chaqueta | botas | mochila | impresora | lámpara | colchón | cuenta
        | tarjeta | aplicación | tarifa | cafetera | teléfono | cargador | maleta | silla | estante
    """,
    "it": """
        tenda | fornello | giacca | scarponi | zaino | stampante | lampada | materasso | conto
        | carta | app | tariffa | macchina da caffè | telefono | caricatore | valigia | sedia
        | scaffale
    """,
    "pt": """
        tenda | fogão | casaco | botas | mochila | impressora | candeeiro | colchão | conta | cartão
        | aplicação | tarifa | cafeteira | telemóvel | carregador | mala | cadeira | estante
    """,
    "nl": """
        tent | brander | jas | laarzen | rugzak | printer | lamp | matras | rekening | kaart | app
        | abonnement | koffiezetter | telefoon | lader | koffer | stoel | kast
    """,
    "pl": """
        namiot | palnik | kurtka | buty | plecak | drukarka | lampa | materac | konto | karta
        | aplikacja | taryfa | ekspres | telefon | ładowarka | walizka | krzesło | regał
    """,
    "sv": """
        tält | kök | jacka | kängor | ryggsäck | skrivare | lampa | madrass | konto | kort | app
        | abonnemang | kaffebryggare | telefon | laddare | resväska | stol | hylla
    """,
}
_SENTENCES = {
    "en": r"""
        my {K} {q} | the {K} {q} | your {K} {q} | a {K} {q} | an old {K} {q} | this {K} | the {K}
        | my {K} {q} leaks | the {K} {q} arrived bent | the {K} {q} is reduced, can I use a code?
        | I ordered the {K} {q} by mistake | I bought the {K} {q} from you and love it | {K} {q}
        | Is the {K} {q} in stock? | Is the {K} too heavy? | Does the {K} {q} come in {K}?
        | {K}, {d} | does the {K} fit the {M} {q}? | the {K} or the {K}?
        | the {K} {q} or the {K} {q}? | {K} {q}: how heavy is it? | {K} {q}, size {d}
        | {K} {q} in {t}, please | Exchange: {K} {q} | two {K} {q} and one {K} | {d} x {K}
        | 1x {K} {q} | I want to return my {K} | sold out: {K} | The strap of my {K} {q} is torn
        | a spare part for the {K} {q} | the lid of the {K} broke | I got the {K} {q} as a present
        | My mother wants the {K} {q} | he gave me the {K} {q} | a {M} {q} | the {M} {q} of last {e}
        | do you sell {M}? | is {M} any good? | all my {M} things | {M} have stopped making it
        | I compared {M} with {M} | like the {M} one | no {M} {q} left | the {q} by {M}
        | a {q} from {M} | {M} says the {q} is fine | your {q} made by {M} | {M}'s {q}
        | hello {M} team | Hi {M}, where is my {q}? | Dear {M}, my {q} is broken | thanks {M} team
        | {M} customer service | the {M} website is down | the {M} shop in {T} | {M} never again
        | {M} {q} | {M} {r} and {q} | {M} vs {M} | how do I clean {M} {q}? | {M} {q}? | {K} {q}?
        | my dog is called {M} | our cat is named {M} | the boat is called {M} | it is called {K}
        | We are a club from {T} | a small choir from {T} | I come from {T} | we are from {T}
        | from {T} | in {T} | to {T} | near {T} | I live in {T} | via {T} | not {T} | at {T}
        | I leave for {T} on the 12th | we fly to {T} in {e} | the night train to {T} | trip to {T}
        | Can it be posted to {T}? | delivery to {T} | shipping to {T}, how much? | sent from {T}
        | the {T} shop | your {T} branch | the shop in {T} | in {T} office | the {T} office
        | {T} store | opening hours {T} | Opening times for {T}, please. | hello to {T}
        | Greetings from {T} | Good morning {T} | stuck in {T} | from {T} to {T} | {T} - {T}
        | a flight to {T} via {T} | {T} to {T} on {w} | the {T} flight was late | {T} airport
        | my bags are still in {T} | the parcel is in {T} since {w} | a depot in {T}
        | the weather in {T} | {T} is far away | a hotel in {T} | we camp near {T}
        | the hills around {T} | north of {T} | my aunt in {T} | a branch in {T}
        | the cash machine in {T} swallowed it | a payment in {T} I never made
        | {d} spent at {M} in {T} | a charge from {M} | {M} took {d} twice | a debit by {M}
        | {M} {d} | {M} charged my card | direct debit {M} | pay {M} with my card
        | the {M} payment is pending | my {M} card was declined | does it work with {M} Pay?
        | transfer to my {M} account | the {P} app | the {P} app crashes | {P} crashes
        | {P} 2 crashes | {P} {d} is out | {P} is slow | I can't log in to {P} | sign in with {P}
        | {P} won't start | {P} does not open | open {P} | install {P} on my laptop | remove {P}
        | upgrade {P} to 2.14 | upgrade from {P} 1.9 to 2.0 | {P} has a new release
        | {P} fails with error {d} | support for {P} and {P} | drop {P}
        | {P} dependency as it is old | replace {P} with {P} | migrate to {P} | built with {P}
        | {P} reports the wrong count | {P} uses {P} | {P}'s log is empty | running {P} on {P}
        | The {P} connector times out | Add an option for {P} | a bug in {P} | since {P} was updated
        | This {P} is to track the changes | see the parent {P} | the {P} build fails
        | {P} job failed | {P} needs a restart | {P} is a tool for tests | {P} is not part of {P}
        | {P} keys expire | {P} license | {P} access for the new colleague | please enable {P}
        | {P} via {P} | {P} again | versions of {P} | tests in {P} | the {P} API returns nothing
        | {P} and {P} disagree | {P}: | {D} | the {D} team | your {D} department | ask {D}
        | I spoke to {D} | {D} said no | {D} in {T} | put me through to {D} | {D} never calls back
        | Dear {D} team | Hello {D}, | to {D} | {D}, please | {e} | in {e} | since {e} | until {e}
        | last {e} | my {e} bill | {e} and {e} | by {w} | {w}? | {e} statement | {e}'s bill
        | the {e} sale | early {e} | before {e} I had the {K} | {w} {e} 2 | Price? | Size? | Colour?
        | Free or not? | Refund? | Delivery? | Price | Weight? | {t}? | Again: {t} | Question: {t}
        | Help! {t} | Snow has come early. {t} | Thanks. {K} {q}? | {M} {q} bought in {T}
        | the {K} I bought in {T} in {e} | {K} {q} posted to {T} | {M}, {T}
    """,
    "de": r"""
        mein {K} {q} | das {K} {q} | der {K} {q} ist kaputt | die {M} {q} | {K} {q} | ein {M} {q}
        | Ich habe das {K} bestellt | Passt {K} zu {M}? | Wann kommt das {K} {q}? | Hallo {M} Team
        | aus {T} | in {T} | nach {T} | wir sind aus {T} | Lieferung nach {T} | der Laden in {T}
        | bei {M} | Filiale {T} | von {T} nach {T} | Grüße aus {T} | Die {P} App stürzt ab
        | {P} startet nicht | {P} {d} geht nicht | im {e} | seit {e} | die Abteilung {D}
        | {D} hat nicht geantwortet
    """,
    "fr": r"""
        ma {q} {K} | la {q} {K} | le {K} est cassé | une {q} {M} | J'ai commandé le {K}
        | bonjour {M} | de {T} | à {T} | pour {T} | nous sommes de {T} | livraison à {T}
        | la boutique de {T} | de {T} à {T} | l'application {P} | {P} ne démarre pas
        | {P} {d} plante | en {e} | depuis {e} | le service {D} | {D} n'a pas répondu | chez {M}
        | la {q} {M} vendue à {T}
    """,
    "es": r"""
        mi {q} {K} | la {q} {K} | el {K} está roto | una {q} {M} | He pedido el {K} | hola {M}
        | de {T} | en {T} | a {T} | somos de {T} | envío a {T} | la tienda de {T} | de {T} a {T}
        | la aplicación {P} | {P} no se abre | {P} {d} falla | en {e} | desde {e}
        | el departamento {D} | {D} no contesta | la {q} de {M} | compré {M} en {T}
    """,
    "it": r"""
        la mia {q} {K} | la {q} {K} | il {K} è rotto | una {q} {M} | Ho ordinato il {K} | ciao {M}
        | da {T} | a {T} | per {T} | siamo di {T} | spedizione a {T} | il negozio di {T}
        | da {T} a {T} | l'app {P} | {P} non si apre | {P} {d} si blocca | in {e} | da {e}
        | il reparto {D} | {D} non risponde | la {q} di {M} | comprato da {M} a {T}
    """,
    "pt": r"""
        a minha {q} {K} | a {q} {K} | o {K} está partido | uma {q} {M} | Encomendei o {K} | olá {M}
        | de {T} | em {T} | para {T} | somos de {T} | entrega em {T} | a loja de {T}
        | de {T} para {T} | a aplicação {P} | {P} não abre | {P} {d} falha | em {e} | desde {e}
        | o departamento {D} | {D} não responde | a {q} da {M} | comprei {M} em {T}
    """,
    "nl": r"""
        mijn {K} {q} | de {K} {q} | de {K} is stuk | een {M} {q} | Ik heb de {K} besteld | hallo {M}
        | uit {T} | in {T} | naar {T} | wij komen uit {T} | levering in {T} | de winkel in {T}
        | van {T} naar {T} | de {P} app | {P} start niet | {P} {d} loopt vast | in {e} | sinds {e}
        | de afdeling {D} | {D} antwoordt niet | de {q} van {M} | gekocht bij {M} in {T}
    """,
    "pl": r"""
        moja {q} {K} | mój {K} {q} | {K} nie działa | {q} {M} | Zamówiłem {K} | cześć {M} | z {T}
        | w {T} | do {T} | jesteśmy z {T} | dostawa do {T} | sklep w {T} | z {T} do {T}
        | aplikacja {P} | {P} się nie otwiera | {P} {d} się zawiesza | w {e} | od {e} | dział {D}
        | {D} nie odpowiada | {q} od {M} | kupione w {M} w {T}
    """,
    "sv": r"""
        min {K} {q} | {q} {K} | {K} är trasig | en {M} {q} | Jag har beställt {K} | hej {M}
        | från {T} | i {T} | till {T} | vi är från {T} | leverans till {T} | butiken i {T}
        | från {T} till {T} | appen {P} | {P} startar inte | {P} {d} kraschar | i {e} | sedan {e}
        | avdelningen {D} | {D} svarar inte | {q} från {M} | köpt hos {M} i {T}
    """,
}
_WOVEN = (
    "the {K} {q}", "my {K} {q}", "the {K}", "a {M} {q}", "our {M} {q}", "the {P} app", "{P}",
    "{P} {d}", "in {T}", "from {T}", "to {T}", "for {T}", "at {T}", "near {T}", "the {T} shop",
    "by {M}", "from {M}", "with {M}", "on {P}", "in {P}", "{K} {q}", "{M}", "in {e}", "on {w}",
    "the {D} team", "your {D} department", "this {P}", "the new {K}", "{M} {K}", "via {P}",
)  # fmt: skip
_SOLD = {
    word.lower() for product in catalogue() for word in product.name.split() if word[0].isupper()
} | {"larkfell"}


class Things:
    """Draws names of things and places, and sentences with holes for them."""

    def __init__(
        self,
        rng: random.Random,
        ordinary: Sequence[str],
        city: Callable[[], str],
        months: Mapping[str, Sequence[str]],
    ) -> None:
        """`ordinary` are words that a make may be called after, `city` draws a town."""
        self._rng, self._city, self._months = rng, city, months
        self._words = [w for w in ordinary if w.isalpha() and w.isascii() and 3 <= len(w) <= 9]
        self._sentences = {language: _parts(said) for language, said in _SENTENCES.items()}
        self._nouns = {language: _parts(said) for language, said in _NOUNS.items()}
        self._onsets = [onset.replace("-", "") for onset in _ONSETS.split()]
        self._vowels, self._codas = _VOWELS.split(), _CODAS.split()
        self._program_ends, self._town_ends = _PROGRAM_ENDS.split(), _TOWN_ENDS.split()
        self._models = _MODELS.split()
        self._departments = _parts(_DEPARTMENTS)

    def sentence(self) -> str:
        """Return a sentence in which nobody is named; holes of other kinds are left in it."""
        rng = self._rng
        language = rng.choice([*_SENTENCES, *["en"] * 12])
        said = rng.choice(self._sentences[language])
        if language == "en" and rng.random() < 0.25:
            other = rng.choice(self._sentences[language])
            said = f"{said}{rng.choice(('. ', '? ', ', ', ' '))}{other[0].upper()}{other[1:]}"
        return self.filled(said, language)

    def beside(self) -> str:
        """Return what is put into a sentence."""
        return self.filled(self._rng.choice(_WOVEN), "en")

    def filled(self, said: str, language: str) -> str:
        """Return a sentence with its things and places."""
        values: dict[str, Callable[[], str]] = {
            "K": self.product, "M": self.make, "P": self.program, "T": self.town,
            "D": lambda: self._rng.choice(self._departments),
            "q": lambda: self._rng.choice(self._nouns[language]),
            "r": lambda: self._rng.choice(self._nouns[language]),
            "e": lambda: self._rng.choice(self._months[language]),
        }  # fmt: skip
        for hole, value in values.items():
            while f"{{{hole}}}" in said:
                said = said.replace(f"{{{hole}}}", value(), 1)
        return said

    def make(self) -> str:
        """Return a make: syllables, or an ordinary word with a capital."""
        rng = self._rng
        word = rng.choice(self._words) if rng.random() < 0.45 else self._invented()
        if rng.random() < 0.1:
            word += rng.choice(self._words)
        if is_listed(word) or word in _SOLD:
            return self.make()
        return word.upper() if rng.random() < 0.04 else word.capitalize()

    def product(self) -> str:
        """Return a product: a make, a model or both."""
        rng = self._rng
        number = rng.choice((rng.randint(1, 9), rng.randint(10, 99), 50 * rng.randint(2, 40)))
        model = rng.choice(
            (
                rng.choice(self._models),
                f"{number}",
                f"{rng.choice('ABCEGKSTXZ')}{number}",
                self.make(),
            )
        )
        ways = (self.make(), f"{self.make()} {model}", f"{self.make()} {model} {number}")
        return rng.choices(ways, (4, 5, 1))[0]

    def program(self) -> str:
        """Return a program."""
        rng = self._rng
        if rng.random() < 0.55:
            return self.make()
        if rng.random() < 0.15:
            return "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=rng.randint(2, 5)))
        return f"{self.make()}{rng.choice(self._program_ends)}"

    def town(self) -> str:
        """Return a town, of some country or of none."""
        rng = self._rng
        if rng.random() < 0.4:
            return self._city()
        name = (
            self._invented(1) + rng.choice(self._town_ends) if rng.random() < 0.7 else self.make()
        )
        if is_listed(name) or name.lower() in _SOLD:
            return self.town()
        before = rng.choice(("Bad ", "St ", "San ", "New ", "Le ", "Nowy ", "Upper ", "Port "))
        return (before if rng.random() < 0.1 else "") + name.capitalize()

    def _invented(self, more: int = 0) -> str:
        rng = self._rng
        count = more or rng.choices((1, 2, 3), (5, 8, 2))[0]
        said = "".join(rng.choice(self._onsets) + rng.choice(self._vowels) for _ in range(count))
        said += rng.choice(self._codas) if rng.random() < 0.7 or len(said) < 3 else ""
        return said if len(said) > 2 else self._invented(more)


def _parts(text: str) -> list[str]:
    lines = "".join(f"{line.strip()} " for line in text.splitlines())
    return [part.strip().replace("\\n", "\n") for part in lines.split("|") if part.strip()]
