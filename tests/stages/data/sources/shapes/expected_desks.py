"""What is right of the golden exports of service desks and communities, written by hand.

The files are written after "Articles" (Zammad REST API), `JsonMessageWriter` (DiscordChatExporter),
the tables `incident`, `email` and `annotation` (Microsoft Dataverse reference) and what Telegram
Desktop writes into `result.json`; GitLab's after its Notes API, GLPI's after
its REST API, and FreeScout's after the tables that its migrations make.
"""

from __future__ import annotations

from typing import Any

NAMES = {"zammad": "Zammad tickets", "discord": "Discord channels",
         "dynamics": "Dynamics 365 cases", "telegram": "Telegram chats",
         "gitlab": "GitLab Service Desk", "glpi": "GLPI tickets",
         "freescout": "FreeScout conversations"}  # fmt: skip
EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "freescout/tables.ndjson": [
        ("201", "Die Bremse quietscht bei Nässe. Was hilft?",
         "Rauen Sie die Beläge mit Schleifpapier an.", "2026-03-02T08:00:00Z",
         "2026-03-02T12:30:00Z", None, None, None, "", "email", "71"),
        ("201", "Danke! Welche Körnung nehme ich?", "Nehmen Sie bitte 120er.",
         "2026-03-02T11:00:00Z", None, None, None, None, "", "email", "71"),
        ("202", "Do you repair hub gears?", "We do, it takes a week.", "2026-03-03T08:00:00Z", None,
         None, None, None, "", "chat", "72"),
    ],
    "glpi/items.json": [
        ("31", "L'imprimante du bureau 12 ne répond plus, que faire ?",
         "Débranchez-la dix secondes, s'il vous plaît.", "2026-03-02T08:00:00Z",
         "2026-03-02T10:00:00Z", None, 4.0, None, "", "", "7"),
        ("31", "C'est fait, et rien ne change. Pouvez-vous venir ?",
         "Nous l'avons remplacée ce matin.", "2026-03-02T09:00:00Z", None, None, None, None, "", "",
         "7"),
    ],
    "gitlab/issues.json": [
        ("1", "The lamp flickers since Monday, what can I do?", "Please turn the bulb tighter.",
         "2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z", None, None, None, "", "email",
         "jo@mail.example"),
        ("1", "I did, and it still flickers. Can you replace it?",
         "Gladly, a new lamp leaves today.", "2026-03-02T09:00:00Z", None, None, None, None, "",
         "email", "jo@mail.example"),
    ],
    "zammad/articles.json": [
        ("21", "Passt das Schutzblech auch an ein Lastenrad?", "Ja, es passt bis 26 Zoll.",
         "2026-03-02T08:00:00Z", None, None, None, None, "", "email", "11"),
        ("22", "Do you repair hub gears?", "We do, it takes a week.", "2026-03-03T08:00:00Z", None,
         None, None, None, "", "web", "12"),
    ],
    "zammad/tickets.ndjson": [
        ("67031", "Die Bremse quietscht bei Nässe. Was hilft?",
         "Rauen Sie die Beläge mit Schleifpapier an.", "2026-03-04T08:00:00Z",
         "2026-03-05T08:00:00Z", None, None, None, "", "email", "11"),
        ("67031", "Danke! Welche Körnung?", "Nehmen Sie 120er.", "2026-03-04T09:30:00Z", None, None,
         None, None, "", "email", "11"),
    ],
    "discord/channel.json": [
        ("n1", "Is the harness fit for children?", "From 40 kilos on it is.",
         "2026-03-03T08:00:00Z", None, None, None, None, "", "discord", "u-ana"),
        ("n2", "Where is your shop in Lyon?", "Near the main station.", "2026-03-03T08:01:00Z",
         None, None, None, None, "", "discord", "u-bo"),
    ],
    "discord/thread.json": [
        ("c7", "Kann ich mein Seil in der Maschine waschen?", "Ja, bei 30 Grad ohne Schleudern.",
         "2026-03-02T08:00:00Z", None, None, None, None, "", "discord", "u-mira"),
        ("c7", "Mit Waschmittel?", "Nur mit Seilwaschmittel.", "2026-03-02T08:40:00Z", None, None,
         None, None, "", "discord", "u-mira"),
    ],
    "dynamics/incidents.json": [
        ("CAS-01001", "Die Heizung zeigt Fehler F5. Was bedeutet das?",
         "F5 heißt zu wenig Druck: füllen Sie bitte bis 1,5 bar auf.", "2026-03-02T08:00:00Z",
         "2026-03-04T08:00:00Z", None, None, None, "", "email", "k1"),
        ("CAS-01002", "Which filter fits my boiler from 2019?", "The filter 12 B fits.",
         "2026-03-03T08:00:00Z", None, None, None, None, "", "email", "k1"),
        ("CAS-01002", "Where do I get it?", "In our web shop.", "2026-03-03T10:00:00Z", None, None,
         None, None, "", "email", "k1"),
    ],
    "dynamics/tables.ndjson": [
        ("CAS-01003", "Der Thermostat piept jede Nacht.", "Tauschen Sie bitte die Batterie.",
         "2026-03-06T08:00:00Z", None, None, None, None, "", "", "k1"),
    ],
    "telegram/account.json": [
        ("41", "Is the red bike still there?", "It is, come by until six.", "2026-03-02T08:01:00Z",
         None, None, None, None, "", "telegram", "user41"),
        ("41", "Can I pay by card?", "Card or cash, both work.", "2026-03-02T08:11:00Z", None, None,
         None, None, "", "telegram", "user41"),
    ],
    "telegram/group.json": [
        ("3", "Wie stelle ich die Schaltung ein?", "Drehen Sie die Schraube H im Uhrzeigersinn.",
         "2026-03-03T08:01:00Z", None, None, None, None, "", "telegram", "user51"),
        ("3", "Wie oft?", "Eine halbe Umdrehung reicht.", "2026-03-03T08:20:00Z", None, None, None,
         None, "", "telegram", "user51"),
        ("4", "Where do I find the frame number?", "Below the pedals, on the frame.",
         "2026-03-03T08:02:00Z", None, None, None, None, "", "telegram", "user52"),
    ],
}  # fmt: skip
