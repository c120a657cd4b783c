"""The shapes of exports that are known by name: one module a vendor, one table of all."""

from northloop.stages.data.sources.shapes.chat_logs import OPENAI, SHAREGPT, WITH_HISTORY
from northloop.stages.data.sources.shapes.chatwoot import CHATWOOT
from northloop.stages.data.sources.shapes.crisp import CRISP
from northloop.stages.data.sources.shapes.discord import DISCORD
from northloop.stages.data.sources.shapes.dynamics import DYNAMICS
from northloop.stages.data.sources.shapes.freescout import FREESCOUT
from northloop.stages.data.sources.shapes.freshdesk import FRESHDESK
from northloop.stages.data.sources.shapes.front import FRONT
from northloop.stages.data.sources.shapes.gitlab import GITLAB
from northloop.stages.data.sources.shapes.glpi import GLPI
from northloop.stages.data.sources.shapes.gorgias import GORGIAS
from northloop.stages.data.sources.shapes.help_scout import HELP_SCOUT
from northloop.stages.data.sources.shapes.hubspot import HUBSPOT
from northloop.stages.data.sources.shapes.intercom import INTERCOM
from northloop.stages.data.sources.shapes.livechat import LIVECHAT
from northloop.stages.data.sources.shapes.model_logs import MODEL_LOGS
from northloop.stages.data.sources.shapes.rasa import RASA
from northloop.stages.data.sources.shapes.request_tracker import REQUEST_TRACKER
from northloop.stages.data.sources.shapes.salesforce import SALESFORCE
from northloop.stages.data.sources.shapes.servicenow import SERVICENOW
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Shape, Values
from northloop.stages.data.sources.shapes.slack import SLACK
from northloop.stages.data.sources.shapes.tawk import TAWK
from northloop.stages.data.sources.shapes.telegram import TELEGRAM
from northloop.stages.data.sources.shapes.zammad import ZAMMAD
from northloop.stages.data.sources.shapes.zendesk import ZENDESK
from northloop.stages.data.sources.shapes.zoho_desk import ZOHO_DESK

SHAPES: tuple[Shape, ...] = (
    ZENDESK,
    FRESHDESK,
    INTERCOM,
    SALESFORCE,
    FREESCOUT,
    HELP_SCOUT,
    HUBSPOT,
    GORGIAS,
    FRONT,
    GITLAB,
    GLPI,
    REQUEST_TRACKER,
    ZAMMAD,
    DYNAMICS,
    CHATWOOT,
    LIVECHAT,
    SERVICENOW,
    ZOHO_DESK,
    CRISP,
    TAWK,
    SLACK,
    DISCORD,
    TELEGRAM,
    RASA,
    SHAREGPT,
    WITH_HISTORY,
    MODEL_LOGS,
    OPENAI,
)
"""The first that fits is taken: those that ask for more stand before those that ask for less."""

__all__ = ["SHAPES", "Part", "Record", "Refused", "Shape", "named", "recognised"]


def recognised(records: Values, *, of_table: bool = False) -> tuple[Shape, str] | None:
    """Return the shape that the first records of a file have and why, None for none known."""
    for shape in SHAPES:
        if records and (shape.in_tables or not of_table) and (why := shape.fits(records)):
            return shape, why
    return None


def named(name: str) -> Shape:
    """Return the shape that people know by a name; StopIteration if there is none."""
    return next(shape for shape in SHAPES if shape.name == name)
