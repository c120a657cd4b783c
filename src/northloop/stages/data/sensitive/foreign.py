"""Everyday words of nine languages, which follow greetings and cues and are nobody's name.

In small letters, with and without their accents (`für`, `fur`, `fuer`), as people type them.
"""

from __future__ import annotations

import unicodedata

from northloop.stages.data.wording import words

_TYPED = words(
    """
    aber alle allem alles als am an auch auf aus bei bestellung bin bis bitte da damen damit danke
    dann das dass dein dem den denn der des dich die dies diese diesen dir doch du durch ein eine
    einem einen einer er es etwas euch euer falsch frage für gar gerne gibt gute guten habe haben
    hallo hat herren heute hier ich ihm ihn ihnen ihr ihre immer in ist ja jetzt kann kein keine
    kunde kundin kunden kundenservice leider leute lieferung liebe lieber man mehr mein meine meinem
    meinen meiner mich mir mit morgen nach nicht nichts noch nun nur oder paket rechnung schon sehr
    seit sich sie sind so support tag team um und uns unser verehrte vielen vom von vor war was wann
    warum weil wenn wer werde wie wieder wir wird wo wohl zu zum zur zusammen geehrte service
    kollegen abend mitarbeiter neu enttäuscht verärgert unzufrieden deutsche deutscher
    bises bisous besos besitos abrazos baci bacioni beijos beijinhos liefs groetjes kram kramar
    buziaki uściski całusy
    à ai alors après assez au aucun aussi autre aux avant avec avez avoir beaucoup bien bonjour
    bonsoir
    ça ce ceci cela celle celui ces cet cette chez client cliente comme commande comment dans de
    déjà
    depuis des donc du elle elles en encore équipe est et été être eu facture faire fait faut il ils
    j'ai je jamais jour l la le les leur lui là ma madame mais mal merci mes mesdames messieurs
    mieux
    moi mon monsieur même n'ai ne non nos notre nous on ou où oui par parce pas perdu peu peut plus
    pour pourquoi pouvez puis quand que quel quelle qui quoi rien s'il sa sans se ses si son sont
    suis
    sur svp ta te tes toi tous tout toute très trop tu un une va vais vers veux voici voilà vos
    votre
    voudrais vous vraiment y français française désolé désolée content contente
    a ahora al algo alguien algún allí aquí así aún bien buen buena buenas bueno buenos cada casi
    cliente clienta como con cosa cual cuál cuando cuándo cuenta cuánto cómo de debe del desde
    después
    día días dónde donde e el ella ello en entonces equipo era es esa ese eso está están estar este
    esta esto estoy factura favor fue fui gracias ha haber hace hacer hasta hay he hola hoy
    incorrecta
    incorrecto la las le les lo los luego me mi mis mismo mucho muchas muchos muy más nada ni no
    noches
    geb appelle m'appelle habla hablo parla parlo nos nuestro nueva nuevo nunca
    o otra otro para pasado pedido pero poco por porque pues puede
    puedo
    que quien quiero quién qué se sea señor señores ser si sido siempre sin sobre sólo solo soy
    su sus
    sí también tan tardes te tengo tiene todo todos tu tus un una uno usted ustedes va vez
    vosotros ya
    yo español española nuevo nueva
    tél tel
    ad agli ai al alla allo altro anche ancora assistenza avete bene bisogno buon buona
    buongiorno che
    chi ci ciao cliente col come con cosa così cui da dal dalla dei del della delle dello di dice
    dopo
    dove due è ed era essere fa fatto fattura fino gli grazie ha hai hanno ho il in io l la le
    lei li
    lo loro lui ma mai me mentre mi mia mie miei mio molto ne nel nella nessuno niente no noi non
    nostro o ogni oggi oppure ora ordine ormai per perché perciò più po poi prima proprio può quale
    qualcosa quando quanto quella quello questa questo qui sbagliata sbagliato se sei sempre
    senza si
    sia signora signore signori solo sono sopra sta stato su sua sul sulla suo sì te ti tra troppo
    tutta tutte tutti tutto un una uno va vi voi vorrei vostro italiano italiana deluso delusa
    ainda agora ao aos aqui as assim até bem boa bom cada cliente com como da das de dela dele
    depois
    desde dia do dos e ela ele eles em encomenda entre era essa esse esta está este eu fatura
    favor foi
    isso isto já lhe lá mais mas me mesmo meu minha muito na nada não nas nem nenhum no nos nossa
    nosso
    nova novo num o obrigada obrigado onde os ou para pela pelo pessoal por porque pois pode posso
    qual quando que quem quero se sem senhor senhora senhores ser seu seus sim só sobre sua são
    também
    tarde tem tenho todos tudo um uma vai você vocês vou à às é português portuguesa brasileiro
    aan al alle allemaal als altijd andere ben bent bestelling bij daar dag dan dat de deze die dit
    doen door dus een eens en er erg factuur ga gaan geen geweest goed goede graag had heb hebben
    heeft
    heel hem het hier hij hoe hun iemand iets ik in is ja je jij jouw jullie kan klant klanten kon
    kunnen kunt maar me meer met mevrouw mij mijn moet mijnheer na naar niet niets nieuw nieuwe
    nog nu
    of om omdat onder ons onze ook op over pakket snel straks te team tegen toch toen tot u uit
    uw van
    vandaag veel voor waar waarom wanneer want was wat we wel werd wie wij wil worden wordt zal
    ze zeer
    zich zij zijn zo zonder zou nederlander nederlandse belg
    aby ale bardzo bez będzie był była było być chcę ci co czy dla do dobry dziś dzień faktura gdy
    gdzie go i ich ile im inne ja jak jaki jako jego jej jest jestem jeszcze jeśli już kiedy klient
    klientem klientka klientką kto która które który ma mam mi mnie mogę może można mój moja moje
    moją
    na nad nas nasz nie nic nim niż no o od on ona oni oraz państwo państwa państwu paczka po pod
    ponieważ proszę przed przez przy są się sobie ta tak także tam te tego tej ten teraz to tu twój
    tylko tym u w wam was wasz we witam witajcie wszyscy wszystkim wszystko z za zamówienie
    zawsze ze
    że żeby polakiem polką zadowolony zadowolona
    alla allt andra att av bara bli blir bra dag de dem den denna dessa det detta dig din dina
    ditt du
    där efter eller en ens er era ett faktura finns från får för ge ha hade han har hej henne hon
    honom
    hur här i icke igen igår inga ingen inte ja jag just kan kund kunder kunna mer mig min mina mitt
    mot mycket ni nog nu någon något nya när och också om oss paket på sedan sig sin skall ska
    skulle
    som så till tack teamet under upp ut utan vad var vara varför vem vi vid vill är år över åt
    svensk
    ledsen besviken ikke jeg og til med har ikke meg mig kunde
    voraus vorab hilfe e-mail telefon einschreiben nachnahme
    """
)
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
FOREIGN_WORDS = (
    _TYPED
    | {
        "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        for word in _TYPED
    }
    | {word.translate(_SPELLED) for word in _TYPED if len(word) > 2}
)
_CALENDAR = words(
    """
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz april
    mai juni juli august september oktober november dezember lundi mardi mercredi jeudi vendredi
    samedi dimanche janvier février mars avril juin juillet août septembre octobre novembre décembre
    lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre lunedì martedì mercoledì giovedì venerdì sabato
    domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre segunda terça
    quarta quinta sexta janeiro fevereiro março maio junho julho setembro outubro dezembro maandag
    dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart mei augustus
    poniedziałek wtorek środa czwartek piątek sobota niedziela styczeń luty marzec kwiecień maj
    czerwiec lipiec sierpień wrzesień październik listopad grudzień måndag tisdag onsdag torsdag
    fredag lördag söndag augusti
    """
)
NO_NAMES = FOREIGN_WORDS | _CALENDAR
"""Words of these languages and the days and months of their calendars."""
