"""What companies print under signatures, in the languages of `train_signatures`, apart by `|`.

`answers` are what people answer between quoted lines, `warm` closings that no list of closings has,
to learn where closings stand; `legal` sentences of footers, `adverts` mottos, hours and pages,
`places` departments and sites, `afterwards` what people still say below their names: message.
"""

from __future__ import annotations

import msgspec


class Footers(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in signatures of a language beside names, addresses and numbers."""

    answers: str
    warm: str
    legal: str
    adverts: str
    places: str
    afterwards: str


FOOTERS = {
    "en_US": Footers(
        answers="""Yes, since Monday.|No.|Model KB-20.|The grey one.|3.1.7, I think|
        Both, please|Order 55-120|Two weeks ago, in the shop.|None of them""",
        warm="""Hoping for better news soon,|Wishing you all a quiet and sunny
        weekend,|With warm wishes from a patient customer,|I remain, yours respectfully,|
        Have a great rest of your day and stay safe!|
        Warm hugs|Onwards and upwards,|Yours in haste|With thanks and hope,|Peace|Stay
        well,|Smiles|Much appreciated,|Ever yours|Keep smiling|Over to you,|Gratefully,""",
        legal="""This email and any files are confidential and intended solely for the recipient. If
        you received it in error, please delete it and tell the sender.|Any unauthorised use or
        copying of this message is prohibited.|Registered in England No. 7654321. Registered
        office: 1 Mill Lane, Leeds.|Acme Ltd is authorised and regulated by the relevant
        authority.|Please think of the environment before printing this e-mail.|We process
        personal data as described in our privacy notice.""",
        adverts="""Open Monday to Saturday, 8am-6pm|Follow us on Facebook and Instagram|Winner of
        the
        Retail Award 2023|Book a meeting with me here|Serving the county since 1978|Quality you can
        taste|My working days are Tuesday to Thursday|Visit our showroom for the new collection!|We
        are hiring, join our team!|Facebook | Instagram | YouTube""",
        places="""Customer Operations|Building C, Room 14|Finance & Payroll|Northern Region|
        Facilities|Warehouse 2|School of Engineering|Maternity cover for Jo Bell""",
        afterwards="""Also, the second lamp flickers now.|I will be away until Friday.|PS: the box
        was
        already open|The reference is on the label.|Call me if you need the photos.""",
    ),
    "de_DE": Footers(
        answers="""Ja, seit Montag.|Nein.|Modell KB-20.|Das graue.|3.1.7, glaube ich|
        Beide, bitte|Auftrag 55-120|Vor zwei Wochen, im Laden.|Keines davon""",
        warm="""Es wünscht allen einen schönen Feierabend|Mit herzlichen
        Wünschen für die Festtage|In der Hoffnung auf eine gute Lösung grüßt|Ich wünsche Ihnen
        noch eine angenehme Woche.|Mit sonnigen Grüßen aus dem Garten|
        Sonnige Zeit|Frohes Schaffen|Euch alles Liebe|Glück auf|Man sieht sich|Drücker|
        Bleiben Sie gesund|Es dankt und grüßt|Mit Dank vorab und Gruß|Hab's fein|Gutes Gelingen""",
        legal="""Diese Nachricht ist vertraulich und nur für den Empfänger gedacht. Sollten Sie sie
        irrtümlich erhalten haben, löschen Sie sie bitte.|Jede unbefugte Nutzung oder Weitergabe ist
        unzulässig.|Sitz der Gesellschaft: Ulm, Registergericht Ulm HRB 55 | USt-IdNr. DE 99|
        Geschäftsführung: Dr. Eva Lang, Jan Rot|Bitte prüfen Sie der Umwelt zuliebe, ob Sie diese
        E-Mail ausdrucken müssen.|Hinweise zum Datenschutz stehen auf unserer Seite.""",
        adverts="""Geöffnet Mo-Sa 8 bis 18 Uhr|Folgen Sie uns auf Facebook und Instagram|
        Ausgezeichnet
        als bester Arbeitgeber 2023|Termin buchen|Ihr Partner vor Ort seit 1978|Qualität, die man
        schmeckt|Ich arbeite dienstags bis donnerstags|Besuchen Sie unsere neue Ausstellung!|Wir
        suchen Verstärkung, bewerben Sie sich!""",
        places="""Kundenbetrieb|Gebäude C, Raum 14|Finanzen und Lohn|Region Nord|Haustechnik|Lager
        2|
        Fakultät für Maschinenbau|in Elternzeitvertretung für J. Bell|Referat 12""",
        afterwards="""Übrigens flackert jetzt auch die zweite Lampe.|Bis Freitag bin ich
        verreist.|PS:
        Der Karton war schon offen|Die Nummer steht auf dem Etikett.|Rufen Sie an, wenn Sie Bilder
        brauchen.""",
    ),
    "fr_FR": Footers(
        answers="""Oui, depuis lundi.|Non.|Modèle KB-20.|Le gris.|3.1.7, je crois|
        Les deux|Commande 55-120|Il y a deux semaines, au magasin.|Aucun""",
        warm="""En vous souhaitant une belle fin de semaine,|Avec toute ma
        considération et mes salutations,|Je vous souhaite une excellente soirée.|Au plaisir de
        vous lire bientôt,|Bien des choses à toute l'équipe,|
        Bon courage|Belle journée ensoleillée|La bise|Prenez soin de vous|Avec toute mon
        estime|
        Dévoué à votre service,|Avec mes remerciements anticipés|Gros bisous|Portez-vous bien,""",
        legal="""Ce message est confidentiel et réservé à son destinataire. Si vous l'avez reçu par
        erreur, merci de le supprimer.|Toute utilisation non autorisée est interdite.|SAS au capital
        de 10 000 euros - RCS Lille 123 456 789 - SIRET 123 456 789 00011|N'imprimez ce message que
        si nécessaire, pensez à l'environnement.|Vos données personnelles sont traitées selon notre
        politique.""",
        adverts="""Ouvert du lundi au samedi de 8 h à 18 h|Suivez-nous sur Facebook et Instagram|
        Prix du
        meilleur commerce 2023|Prendre rendez-vous en ligne|À votre service depuis 1978|Le goût de
        la qualité|Je travaille du mardi au jeudi|Venez découvrir la nouvelle collection !|Nous
        recrutons, rejoignez-nous !""",
        places="""Service exploitation|Bâtiment C, bureau 14|Comptabilité et paie|Région Nord|
        Services
        techniques|Entrepôt 2|UFR de sciences|Remplaçante de Mme Bell""",
        afterwards="""D'ailleurs la deuxième lampe clignote aussi.|Je suis absente jusqu'à
        vendredi.|PS :
        le carton était déjà ouvert|La référence est sur l'étiquette.|Appelez-moi pour les
        photos.""",
    ),
    "es_ES": Footers(
        answers="""Sí, desde el lunes.|No.|Modelo KB-20.|El gris.|3.1.7, creo|
        Los dos|Pedido 55-120|Hace dos semanas, en la tienda.|Ninguno""",
        warm="""Les deseo un buen fin de semana a todos,|Con mis mejores deseos
        para el equipo,|Agradeciendo de antemano su atención, se despide|Que pasen una buena
        tarde.|A la espera de sus noticias, un saludo|
        Mil abrazos|Con todo mi aprecio|Cuidaos mucho|Muy agradecido por su ayuda,|Feliz
        semana|
        A su disposición|Un apretón de manos|Nos vemos|Besos y gracias,|Con afecto""",
        legal="""Este mensaje es confidencial y solo para su destinatario. Si lo ha recibido por
        error,
        elimínelo.|Queda prohibido su uso no autorizado.|Inscrita en el Registro Mercantil de
        Burgos,
        CIF B-1234|Cuide el medio ambiente: no imprima este correo.|Sus datos personales se tratan
        según nuestra política de privacidad.""",
        adverts="""Abierto de lunes a sábado de 8 a 18 h|Síganos en Facebook e Instagram|Premio al
        mejor
        comercio 2023|Reserve cita en línea|A su servicio desde 1978|El sabor de lo bueno|Trabajo de
        martes a jueves|¡Visite nuestra nueva exposición!|¡Únete a nuestro equipo!""",
        places="""Operaciones|Edificio C, despacho 14|Finanzas y nóminas|Zona Norte|Mantenimiento|
        Almacén
        2|Escuela de Ingeniería|Sustituta de J. Campana""",
        afterwards="""Por cierto, la segunda lámpara también parpadea.|Estaré fuera hasta el
        viernes.|PD:
        la caja ya estaba abierta|La referencia está en la etiqueta.|Llámeme si quiere las
        fotos.""",
    ),
    "it_IT": Footers(
        answers="""Sì, da lunedì.|No.|Modello KB-20.|Quello grigio.|3.1.7, credo|
        Entrambi|Ordine 55-120|Due settimane fa, in negozio.|Nessuno""",
        warm="""Vi auguro una buona continuazione di giornata,|Con i miei
        più sentiti ringraziamenti,|Nell'attesa di leggervi, vi saluto|Le auguro buon lavoro e una
        serena settimana.|Con viva cordialità e stima,|
        Un forte abbraccio|Con stima|Buon proseguimento|Tante belle cose|Con affetto,|
        Grazie e buon
        lavoro|A disposizione|Statemi bene|Con viva cordialità,|Un abbraccio grande""",
        legal="""Questo messaggio è riservato ed è destinato al solo destinatario. Se ricevuto per
        errore,
        va cancellato.|È vietato ogni uso non autorizzato.|Reg. Imprese di Lecce, C.F. e P.IVA
        01234567890, capitale sociale 10.000 euro|Rispetta l'ambiente: non stampare questa mail.|I
        dati personali sono trattati secondo la nostra informativa privacy.""",
        adverts="""Aperto da lunedì a sabato 8-18|Seguici su Facebook e Instagram|Premio miglior
        negozio
        2023|Prenota un appuntamento|Al vostro servizio dal 1978|Il gusto della qualità|Lavoro da
        martedì a giovedì|Venite a scoprire la nuova collezione!|Entra nella nostra squadra!""",
        places="""Area operativa|Edificio C, stanza 14|Contabilità e paghe|Zona Nord|Manutenzione|
        Magazzino
        2|Scuola di Ingegneria|In sostituzione di G. Campana""",
        afterwards="""Tra l'altro sfarfalla anche la seconda lampada.|Sarò via fino a venerdì.|
        PS: la scatola
        era già aperta|Il codice è sull'etichetta.|Chiamatemi per le foto.""",
    ),
    "pt_PT": Footers(
        answers="""Sim, desde segunda.|Não.|Modelo KB-20.|O cinzento.|3.1.7, acho|
        Os dois|Encomenda 55-120|Há duas semanas, na loja.|Nenhum""",
        warm="""Desejo a todos um bom fim de semana,|Com votos de uma boa semana
        para a equipa,|Na expectativa de uma resposta, despeço-me|Fico a aguardar e desejo um bom
        dia.|Com estima e consideração,|
        Um forte aperto de mão|Com estima|Fiquem bem|Tudo de bom,|Um bem-haja|Com amizade|
        Boas
        vendas|Com toda a consideração|Grande abraço e obrigado,|Até à vista""",
        legal="""Esta mensagem é confidencial e destina-se apenas ao destinatário. Se a recebeu
        por engano,
        elimine-a.|É proibida a utilização não autorizada.|Matriculada na Conservatória, NIF 501 111
        222, capital social 10.000 euros|Pense no ambiente antes de imprimir.|Os dados pessoais são
        tratados segundo a nossa política de privacidade.""",
        adverts="""Aberto de segunda a sábado das 8 às 18 h|Siga-nos no Facebook e no Instagram|
        Prémio
        melhor loja 2023|Agende uma visita|Ao seu serviço desde 1978|O sabor da qualidade|Trabalho
        de
        terça a quinta|Venha conhecer a nova coleção!|Estamos a recrutar!""",
        places="""Operações|Edifício C, sala 14|Finanças e salários|Região Norte|Manutenção|
        Armazém 2|Escola
        de Engenharia|Em substituição de J. Sino""",
        afterwards="""Já agora, o segundo candeeiro também pisca.|Estou fora até sexta.|PS: a
        caixa já vinha
        aberta|A referência está na etiqueta.|Liguem se quiserem as fotos.""",
    ),
    "nl_NL": Footers(
        answers="""Ja, sinds maandag.|Nee.|Model KB-20.|De grijze.|3.1.7, denk ik|
        Allebei|Order 55-120|Twee weken geleden, in de winkel.|Geen van beide""",
        warm="""Ik wens jullie nog een mooie dag toe,|Met de beste wensen voor
        het hele team,|In de hoop op een goed bericht groet u|Een prettige voortzetting van de
        week.|Met zonnige groeten van de camping,|
        Dikke knuffel|Het allerbeste|Houdoe|Warme groetjes aan allen|Een zonnige dag
        gewenst|Hopelijk
        tot snel,|Met dank en groet|Blijf gezond|Ajuus|Goed weekend""",
        legal="""Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde. Bent u dat
        niet,
        verwijder het dan.|Onbevoegd gebruik is verboden.|KvK 01234567, btw NL 99 B01|Denk aan het
        milieu voordat u dit bericht afdrukt.|Persoonsgegevens verwerken wij volgens onze
        privacyverklaring.""",
        adverts="""Open van maandag t/m zaterdag 8-18 uur|Volg ons op Facebook en Instagram|Beste
        winkel van
        2023|Plan een afspraak|Uw specialist sinds 1978|Kwaliteit die je proeft|Ik werk dinsdag
        tot en
        met donderdag|Bezoek onze nieuwe showroom!|Wij zoeken collega's!""",
        places="""Bedrijfsbureau|Gebouw C, kamer 14|Financiën en salarissen|Regio Noord|Technische
        dienst|
        Magazijn 2|Faculteit Techniek|Vervangt J. Bel""",
        afterwards="""Trouwens, de tweede lamp knippert ook.|Tot vrijdag ben ik weg.|PS: de doos
        was al open|
        Het nummer staat op het etiket.|Bel me voor de foto's.""",
    ),
    "pl_PL": Footers(
        answers="""Tak, od poniedziałku.|Nie.|Model KB-20.|Szary.|3.1.7, chyba|
        Oba|Zamówienie 55-120|Dwa tygodnie temu, w sklepie.|Żaden""",
        warm="""Życzę całemu zespołowi spokojnego tygodnia,|Z najlepszymi
        życzeniami na cały rok,|Pozostaję z szacunkiem i czekam na wieści|Miłego popołudnia i do
        usłyszenia.|Z serdecznym uściskiem dłoni,|
        Ściskam|Wszystkiego dobrego|Kłaniam się|Trzymajcie się|Uściski|Z ukłonami|Z góry
        dzięki i
        pozdrowienia|Dobrego tygodnia|Moc uścisków|Z najlepszymi życzeniami,""",
        legal="""Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata. Jeśli trafiła do
        Państwa
        omyłkowo, prosimy ją usunąć.|Nieuprawnione użycie jest zabronione.|Sąd Rejonowy w Opolu, KRS
        0000123, NIP 111-222-33-44, REGON 123456789|Pomyśl o środowisku, zanim wydrukujesz tę
        wiadomość.|Dane osobowe przetwarzamy zgodnie z RODO.""",
        adverts="""Czynne od poniedziałku do soboty 8-18|Obserwuj nas na Facebooku i Instagramie|
        Nagroda
        Sklep Roku 2023|Umów spotkanie|Do usług od 1978 roku|Smak jakości|Pracuję od wtorku do
        czwartku|Zapraszamy do nowego salonu!|Dołącz do zespołu!""",
        places="""Dział operacyjny|Budynek C, pokój 14|Finanse i płace|Region Północ|Utrzymanie
        ruchu|
        Magazyn 2|Wydział Mechaniczny|w zastępstwie J. Dzwon""",
        afterwards="""Poza tym druga lampa też mruga.|Do piątku mnie nie ma.|PS: karton był już
        otwarty|Numer
        jest na etykiecie.|Proszę dzwonić w sprawie zdjęć.""",
    ),
    "sv_SE": Footers(
        answers="""Ja, sedan måndag.|Nej.|Modell KB-20.|Den grå.|3.1.7, tror jag|
        Båda|Order 55-120|För två veckor sedan, i butiken.|Ingen av dem""",
        warm="""Önskar alla på kontoret en skön helg,|Med tillönskan om en fin
        sommar,|I väntan på goda nyheter hälsar|Ha en riktigt trevlig vecka allihop.|Med värme och
        tacksamhet,|
        Allt gott till er|Sköt om er|Soliga hälsningar till alla|Varm kram|På återseende|
        Tack och hej|
        Önskar en fin vecka|Lev väl|Med stort tack|Puss och kram""",
        legal="""Detta meddelande är konfidentiellt och avsett för mottagaren. Har du fått det av
        misstag,
        radera det.|Obehörig användning är förbjuden.|Org.nr 556000-0000, momsnr SE 99|Tänk på
        miljön
        innan du skriver ut detta mejl.|Vi behandlar personuppgifter enligt vår policy.""",
        adverts="""Öppet måndag till lördag 8-18|Följ oss på Facebook och Instagram|Årets butik
        2023|Boka möte|
        Din partner sedan 1978|Kvalitet som smakar|Jag arbetar tisdag till torsdag|Besök vår nya
        utställning!|Vi söker nya kollegor!""",
        places="""Driftavdelningen|Hus C, rum 14|Ekonomi och lön|Region Norr|Fastighetsservice|
        Lager 2|
        Tekniska fakulteten|Vikarie för J. Klocka""",
        afterwards="""Förresten blinkar andra lampan också.|Jag är borta till fredag.|
        PS: kartongen var redan
        öppen|Numret står på etiketten.|Ring om bilderna.""",
    ),
    "ja_JP": Footers(
        answers="""はい、月曜からです。|いいえ。|KB-20です。|灰色の方です。|3.1.7です|
        両方|注文 55-120|二週間前、店頭で。""",
        warm="""良い一日を|お体に気をつけて|よろしくどうぞ。|またご連絡します。|
        引き続きよろしくお願いします。|
        お手数ですが宜しくお願いします。|ご対応いただけますと幸いです。|では、また|
        ご検討ください。""",
        legal="""このメールには機密情報が含まれています。宛先でない方は削除してください。|
        無断での転載や使用を禁止します。|
        登録番号 T1234567890123|環境保護のため、印刷はお控えください。|
        個人情報は当社の方針に従って扱います。""",
        adverts="""営業時間 月～土 8:00～18:00|FacebookとInstagramでも発信中|創業1978年|
        最優秀店舗賞2023|味わう品質|
        火曜から木曜まで勤務しています|新しいショールームへどうぞ！|ただいま採用中""",
        places="""業務部|C棟 14号室|経理・給与課|北日本支社|施設管理|第二倉庫|工学部|鈴木の代理""",
        afterwards="""なお、二つ目のランプも点滅しています。|金曜まで留守にします。|
        追伸：箱はすでに開いていました|
        番号はラベルに書いてあります。""",
    ),
    "zh_CN": Footers(
        answers="""是的，从周一开始。|不是。|KB-20型号。|灰色的。|3.1.7|
        两个都要|订单 55-120|两周前在店里买的。""",
        warm="""祝一切安好|保重|祝万事如意|有劳了|静候佳音|祝安|辛苦各位|顺问近好|祝您周末愉快|
        拜谢""",
        legal="""本邮件内容保密，仅供收件人使用。如误收，请删除。|未经许可禁止转发。|
        统一社会信用代码 91310000000000000X|
        为保护环境，请勿打印。|我们按隐私政策处理个人信息。""",
        adverts="""营业时间：周一至周六 8:00-18:00|关注我们的公众号|2023年度优秀门店|成立于1978年|
        品质看得见|
        周二至周四上班|欢迎参观新展厅！|诚聘英才""",
        places="""运营部|C栋14室|财务与薪酬|华北区|后勤处|二号仓库|工学院|代李主任""",
        afterwards="""另外，第二盏灯也在闪。|我周五之前不在。|又及：箱子已经开过了|
        编号在标签上。""",
    ),
}
