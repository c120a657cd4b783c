"""Sentences that people and addresses are put in, and such as have none (`train_tagger.py`).

`{n}` is a whole name, `{f}` and `{g}` are first names, `{l}` and `{m}` surnames, `{p}` any of
these; `{a}` and `{b}` are addresses, `{s}` is a street with its number, `{x}` one without. Of what
is no name and no address `{c}` is a town, `{o}` a company, `{d}` a number or a code, `{t}` a thing,
`{w}` a day. All were written for this; none is from a data set.
"""

from __future__ import annotations

CARRIERS = {
    "en": r"""
        {n} | {f} | {l} | my name is {n} | I'm {f} | I'm {f}, my order has not arrived | this is {n}
        | It's {f} here | it's {n} and my account number is 448812 | {f} and 5512 | yes, {n}
        | Hello, this is {f} from the office | Dear {f}, I still wait for my refund. Regards, {n}
        | Please ask {f} to call me back | I spoke with {f} about the delivery yesterday
        | {f} told me that the parcel was left with {g} | Can {f} change the booking for {g}?
        | The card holder is {n} | Thanks for your help, {f} | Hi {f}, any news on my ticket?
        | {n}\n{a} | deliver it to {a} please | my new address is {a} | {a} | {n}, {a}
        | I live at {a} and the parcel went to {b} | Ship it to {n}, {a} | I moved to {a}
        | Please send the invoice to {a} instead of {b}. | The bill should go to {n}\n{a}\nThanks
        | it should be {a} | {f} lives at {a} | Your technician {f} never came to {a}
        | The meeting with {l} and {m} was moved | {l}, {m} and {n} have access
        | I'm {f}'s mother and need the invoice | according to {l} it was sent
        | {n} and {m} founded the company | the new book by {n} is out
        | {l}, who runs the shop, said no
        | a song that {n} wrote with {g} {l} | {n} will speak about it on Monday | is {f} in today?
        | the {l} family has waited for weeks | {f}, {g} and {n} were late
        | {f} is always so helpful
        | "We are glad about it," says {l}. | the film with {n} was broken | it was {l} who called
        | what {n}'s lawyer wrote | {f}: when will it come?\n{g}: on Monday | {f} gave {g} the keys
        | name on the account? {n} | Bot: your name? User: {n} | {n}\nSales manager\n{a}
        | she called him {f} | they call me {f} | her name was {f} | with {f} and {g} in the car
        | {n} booking 448812 | {f} and {d} | {n} {d} | name {f} and {d} | {n} {a} | {a} {d} | no {a}
        | sure, {n} and {d} | {f} ssn {d} | {f} confirmation number {d} | it's {f} | hi my name {n}
    """,
    "de": r"""
        Ich heiße {n} | Mein Name ist {n} | Ich bin {f} und habe eine Frage | Hier ist {n}
        | Hallo {f}, danke für die Antwort | Viele Grüße\n{n} | Mit freundlichen Grüßen {n}
        | Die Ware soll an {n}, {a} gehen | Meine neue Adresse ist {a} | Bitte an {a} liefern
        | Ich wohne in der {a} | Frau {l} hat mir geholfen | Der Vertrag läuft auf {n}
        | Ich habe mit Herrn {l} gesprochen und die Rechnung noch nicht bekommen
        | {f} sagt, das Paket liegt bei {g} | Lieferadresse: {a} | {n}\n{a}
    """,
    "fr": r"""
        Je m'appelle {n} | Mon nom est {n} | Je suis {n} et ma commande n'est pas arrivée
        | C'est {f} à l'appareil | Bonjour {f}, merci pour votre réponse | Cordialement,\n{n}
        | Ma nouvelle adresse est {a} | Livrez le colis au {a} s'il vous plaît | J'habite {a}
        | Le compte est au nom de {n} | J'ai parlé avec {f} hier | {n}\n{a}
        | Mon mari {f} a signé pour le colis | Adresse de livraison : {a} | Madame {l} m'a aidé
    """,
    "es": r"""
        Me llamo {n} | Mi nombre es {n} | Soy {n} y no ha llegado mi pedido | Soy {f}
        | Hola {f}, gracias por la respuesta | Un saludo,\n{n} | Atentamente, {n}
        | Mi nueva dirección es {a} | Envíelo a {a} por favor | Vivo en {a} | {n}\n{a}
        | La cuenta está a nombre de {n} | Hablé con {f} ayer | La señora {l} me ayudó
        | El paquete lo recibió {f} | Dirección de entrega: {a}
    """,
    "it": r"""
        Mi chiamo {n} | Il mio nome è {n} | Sono {n} e il mio ordine non è arrivato | Sono {f}
        | Ciao {f}, grazie della risposta | Cordiali saluti,\n{n} | Distinti saluti {n}
        | Il mio nuovo indirizzo è {a} | Spedite a {a} per favore | Abito in {a} | {n}\n{a}
        | Il conto è intestato a {n} | Ho parlato con {f} ieri | Indirizzo di consegna: {a}
    """,
    "pt": r"""
        O meu nome é {n} | Meu nome é {n} | Chamo-me {n} | Sou {n} e a encomenda não chegou
        | Sou o {f} | Aqui é a {f} | Olá {f}, obrigado pela resposta | Cumprimentos,\n{n}
        | A minha nova morada é {a} | Meu endereço é {a} | Entregue em {a} por favor
        | Moro na {a} | A conta está em nome de {n} | Falei com {f} ontem | {n}\n{a}
    """,
    "nl": r"""
        Ik ben {n} | Mijn naam is {n} | Ik heet {n} | Met {n}, mijn bestelling is niet aangekomen
        | Hallo {f}, bedankt voor het antwoord | Met vriendelijke groet,\n{n} | Groetjes {f}
        | Mijn nieuwe adres is {a} | Stuur het naar {a} alstublieft | Ik woon op {a} | {n}\n{a}
        | De rekening staat op naam van {n} | Ik sprak gisteren met {f} | Bezorgadres: {a}
    """,
    "pl": r"""
        Nazywam się {n} | Mam na imię {f} | Jestem {n} i moje zamówienie nie dotarło
        | Cześć {f}, dzięki za odpowiedź | Pozdrawiam,\n{n} | Z poważaniem {n}
        | Mój nowy adres to {a} | Proszę wysłać na {a} | Mieszkam przy {a} | {n}\n{a}
        | Konto jest na nazwisko {n} | Rozmawiałem wczoraj z {f} | Adres dostawy: {a}
    """,
    "sv": r"""
        Jag heter {n} | Mitt namn är {n} | Jag är {f} och min beställning har inte kommit
        | Hej {f}, tack för svaret | Med vänliga hälsningar\n{n} | Mvh {n} | Det är {f} här
        | Min nya adress är {a} | Skicka den till {a} tack | Jag bor på {a} | {n}\n{a}
        | Kontot står i namnet {n} | Jag pratade med {f} igår | Leveransadress: {a}
    """,
    "other": r"""
        {n} | {n}\n{a} | {n}, {a} | Name: {n}\nAddress: {a} | {a} | I'm {f} | ask {n} about it
        | the office of {n} is at {a} | deliver to {a} | {f} and {g} came | {l} and {m}
        | my name is {n}
    """,
}
PLAIN = """
    Do you deliver to {city}? | I'm in {city} until {day}
    | a flight from {city} to {town} in {month}
    | {company} charged me twice | I'm sorry, the {thing} is broken | I'm {nation} and live abroad
    | The {thing} from {company} arrived on {day} | I work for {company} in {country}
    | {thing} | {thing} {thing} | {city} | {country} | {month} {thing} | {Thing} and {thing}
    | my {thing} is {colour} | {company} | from {country} with {thing}
    | is the {city} shop open on {day}
    | {nation} | {day} | {month} | next {day} in {city} | {day} morning | {Thing} {Thing}
    | The {city} {thing} by {company} | {Thing}: {thing} | hello {company} team | hi team
    | dear support
    | Ich bin {nation} und seit {month} Kunde | Lieferung nach {city} am {day} | je suis {nation}
    | je suis perdu | soy cliente desde {month} | soy de {city} | sono a {city} | ik ben klant
    | sou cliente da {company} | jestem klientem | jag är kund hos {company} | ich bin enttäuscht
    | order 448812 | account 55120934 | room 12 on {day} | 3 {thing} and 2 {thing} | {thing} 500
    | {thing} {d} | {d} | {d} and {d} | it is {d} | {thing} and {d} | the code is 5512
    | 12 {month} 2024 | {thing} size 10 | transfer 500 from my {thing} account
"""

PROSE = """
    {n} was born in {c} and grew up with two sisters | {n}, a nurse from {c}, won the prize
    | In {w}'s match {l} scored twice before {m} was sent off | {l} retired after the season
    | the painter {n} lived in {c} until she was forty | a novel by {n}, which nobody reads
    | Fans of {l} will like it, those of {m} will not | {f} and {g} are the best thing about it
    | The album was produced by {n} and mixed by {m} | the voice of {n} carries the record
    | I have read everything that {l} wrote | Directed by {n}, written by {m}, starring {g} {l}
    | {l}'s second novel is slower than her first | It sounds like {n} on a bad day
    | {n} plays the drums, {m} the bass, {f} sings | nobody sings it like {n} does
    | the {l} trial begins on {w} | the {l} wedding was lovely | the new {l} album is slow
    | the last {l} film | that {l} concert | the {l} deal fell through | this {l} biography bores
    | the {l} method is described in every handbook | the {l} brothers opened a shop in {c}
    | According to {n}, who chairs the board, it was late | as {l} put it, "we were lucky"
    | "{t}?" asked {f}. "{t}," said {g}. | "It is over," {l} told reporters on {w}
    | {n} ({d}) and {m} ({d}) share first place | Professor {l} teaches {t} at {c}
    | President {l} met Chancellor {m} in {c} | Judge {l} adjourned the case until {w}
    | the late {n} left her house to {m} | {n} joined {o} as chief of {t} in {w}
    | {o} was sold by its owner {n} to {o} for a pound | {o}, run by {n}, closes on {w}
    | {n} has been named head of {t} at {o} | spokeswoman {n} would not comment
    | Photo: {n} | Words by {n} | Text and pictures: {n} | By {n}, {c} | {n} reports from {c}
    | is {f} ill again? | where did {f} go? | who told {f}? | did {n} sign it? | has {f} paid?
    | why did {p} leave? | how does {f} know? | when is {p} back? | what does {l} think?
    | can {f} come too? | will {p} be there? | was it {p}? | isn't {f} lovely? | does {p} agree?
    | tell {f} | ask {f}, please | give it to {p} | let {f} in | blame {p} | thank {p} for me
    | call {n} on {w} | invite {n} and {m} | remove {n} from the list | make {n} an administrator
    | add {n} to my plan | change the name to {n} | not {n} but {m} | it says {n}, not {m}
    | {f} thinks so, too | {f} isn't in | {p} can't come | {f}'ll be late | {f}'d rather not
    | {p} never answered | {f} broke it | {f} hates {t} | {f} needs {t} by {w} | {p} owes me {d}
    | {f} might know | {f} should have it | {f} wants two | {f} lost her {t} | {p} fixed it
    | {f} is my wife | {p} is the owner | {p} was rude | {f} are you there? | {f} please help
    | {f}, where is my {t}? | {f} - is it done? | {f}! At last! | Oh {f}, thank you | ok {f}
    | morning {f} | Good evening {p}, | no {f}, not that one | yes {f} it is | listen {f},
    | bye {f} | cheers {f} | see you {f} | welcome {f} | sorry {f} | congratulations {n}!
    | my son {f} | our daughter {f} is two | my late husband {n} | her ex, {f}, has it
    | his aunt {f} | my boss, {n}, agreed | a friend, {f}, has the same
    | the girl {f} met | a certain {n} | one {n} | some {l} or other | the famous {n}
    | young {f} | poor {f} | dear old {f} | little {f} | our own {n} | both {f} and {g}
    | neither {f} nor {g} | either {n} or {m} | {f} or {g} | {f} & {g} | {f}/{g} | {n}; {m}
    | for {n} | to {n} | from {n} | of {n} | at {n}'s | with {n} | about {n} | by {n} | via {n}
    | against {l} | between {f} and {g} | without {f} | like {f} | after {l} | before {l} | as {n}
    | under {n} | behind {f} | than {f} | until {f} came | because {f} asked | if {p} calls
    | unless {f} says no | since {f} left | while {f} slept | that {f} wrote | whom {f} knew
    | cc {n} | re: {n} | fao {n} | attn. {n} | c/o {n} | pp {n} | signed, {n} | sgd {l} | - {f}
    | user {n} | Customer: {n} | client {n} ({d}) | patient {n}, room {d} | guest: {n} | host {n}
    | To: {n} | From: {n} | Cc: {n}; {m} | Sent by {n} | Assigned to {n} | Reported by: {n}
    | Owner = {n} | author={n} | first: {f} last: {l} | {l}, {f} | {l} {f} ({d}) | Surname {l}
    | Driver {f} | Dr. {l} | Prof. {n} | Mr {l} | Mrs. {n} | Ms {l} | Sir {n} | Lady {l} | Aunt {f}
    | Captain {l} | Sister {f} | Father {l} | King {f} | Queen {f} | St {f} | coach {l} | nurse {f}
    | Name\n{n}\nPhone\n{d} | name {n} phone {d} | {n}, {d} | {n} - {d} | {n} / {d} | {d} {n}
    | > {n} wrote: | On {w}, {n} wrote: | {w}: {n} | {n} @ {o} | {n}, {o} | {n} | {o}, {n}
    | {n}\n{o} | {n}\n{t} at {o}\n{d} | Best\n{f} | Thanks!\n\n{n}\n{o} | {f} x | Kind regards, {f}
    | I'm {f}'s brother | she's {p}'s neighbour | {f}'s {t} is here | {n}'s account | in {l}'s words
    | they called their son {f} | people know me as {f} | friends say {f} | I go by {f} | just {f}
    | I was christened {n} | now I am Mrs {l} | formerly {l} | née {l} | aka {f} | alias {n}
    | look under {l} | try {l} | booked for {l} | a table for {l} at eight | party of six, {l}
    | it could be under {n} or {m} | the policy holder was {n} | beneficiary: {n} | payee {n}
    | I paid {n} {d} | {d} to {n} | a cheque from {n} | refund {n} | transfer to {n}
    | how do you spell {l}? | {l} with two letters | it's spelled {l} | that's {f}, with a k
    | Who's that? {n} | And you are? {f} | Your name? {n} | Name? {p} | Full name please. {n}
    | Agent: who is calling? Customer: {n} | Q: your surname? A: {l} | you: {f}? me: no, {g}
"""
"""People anywhere in a sentence."""

PLACED = """
    {a} | {s} | {s}, {c} | {n}, {a} | {n} {a} | {n}\n{a} | {o}\n{a} | {n}\n{o}\n{a} | {a}\n{c}
    | {n}\n{a}\nTel {d} | {a}\n{d}-home, {d}-work | {a}, phone {d} | >{n}\n>{a} | > {a}
    | Mr. {n}\n{a} | Mrs {n} {a} | Dr. {n} {a} | To:\n{n}\n{a} | From: {n}, {a}
    | my house is {a} | our shop at {s} is closed | the {o} shop is at {a}
    | the branch on {x} is shut
    | {o}, {a} | {o} at {a} is open until {w} | come to {a} at nine | see you at {s} on {w}
    | meet you on {w} at {o}, {a} | dinner on {w} at {a} | lunch at {o}, {s}, {c}
    | pick me up from {a} | pick up from {a}, drop at {b} | a cab from {s} to {a}, please
    | from {a} to {b} | {a} or {b} | {a} and {b} | not {a} but {b} | either {s} or {a}
    | send {t} to {a} by {w} | bring it to {s} | take it back to {a} | drop it off at {a} for me
    | deliver {t} to {n}, {a} | ship to {a} not to {b} | forward my mail to {a} from {w}
    | change my address from {a} to {b} | update it to {a} | set the address to {a} and card to {d}
    | old address: {a}, new address: {b} | my addresses are {a} and {b} | both at {a}
    | the parcel for {a} came back | nothing came to {a} | a parcel lies at {s}
    | {n} moved from {s} to {a} | {n} now lives at {a} | {f} stays at {a} | {n} of {a}
    | {n} gave me this address: {a} | her address is {a} | {f}'s place is {a} | {n}'s home, {s}
    | here is where I live:\n{a} | as asked, the address of {n}:\n\n{a} | write to {n} at {a}
    | if found send to {a} | if not delivered return to {a} | in case of a fault write to {a}
    | the letter went to {a} on {w} | the bill for {a} is wrong | the meter at {a} reads {d}
    | a leak at {a} | no power at {s} since {w} | internet is down at {a} | cancel the line at {a}
    | replace my card {d} and post it to {a} | card {d}, billing address {a} | card: {d}\n{a}
    | {s} {c} | {s} {c} {d} | {f} {s} {c} | no {s} | {n} {s} | {a} mob {d} | {n} {a} ph {d} | {x}
    | {x} {c} | {n} {x} {c} | address {s} {c} contact {d} | delivery to {s} {c} | it's {s} {c}
    | the corner of {x} and {y} | the corner of {s} and {x} | the corner of {x} and {y} Street
    | {x} and {s} | to {x} and {s} | at {s} and {x} | at {x} and {y}
    | where {x} meets {y} | near {x} | along {x} to {y}
    | turn left on {x} | a flat on {x} | the stop at {x} | between {x} and {y}
    | {w} at {a} | {w}, {a} | room {d}, {a} | house for sale: {a} | property: {a} | site: {a}
    | I'm at {a} now | I'm standing at {s} | we moved to {a} in {w} | I work at {o}, {a}
    | bill to: {a} | ship to: {n}\n{a}\nbill to: {m}\n{b} | Address line 1: {s}
    | Street: {s}\nCity: {c} | address {a} | Address\n{a} | adr: {a} | addr. {a} | location: {a}
"""
"""Addresses anywhere in a sentence."""

BEFORE = """
    by with from for to of and or named called dear contact ask tell meet thanks via that when as
    is was if because said hello hey hi yes no like than about near under behind at , . : - ( " >
    artist author singer president doctor professor manager neighbour customer user friend son
    mother wife driver agent director captain judge the a my our their his her this
"""
"""What stands before a name that is put anywhere."""

AFTER = """
    said says was is has had will can could wrote did does and or who 's , . ! ? ) ; : - " / lives
    told sent called came asked about from in on at with for to then again already never
    version song family account order speaking here please thanks
"""
"""What stands behind it."""

FOREIGN_PLAIN = """
    am Boden | ci mandi la fattura | mi manda il conto | il pacco parte domani | quando parte il {t}
    | jestem zadowolony | jestem zła | die Farbe ist rosa | die Farbe Rosa | el color es rosa
    | auf dem Boden | im Laden | der Boden ist nass | das Paket liegt am Tor | am Bahnhof
    | mi dica | mi scusi | ci sono novità | ci manca un pezzo | mi serve un altro {t}
    | non trovo il tasto | la marca del telefono | la rosa | un ramo | me parece mal | dame otro
    | vale la pena | el paquete llega tarde | la talla es pequeña | queria trocar a cor
    | a marca é boa | falta uma peça | o saco veio rasgado | ik wil ruilen | de maat is te klein
    | het pakje ligt buiten | jak długo to trwa | kiedy będzie | ile to kosztuje | mała paczka
    | paketet ligger ute | färgen är fel | var finns den | jag vill byta | hur lång tid tar det
    | la couleur rose | le colis est ouvert | la taille est trop petite | je veux changer
    | Guten Tag | Schönen Abend | Wo ist die Ware | Der Deckel fehlt | Die Farbe stimmt nicht
    | Rad ab | Teil fehlt | Alles gut | Wie lange noch | Warum so teuer | Noch eine Frage
    | Ich bin müde | Ich bin krank | Ich bin zufrieden | sono stanco | sono fuori | soy nueva
    | je suis en retard | je suis malade | sou nova aqui | ik ben ziek | jag är sjuk | jestem chora
"""
"""Sentences without people in other languages."""
