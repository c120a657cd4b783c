"""What is right of the golden exports of chats and service desks, written from their files by hand.

The files are written after the vendors' pages: "Get messages" and "Conversations list" (Chatwoot
application API), "Data structures" of the Agent Chat API 3.6 and "Chats" of its REST API 2
(LiveChat), "Retrieve journal entries using direct web services" and "Journal fields" (ServiceNow),
"Threads" and "Tickets comments" (Zoho Desk API), "Get messages in conversation" (Crisp REST API)
and "Webhooks" (tawk.to).
"""

from __future__ import annotations

from typing import Any

NAMES = {"chatwoot": "Chatwoot conversations", "livechat": "LiveChat chats",
         "servicenow": "ServiceNow records", "zoho_desk": "Zoho Desk tickets",
         "crisp": "Crisp conversations", "tawk": "tawk.to chats"}  # fmt: skip
EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "chatwoot/messages.json": [
        ("100", "Comprei um casaco e o fecho está partido. Posso trocar?",
         "Claro, enviamos uma etiqueta para devolver o casaco.", "2026-04-24T08:00:00Z",
         "2026-04-24T08:10:00Z", None, 5.0, None, "troca", "chat", "9"),
        ("100", "Quanto tempo demora?", "Cinco dias depois de recebermos o casaco.",
         "2026-04-24T08:03:00Z", None, None, None, None, "", "chat", "9"),
        ("101", "Têm lojas no Porto?", "Sim, na Rua de Santa Catarina.", "2026-04-25T08:00:00Z",
         None, None, None, None, "troca", "chat", "9"),
    ],
    "livechat/archives.json": [
        ("K600PKZON8", "荷物はいつ届きますか？", "明日の午前中に届く予定です。",
         "2026-03-05T07:28:28Z", "2026-03-05T07:35:00Z", None, 4.0, None, "", "chat", "b7eff798"),
        ("K600PKZON9", "Are you open on Sunday?", "We are, from noon to six.",
         "2026-03-06T08:00:00Z", None, None, None, None, "", "chat", "b7eff798"),
    ],
    "livechat/version_2.json": [
        ("MH022RD0K5", "The cup arrived in pieces. What now?",
         "I am sorry, a new cup leaves today.", "2026-03-06T10:00:00Z", "2026-03-06T10:05:00Z",
         None, 1.0, None, "", "chat", "S1308"),
    ],
    "servicenow/table_api.ndjson": [
        ("INC0010001", "The VPN drops every ten minutes since the update.",
         "Please install client 5.2 from the software centre.", "2026-01-12T08:00:00Z",
         "2026-01-12T10:00:00Z", 25.0, None, False, "network", "self-service", "u1"),
        ("INC0010001", "Done. Do I have to restart?", "Yes, once; then it holds.",
         "2026-01-12T09:00:00Z", None, None, None, None, "", "self-service", "u1"),
        ("INC0010002", "Printer on floor 3 shows error 49.",
         "We have reset it, please print a test page.", "2026-01-12T08:00:00Z", None, None, None,
         True, "hardware", "self-service", "u1"),
    ],
    "servicenow/mixed_journal.json": [
        ("INC0010021", "The VPN drops every ten minutes.", "Please install client 5.2.",
         "2026-01-12T08:00:00Z", "2026-01-12T10:00:00Z", None, None, None, "network",
         "self-service", "Abel Tuter"),
    ],
    "servicenow/display_values.json": [
        ("INC0010003", "Mein Laptop lädt nicht mehr. Was kann ich tun?",
         "Bitte ein anderes Netzteil probieren;\nein neues liegt bereit.",
         "2026-02-02T08:00:00Z", "2026-02-02T12:00:00Z", None, None, False, "hardware",
         "self-service", "Fred Luddy"),
        ("INC0010003", "Wo bekomme ich das neue Netzteil?", "Gern: Raum 204, bis 17 Uhr.",
         "2026-02-02T10:00:00Z", None, None, None, None, "", "self-service", "Fred Luddy"),
    ],
    "zoho_desk/tickets.ndjson": [
        ("101", "Mijn bestelling staat al een week op 'onderweg'. Waar is het pakket?",
         "Het pakket ligt bij het afhaalpunt in Breda.", "2026-04-10T08:00:00Z",
         "2026-04-11T08:00:00Z", None, None, None, "delivery", "email", "c1"),
        ("101", "Tot wanneer kan ik het ophalen?", "Tot en met zaterdag.",
         "2026-04-10T10:00:00Z", None, None, None, None, "", "email", "c1"),
        ("102", "Can I pay by invoice?", "Yes, within thirty days.", "2026-04-12T07:00:00Z", None,
         None, None, None, "payment", "email", "c1"),
    ],
    "crisp/conversation.json": [
        ("session_01", "Czy mogę zwrócić buty po trzydziestu dniach?",
         "Tak, wyjątkowo do końca tygodnia.", "2026-04-01T08:00:00Z", "2026-04-01T08:05:00Z",
         None, None, None, "", "chat", "p1"),
        ("session_01", "Gdzie je wysłać?", "Na adres z paragonu, etykieta jest w paczce.",
         "2026-04-01T08:03:00Z", None, None, None, None, "", "chat", "p1"),
    ],
    "crisp/messages.json": [
        ("session_02", "Do you repair old models too?", "All of them, back to 1998.",
         "2026-04-02T08:00:00Z", None, None, None, None, "", "email", ""),
    ],
    "tawk/transcripts.ndjson": [
        ("70fe3290", "livrez-vous en Corse ?", "Oui, comptez deux jours de plus.",
         "2026-05-20T10:00:00Z", None, None, None, None, "", "chat", "lea@kunde.example"),
        ("70fe3290", "C'est plus cher ?", "Non, le prix est le même.", "2026-05-20T10:02:00Z",
         None, None, None, None, "", "chat", "lea@kunde.example"),
        ("70fe3291", "Is the sale still on?", "It ends on Friday at midnight.",
         "2026-05-21T10:00:10Z", None, None, None, None, "", "chat", ""),
    ],
}  # fmt: skip
