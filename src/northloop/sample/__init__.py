"""The demo company: Larkfell Outdoor Supply, an invented shop for outdoor equipment.

Its documents, catalogue, customers and tickets are invented, and made afresh from a seed with
gold labels, so that the whole loop can be run and measured without anybody's data.
"""

from northloop.sample.generator import generate_export
from northloop.sample.intents import intents, labelling_rules
from northloop.sample.library import catalogue, documents
from northloop.sample.live import (
    another_matter,
    live_conversations,
    live_questions,
    near_miss,
    same_matter,
)
from northloop.sample.people import customers, orders
from northloop.sample.records import (
    Customer,
    Document,
    Export,
    GoldRow,
    LiveQuestion,
    Order,
    OrderLine,
    PlantedSpan,
    Product,
    SimulatedVerdict,
)
from northloop.sample.reviewers import review

__all__ = [
    "Customer",
    "Document",
    "Export",
    "GoldRow",
    "LiveQuestion",
    "Order",
    "OrderLine",
    "PlantedSpan",
    "Product",
    "SimulatedVerdict",
    "another_matter",
    "catalogue",
    "customers",
    "documents",
    "generate_export",
    "intents",
    "labelling_rules",
    "live_conversations",
    "live_questions",
    "near_miss",
    "orders",
    "review",
    "same_matter",
]
