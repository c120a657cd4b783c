"""What the columns of exports are called, in the languages that help desks write.

Data and the reading of names alone; what stands in a column is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.wording import typed, typed_words, words

_OF = words("de du da do del di des van of the la le d l")
"""Words in a name that tell nothing: `número de caso`."""
_NAMES: Mapping[str, str] = {
    "question": """
        question, customer message, customer question, customer text, customer query,
        customer inquiry, customer request, customer comment,
        consumer complaint narrative, complaint narrative, narrative,
        body, message body, ticket body, description, ticket description, detailed description,
        detailed decription, message,
        inquiry, enquiry, query, request, user message, user query, user input, question text,
        utterance, instruction, content, text, ticket text, comment, comments, complaint,
        complaint text, issue description, issue details, problem description, issue, problem,
        prompt, input, first message, initial message, email body, mail body, details,
        frage, kundenfrage, anfrage, kundenanfrage, nachricht, kundennachricht, anfragetext,
        nachrichtentext, fragetext, anliegen, kundenanliegen, beschreibung, problembeschreibung,
        question client, question du client, demande, demande client, demande du client,
        message client, message du client, texte, texte du message, description du problème,
        réclamation, requête,
        pregunta, pregunta del cliente, consulta, consulta del cliente, mensaje,
        mensaje del cliente, descripción, solicitud, texto, reclamación, petición,
        domanda, domanda del cliente, richiesta, richiesta del cliente, messaggio,
        messaggio del cliente, descrizione, testo, reclamo,
        pergunta, pergunta do cliente, mensagem, mensagem do cliente, descrição, solicitação,
        dúvida, pedido, reclamação,
        vraag, klantvraag, vraag van klant, bericht, klantbericht, bericht van klant,
        omschrijving, beschrijving, tekst, klacht, verzoek,
        pytanie, pytanie klienta, zapytanie, zapytanie klienta, wiadomość, wiadomość klienta,
        wiadomość od klienta, treść, treść zgłoszenia, treść wiadomości, opis, opis problemu,
        zgłoszenie, tekst,
        fråga, kundfråga, kundens fråga, meddelande, kundmeddelande, kundens meddelande, ärende,
        ärendebeskrivning, beskrivning, förfrågan, klagomål,
        besked, kundens besked, henvendelse, spørgsmål, kundens spørgsmål, melding, spørsmål,
        soru, вопрос, сообщение, السؤال, سؤال,
        問い合わせ, お問い合わせ, お問い合わせ内容, 問い合わせ内容, 質問, 質問内容, ご質問,
        顧客の質問,
        お客様の質問, メッセージ, 本文, 内容, 問題, 相談内容, ご相談内容,
        问题, 客户问题, 用户问题, 提问, 咨询, 咨询内容, 客户咨询, 客户消息, 消息, 描述, 问题描述,
        正文,
        用户提问, 工单内容, 留言, 客户留言, 問題描述,
        질문, 문의, 문의 내용, 고객 문의, คำถาม""",
    "reply": """
        reply, agent reply, response, answer, agent response, agent message, agent answer,
        resolution text, resolution note, resolution notes, reply text, reply body, reply content,
        answer text, response text, response body,
        public reply, support reply, support response, support answer, first reply, first response,
        agent text, agent comment, solution, output, completion, assistant, resolution,
        last public comment, latest comment, public comment, reply to customer, correct answer,
        accepted answer, expected answer, staff reply, our reply, our answer, bot response,
        chosen, ground truth, target,
        antwort, antworttext, agentenantwort, antwort des agenten, antwort an kunden,
        antwort an den kunden, unsere antwort, supportantwort, lösung, lösungstext, rückmeldung,
        erstantwort, lösungsbeschreibung,
        réponse, réponse agent, réponse de l agent, réponse du support, réponse au client,
        notre réponse, solution apportée,
        respuesta, respuesta del agente, respuesta al cliente, respuesta de soporte, solución,
        risposta, risposta dell agente, risposta al cliente, risposta dell operatore, soluzione,
        resposta, resposta do agente, resposta ao cliente, resposta do atendente, solução,
        antwoord, antwoord agent, antwoord van agent, antwoord medewerker,
        antwoord van medewerker, antwoord aan klant, oplossing, reactie,
        odpowiedź, odpowiedź agenta, odpowiedź konsultanta, odpowiedź dla klienta,
        treść odpowiedzi, rozwiązanie,
        svar, agentens svar, svar till kund, svar från agent, svarstext, vårt svar, lösning,
        vores svar, svar til kunden, svar til kunde, løsning,
        cevap, yanıt, ответ, الرد, الجواب,
        回答, 回答内容, 返信, 返信内容, 返答, 対応内容, 回答文, ご回答, 担当者の回答, 解決策,
        答案, 回复, 回复内容, 答复, 客服回复, 客服回答, 客服答复, 解决方案, 处理结果, 答覆, 回覆,
        답변, 답장, คำตอบ""",
    "subject": """
        subject, ticket subject, title, summary, headline, email subject, subject line, ticket name,
        ticket title, case title,
        betreff, titel, objet, titre, sujet, asunto, título, oggetto, titolo, assunto,
        onderwerp, temat, tytuł, ämne, rubrik, emne, 件名, タイトル, 主题, 标题, 主旨, 標題""",
    "ticket_id": """
        ticket id, ticketid, id, ticket number, ticket no, ticket, ticket ref, case id,
        case number, case no, case, issue id, issue key, request id, reference, ref, number, no,
        key, complaint id, incident number, incident id, ticket key, message id, row id,
        ticketnummer, ticket nr, vorgangsnummer, fallnummer, nummer, nr, vorgang,
        numéro, numéro de ticket, n de ticket, numéro du ticket, identifiant, référence,
        número, número de ticket, id de ticket, número de caso, identificador, referencia,
        numero, numero ticket, numero del ticket, id ticket, identificativo, riferimento,
        número do ticket, número do chamado, id do ticket, protocolo,
        ticketnummer, zaaknummer, referentie, numer, numer zgłoszenia, nr zgłoszenia, id zgłoszenia,
        ärendenummer, ärende id, sagsnummer, sagsnr, saksnummer, saksnr,
        チケット番号, チケットid, 案件番号, 案件id, 番号, 受付番号,
        管理番号, 問い合わせ番号, お問い合わせ番号,
        工单号, 工单编号, 工单id, 编号, 單號, 單號編號""",
    "customer_id": """
        customer id, customerid, client id, contact id, requester id, user id, account id,
        customer number, customer no, customer ref, cust id, customer email, requester email,
        customer e mail, requester e mail, email, e mail, email address, customer, requester,
        from email, contact, visitor id, visitor email, visitor,
        kundennummer, kunden id, kundennr, kunden nr, kunden email, kunde,
        numéro client, id client, identifiant client, email client, adresse e mail, client,
        id cliente, id de cliente, id del cliente, número de cliente, correo, correo electrónico,
        codice cliente, numero cliente, email cliente,
        id do cliente, código do cliente, número do cliente,
        klantnummer, klant id, klant, numer klienta, id klienta, klient,
        kundnummer, kund id, kund, e post, kundenummer, kunde id, kundens e mail,
        顧客id, 顧客番号, お客様番号, メールアドレス,
        客户id, 客户编号, 用户id, 用户编号, 邮箱, 客戶編號""",
    "customer_name": """
        customer name, name, full name, requester name, contact name, client name, user name,
        customer full name, requester, customer, client, visitor name, visitor, sender, from,
        kundenname, kunde, name des kunden, absender, nom, nom du client, nom client, client,
        nombre, nombre del cliente, cliente, nome, nome cliente, nome del cliente,
        nome do cliente, naam, klantnaam, naam klant, klant, imię i nazwisko, nazwa klienta,
        klient, namn, kundnamn, kundens namn, kund, 顧客名, お客様名, 氏名, 名前, 客户姓名,
        客户名称,
        姓名, 客户, 用户名, 客戶姓名""",
    "conversation_id": """
        conversation id, conversationid, conversation, thread id, thread, chat id, session id,
        call id, call, interaction id,
        dialogue id, dialog id, parent id, reference name, convo id, conv id, csid,
        chat session, room id, rid, discussion id, res id,
        konversation, konversations id, gesprächs id, gespräch, chat nr, unterhaltung,
        id de conversation, id conversation, conversación, id de conversación, id conversación,
        id de la conversación, conversazione, id conversazione, conversa, id da conversa,
        gesprek, gesprek id, gespreks id, rozmowa, id rozmowy, konversation id, konversations id,
        samtal, samtals id, samtale, samtale id, samtalens id,
        会話id, スレッドid, 会话id, 对话id, 会话编号, 對話id""",
    "created_at": """
        created at, created, creation date, date created, created date, created on, created time,
        opened at, opened, open date, opened on, date opened, submitted at, submitted,
        received at, received, date received, timestamp, date, datetime, date time, start time,
        created datetime, sent datetime, opened datetime, created date time, createdate,
        date time opened, started at, started, started on, create date, creation time,
        create time, dateline, sent at, sent on, sent, time, dt, created utc,
        erstellt, erstellt am, erstellungsdatum, eröffnet, eröffnet am, eingegangen am,
        verfasst am, erfasst am, geschrieben am,
        eingang am, eingang,
        eingangsdatum, datum, zeitstempel, zeitpunkt, zeit, uhrzeit, angelegt am, gesendet am,
        créé le, créée le, date de création, date d ouverture, ouvert le, ouverte le, reçu le,
        reçue le, rédigé le, saisi le, date d envoi, heure,
        créé, date, fecha, fecha de creación, creado, creado el, fecha de apertura,
        fecha y hora, hora, abierto el, abierta el, creada el, escrito el, redactado el, enviado el,
        data, data di creazione, data creazione, creato il, creata il, aperto il,
        aperta il, scritto il, inviato il, data apertura, ora,
        data e ora, data de criação, criado em, criada em,
        data de abertura, aberto em, aberta em, data hora,
        aangemaakt, aangemaakt op, aanmaakdatum, datum aangemaakt, geopend op, tijd, tijdstip,
        utworzono, data utworzenia, data zgłoszenia, data i godzina, data wysłania, czas,
        açılış tarihi, oluşturulma tarihi, oluşturma tarihi, tarih,
        oprettet, oprettet den, opprettet, dato, tidspunkt, klokkeslæt, sendt, modtaget, mottatt,
        skapad, skapat, skapad den, skapad datum, skapades, tid, tidpunkt,
        作成日, 作成日時, 受付日, 受付日時, 送信日, 記入日時, 日時, 日付, 登録日, 送信日時,
        問い合わせ日時,
        创建时间, 创建日期, 提交时间, 时间, 日期, 发送时间, 開始時間, 建立時間""",
    "closed_at": """
        closed at, closed, closing date, date closed, closed date, closed on, resolved at,
        resolved, resolved on, completed time, resolution date, date resolved, solved at, solved,
        completed at, completed, end time, ended at, close time, resolved time, resolution time utc,
        closed time, solved on, finished at, closed datetime, resolved datetime, solved datetime,
        closed date time, date time closed, resolutiondate, closedate, close date, close at,
        last close at, last done created at, ended, completion date, completion time,
        completion date time, end date, end datetime, closure date, closure time,
        closing time, closing date time,
        ended on,
        geschlossen, geschlossen am, gelöst am, gelöst, erledigt am, abschlussdatum,
        abgeschlossen am, erl am, schließdatum, beendet, beendet am, erledigt, terminé le,
        terminado el,
        finalizado el, terminato il, finalizado em, beëindigd op, zakończono, avslutad den,
        fermé le, fermée le, date de fermeture, résolu le, résolue le, clos le, close le,
        clôturée le, terminée le,
        date de clôture, date de résolution, clôturé le,
        cerrado, cerrado el, cerrada el, fecha de cierre, resuelto el, resuelta el,
        fecha de resolución,
        chiuso il, chiusa il, risolta il, data di chiusura, data chiusura, risolto il,
        fechado em, fechada em, data de fechamento, resolvido em, resolvida em, encerrada em,
        data de encerramento, encerrado em,
        gesloten, gesloten op, sluitingsdatum, opgelost op, afgesloten op,
        zamknięto, data zamknięcia, data rozwiązania, rozwiązano,
        kapanış tarihi, çözüm tarihi, kapatılma tarihi,
        lukket, lukket den, afsluttet, afsluttet den, avsluttet, løst den,
        stängd, stängt, stängd den, löst, löst den, avslutad, avslutat, avslutades, stängdes,
        完了日, 完了日時, 解決日, 解決日時, クローズ日, クローズ日時, 終了日時, 対応完了日,
        対応完了日時, 対応終了日, 対応終了日時,
        关闭时间, 解决时间, 完成时间, 关闭日期, 结束时间, 關閉時間, 結案時間,
        結案日期, 解決時間, 完成時間""",
    "channel": """
        channel, source channel, via, contact channel, origin, medium, submitted via,
        ticket channel, source, kanal, kontaktkanal, eingangskanal, canal, canal de contact,
        canal de contacto, canale, canale di contatto, canal de atendimento, kanaal, kanał,
        kontaktväg, チャネル, チャンネル, 経路, 渠道, 来源, 來源""",
    "agent": """
        agent, agent name, assignee, assigned to, owner, handled by, support agent, rep, agent id,
        assignee name, responder, answered by, operator, operator name, bearbeiter,
        mitarbeiter, zugewiesen an,
        zuständig, sachbearbeiter, agent assigné, assigné à, conseiller, agente,
        agente asignado, asignado a, assegnato a, operatore, atendente, atribuído a,
        behandelaar, medewerker, toegewezen aan, konsultant, przypisano do, pracownik,
        handläggare, tilldelad, tilldelad till, medarbejder, sagsbehandler, saksbehandler, tildelt,
        担当者, 担当, 対応者, 客服, 处理人, 负责人,
        處理人""",
    "intent": """
        intent, detected intent, predicted intent, intent name,
        label, category, topic, class, reason, contact reason, ticket category,
        subcategory, queue, tag, tags, ticket tags, issue type, inquiry type, product,
        kategorie, thema, kontaktgrund, grund, anliegenart, schlagwort,
        catégorie, thème, motif, motif de contact, categoría, tema, motivo,
        motivo de contacto, categoria, argomento, motivo contatto, assunto do contato,
        categorie, onderwerp categorie, reden, kategoria, powód, powód kontaktu,
        kategori, konu, orsak, kontaktorsak, カテゴリ, カテゴリー, 分類, 種別, 分类, 类别, 主题分类,
        類別, 카테고리, 분류, 유형, 문의 유형, 문의유형, 상담 유형, 상담유형""",
    "csat": """
        csat, csat score, satisfaction, satisfaction score, satisfaction rating,
        customer satisfaction, rating, customer rating, score, survey score, survey result,
        survey results, survey rating, stars,
        customer satisfaction rating, csat rating, ces, nps, satisfaction survey score,
        zufriedenheit, kundenzufriedenheit, zufriedenheitsbewertung, umfrageergebnis,
        bewertung, resultado de la encuesta, résultat de l'enquête, note de satisfaction,
        satisfaction client,
        évaluation, satisfacción, satisfacción del cliente, valoración, calificación,
        soddisfazione, soddisfazione cliente, valutazione, voto, voto del cliente, satisfação,
        satisfação do cliente, avaliação, nota, nota atendimento,
        nota do atendimento, nota de atención, tevredenheid, klanttevredenheid, beoordeling,
        satysfakcja, ocena,
        zadowolenie, puan, memnuniyet,
        memnuniyet puanı, nöjdhet, kundnöjdhet, betyg, tilfredshed, kundetilfredshed, tilfredshet,
        bedømmelse, vurdering, 満足度, 顧客満足度, 評価, 满意度, 客户满意度,
        评分,
        滿意度""",
    "reopened": """
        reopened, was reopened, is reopened, reopen, reopen count, reopens, reopened count,
        re opened, wiedereröffnet, erneut geöffnet, rouvert, réouvert, reabierto, riaperto,
        reaberto, heropend, ponownie otwarte, återöppnad, 再オープン, 再开, 重新打开, 重新開啟""",
    "first_touch_at": """
        first touch at, first touch, first human touch, first human touch at, first response at,
        first responded at, first response date, first response datetime, first response time,
        first response sent at, first response, first reply, first reply at, first replied at,
        first reply date,
        first reply datetime, first reply time, first reply created at, first answered at,
        first agent reply at, first agent reply date, first agent response at,
        first agent response date, first agent email response date, hs first agent reply date,
        first admin reply at, first staff reply at, first public reply at, first human reply at,
        first human response at, stats first responded at, statistics first admin reply at,
        erste antwort am, erstantwort am, zeitpunkt der erstantwort, datum der ersten antwort,
        erste reaktion am,
        première réponse le, date de première réponse, date de la première réponse,
        primera respuesta el, fecha de primera respuesta, fecha de la primera respuesta,
        prima risposta il, data prima risposta, data della prima risposta,
        primeira resposta em, data da primeira resposta, data de primeira resposta,
        eerste antwoord op, eerste reactie op, datum eerste antwoord, datum eerste reactie,
        data pierwszej odpowiedzi, pierwsza odpowiedź, första svar, första svar den,
        datum för första svar,
        初回返信日時, 初回回答日時, 初回応答日時, 初回対応日時, 一次回答日時,
        首次回复时间, 首次响应时间, 首次回复日期, 首次回覆時間, 首次回應時間""",
    "csat_asked": """
        csat asked, csat requested, csat requested at, csat sent, csat sent at, csat offered,
        csat survey sent, csat survey sent at, survey sent, survey sent at, survey sent date,
        survey offered, survey requested, satisfaction survey sent, satisfaction survey sent at,
        satisfaction survey sent datetime, satisfaction requested, rating requested,
        rating requested at, rating asked, rating offered, asked for rating, asked for a rating,
        conversation rating requested at, feedback requested, feedback requested at,
        bewertung angefragt, bewertung angefragt am, umfrage gesendet, umfrage gesendet am,
        umfrage versendet, umfrage versendet am, um bewertung gebeten,
        enquête envoyée, enquête envoyée le, évaluation demandée, évaluation demandée le,
        encuesta enviada, encuesta enviada el, valoración solicitada,
        sondaggio inviato, sondaggio inviato il, valutazione richiesta,
        pesquisa enviada, pesquisa enviada em, avaliação solicitada,
        enquête verzonden, enquête verzonden op, beoordeling gevraagd,
        ankieta wysłana, data wysłania ankiety, poproszono o ocenę,
        enkät skickad, enkät skickad den, betyg begärt,
        アンケート送信, アンケート送信日時, 評価依頼, 評価依頼日時,
        满意度调查已发送, 已发送满意度调查, 邀请评价, 邀请评价时间, 滿意度調查已發送""",
    "status": """
        status, state, ticket status, ticket state, case status, case state, conversation status,
        conversation state, current status, current state, status name, state name, incident state,
        zustand, bearbeitungsstatus, bearbeitungsstand, vorgangsstatus,
        statut, état, statut du ticket, état du ticket,
        estado, estado del ticket, estado del caso, estatus,
        stato, stato del ticket, situação, situação do ticket, estado do ticket, status do ticket,
        toestand, stan, status zgłoszenia, stan zgłoszenia, tillstånd, ärendestatus, sagsstatus,
        saksstatus, durum, ステータス, 状態, 対応状況, 対応ステータス, チケットステータス,
        状态, 工单状态, 处理状态, 狀態, 工單狀態, 상태""",
    "updated_at": """
        updated at, updated, updated on, updated date, update date, update time, updated time,
        updated datetime, date updated, last updated, last updated at, last updated on,
        last update, last update date, last update time, last updated date, last updated time,
        updatedate, modified, modified at, modified on, modifiedon, modified date, modified time,
        last modified, last modified at, last modified on, last modified date, last modified time,
        lastmodifieddate, last change, last changed, changed, changed at, changed on,
        sys updated on,
        aktualisiert, aktualisiert am, zuletzt aktualisiert, zuletzt aktualisiert am,
        letzte aktualisierung, letzte änderung, geändert, geändert am, zuletzt geändert,
        zuletzt geändert am, änderungsdatum, aktualisierungsdatum,
        mis à jour le, mise à jour le, mise à jour, date de mise à jour, dernière mise à jour,
        dernière modification, modifié le, modifiée le, date de modification,
        actualizado, actualizado el, actualizada el, fecha de actualización, última actualización,
        última modificación, modificado el, modificada el, fecha de modificación,
        aggiornato il, aggiornata il, ultimo aggiornamento, data aggiornamento,
        data di aggiornamento, ultima modifica, modificato il, data di modifica, data modifica,
        atualizado em, atualizada em, última atualização, data de atualização, modificado em,
        última modificação, data de modificação, última alteração, alterado em,
        bijgewerkt, bijgewerkt op, laatst bijgewerkt, laatst bijgewerkt op, laatste update,
        gewijzigd op, laatst gewijzigd, laatst gewijzigd op, wijzigingsdatum,
        zaktualizowano, data aktualizacji, ostatnia aktualizacja, data ostatniej aktualizacji,
        zmodyfikowano, data modyfikacji, ostatnia zmiana, ostatnia modyfikacja,
        uppdaterad, uppdaterad den, senast uppdaterad, senast ändrad, ändrad, ändrad den,
        opdateret, opdateret den, sidst opdateret, senest opdateret, ændret, ændret den,
        oppdatert, sist oppdatert, endret, sist endret, güncellenme tarihi, güncelleme tarihi,
        son güncelleme,
        更新日, 更新日時, 最終更新, 最終更新日, 最終更新日時,
        更新时间, 更新日期, 最后更新, 最后更新时间, 修改时间, 更新時間, 最後更新時間, 수정일""",
}

_HANDLING = """
    handling time, handle time, handling, handle, aht, time spent, average handling time, effort,
    work time, working time, work, talk time, spent,
    bearbeitungszeit, bearbeitungsdauer, dauer, aufwand, temps de traitement, durée,
    durée de traitement, tiempo de gestión, tiempo de atención, tiempo de manejo,
    tiempo de tratamiento, duración, tempo di gestione, tempo di lavorazione, durata,
    tempo de atendimento, tempo de tratamento, duração, behandeltijd, afhandeltijd, duur,
    czas obsługi, czas trwania, hanteringstid, handläggningstid, 対応時間, 処理時間, 处理时间,
    处理时长,
    處理時間"""
_WORK = ("handling", "handled", "worked", "gestión", "atención", "traitement", "gestione",
         "lavorazione", "atendimento", "bearbeitung", "behandeling", "obsługi")  # fmt: skip
_UNITS = {
    "handling_minutes": "min mins minute minutes minuten minuto minutos minuti minut minuty "
                        "minuter 分 分钟 分鐘",
    "handling_seconds": "s sec secs second seconds sekunden seconde secondes segundo segundos "
                        "secondi seconden sekund sekundy sekunder sek 秒 秒数",
    "handling_hours": "h hr hrs hour hours std stunden heure heures hora horas ore uren godzin "
                      "godziny timmar 時間 小时 小時",
}  # fmt: skip


_FIRST_TOUCH = """
    first response time, first reply time, first response, first reply, time to first response,
    time to first reply, initial response time, first agent reply time, first human reply time,
    time to first agent reply, first touch, first touch time, frt,
    erstantwortzeit, zeit bis zur ersten antwort, zeit bis zur erstantwort,
    délai de première réponse, temps de première réponse,
    tiempo de primera respuesta, tiempo hasta la primera respuesta,
    tempo di prima risposta, tempo alla prima risposta,
    tempo de primeira resposta, tempo até a primeira resposta,
    eerste reactietijd, eerste antwoordtijd, tijd tot eerste antwoord, tijd tot eerste reactie,
    czas pierwszej odpowiedzi, czas do pierwszej odpowiedzi, första svarstid,
    tid till första svar, 初回応答時間, 初回返信時間, 初回回答時間, 首次响应时间, 首次回复时间,
    首次响应时长, 首次回复时长, 首次回應時間"""
_AS_ZENDESK = "reply time in minutes, metric set reply time in minutes, " + ", ".join(
    f"{own}reply time in minutes calendar" for own in ("", "metric set ")
)
"""Its `reply_time_in_minutes` is that of the first reply."""


def _split(names: str) -> tuple[str, ...]:
    """Return names as words, with how they are typed without accents and small words."""
    listed = [words_of(n) for n in names.replace("\n", " ").split(",")]
    return typed(dict.fromkeys(way for name in listed for way in (name, without_small(name))))


def without_small(name: str) -> str:
    """Return a name without words that tell nothing, if more than one word is left."""
    said = [word for word in name.split() if word not in _OF]
    return " ".join(said) if len(said) > 1 else name


def _handling(unit: str) -> tuple[str, ...]:
    units = _UNITS[unit].split()
    timed = [f"{name} {u}" for name in _split(_HANDLING) for u in units]
    bare = _split(_HANDLING) if unit == "handling_minutes" else ()
    asian = [f"{name}{u}" for name in _split(_HANDLING) for u in units if not u.isascii()]
    said = [f"{u} {noun}" for noun in ("spent", *_WORK) for u in units]
    return (*bare, *timed, *asian, *typed(said))


def _until_touched(unit: str) -> tuple[str, ...]:
    """Return what is called so with its unit: without it, minutes may be hours."""
    names, units = _split(_FIRST_TOUCH), _UNITS[f"handling_{unit}"].split()
    timed = [f"{name} {of}{u}" for name in names for u in units for of in ("", "in ")]
    asian = [f"{name}{u}" for name in names for u in units if not u.isascii()]
    return (*timed, *asian, *(_split(_AS_ZENDESK) if unit == "minutes" else ()))


HEADERS: Mapping[str, tuple[str, ...]] = {
    **{field: _split(names) for field, names in _NAMES.items()},
    **{unit: _handling(unit) for unit in _UNITS},
    **{f"first_touch_{unit}": _until_touched(unit) for unit in ("minutes", "seconds", "hours")},
}
"""Field → what its column is called, the likeliest first; all as `words_of` returns them."""
KNOWN = frozenset(name for names in HEADERS.values() for name in names)
"""All of these names."""

CASES = typed_words(
    """
    ticket case conversation conv convo issue request chat thread incident inquiry enquiry
    session dialog dialogue parent discussion interaction task problem complaint fall vorgang
    anfrage gespräch vorgänge fälle anfragen gespräche
    konversation demande dossier discussion conversación caso solicitud richiesta pratica
    conversazione chamado conversa solicitação zaak gesprek verzoek zgłoszenie zgłoszenia sprawa
    sprawy rozmowa rozmowy
    ärende samtal sag sak samtale henvendelse
    工单 会话 案件 チケット 会話 对话 问题 咨询 問い合わせ お問い合わせ
    """
)
"""What a case is called."""
_ASKED = typed_words(
    """
    issue request inquiry enquiry problem complaint anfrage demande solicitud consulta richiesta
    solicitação verzoek zgłoszenie zgłoszenia ärende
    """
)
_KINDS = typed_words("type kind typ art tipo soort rodzaj")
"""What is asked is sorted by these; of a ticket or a case they tell what record it is."""
_SORTS = typed_words(
    """
    category topic reason kategorie thema grund catégorie motif categoría motivo categoria argomento
    categorie reden kategoria powód kategori orsak
    """
)
"""What cases are sorted by: `motif de demande`, `case reason`."""


def _any_of(names: frozenset[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_SORTED = re.compile(
    f"(?:{_any_of(_ASKED)})(?:s|en|n|e)?(?:{_any_of(_KINDS)})"
    f"|(?:{_any_of(CASES)})(?:s|en|n|e)?(?:{_any_of(_SORTS)})"
)
QUALIFIERS = typed_words(
    """
    customer client user survey final overall average avg note score rating value points stars
    kunde kunden umfrage gesamt schnitt client enquête globale moyenne cliente encuesta final media
    sondaggio finale klant enquête klienta ankieta kund enkät 1 5 10
    """
)
"""What may stand beside what a rating is called: `final csat score`."""
IDS = words("id ids no nr number num key ref reference uuid guid code sysid slug sid")
"""The last word of a name under which ids stand."""
LINKS = words("href url uri link")
"""The last word of a name under which an address stands."""
_NUMBERS = IDS | LINKS | typed_words("n numero numéro número nummer numer numero")

_CLOCKS = words("ts ms utc gmt epoch unix timestamp seconds millis milliseconds")
"""What a time is written in: `resolvedTs`."""

_ANSWERS = ("antwort", "antwoord", "yanıt", "cevab", "cevap",
            "réponse", "reponse", "respuesta", "risposta", "resposta",
            "odpowied", "回答", "返信", "返答", "回复", "答复", "答覆", "回覆", "답변")  # fmt: skip
_ASKS = ("sorusu", "sorular",
         "anfrage", "frage", "vraag", "pregunta", "domanda", "pergunta", "pytani", "zapytani",
         "fråga", "fraga", "問い合わせ", "質問", "问题", "提问", "咨询", "問題", "질문",
         "문의")  # fmt: skip
_ANSWER_WORDS = words("answer answers reply replies response responses svar reactie")
_ASK_WORDS = words("question questions query inquiry enquiry narrative utterance complaint")
_ABOUT = words(
    """
    id ids no nr number count counts time date at by on status state type kind score rating length
    language lang sla due zeit datum anzahl status art typ sprache bearbeiter von am durée date
    nombre délai auteur fecha hora número estado tipo tiempo autor data ora numero stato tempo
    autore número tijd datum aantal soort auteur czas data liczba autor typ tid datum antal typ
    private internal note notes intern interne interno interna wewnętrzna channel category tags
    minutes seconds hours min sec satisfaction
    """
)
_ENDS_ABOUT = ("zeit", "datum", "nummer", "tijd", "分类", "類別", "类别", "类型", "编号",
               "时间", "状态", "日期", "番号", "種別", "分類", "日時", "カテゴリ",
               "カテゴリー")  # fmt: skip
"""A name with one of these tells something about a question or a reply, and is none."""


def sorts_cases(case: str, sort: str = "") -> bool:
    """Whether a word for cases and one for sorts, or one of both (`Ärendetyp`), are what cases are
    sorted by.
    """
    return bool(_SORTED.fullmatch(f"{case}{sort}"))


def without_clock(name: str) -> str:
    """Return the name of a time without how it is written: `resolved` of `resolvedTs`."""
    said = name.split()
    while len(said) > 1 and said[-1] in _CLOCKS:
        said.pop()
    return " ".join(said)


def means_reply(name: str) -> bool:
    """Whether a name means a reply though no list holds it: `Antwort vom Team`."""
    return _means(name, _ANSWERS, _ANSWER_WORDS)


def means_question(name: str) -> bool:
    """Whether a name means a question though no list holds it: `Frage des Kunden`."""
    return not means_reply(name) and _means(name, _ASKS, _ASK_WORDS)


def _means(name: str, stems: tuple[str, ...], whole: frozenset[str]) -> bool:
    said = words_of(name).split()
    if _ABOUT & set(said) or any(w.endswith(_ENDS_ABOUT) for w in said):
        return False
    return any(stem in word for word in said for stem in stems) or bool(whole & set(said))


_OWN = [[case] for case in CASES]
_WRAPPERS = words("data attributes properties fields")
"""Objects that only hold what is said of the one above: `conversation.data.id`."""


def names_a_case(path: str) -> bool:
    """Whether a field is called as one that says whose case something is: `conversation.slug`,
    `N° dossier`.
    """
    said = [w for w in words_of(path.replace(".", " ")).split() if w not in _WRAPPERS | _OF]
    numbered = len(said) > 1 and (
        (said[-1] in _NUMBERS and said[-2] in CASES) or (said[0] in _NUMBERS and said[1:] in _OWN)
    )
    return numbered or words_of(path) in CASES or said == ["topic", "id"]
