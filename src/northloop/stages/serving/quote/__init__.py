"""The treatment **quote**: sentences of the documents, chosen and joined, never altered."""

from northloop.stages.serving.quote.quote import Quote, learn, load

__all__ = ["Quote", "learn", "load"]
