"""The treatment **quote**: sentences of the documents, chosen and joined, never altered."""

from northloop.stages.serving.quote.quote import Quote, Quoting, learn, load

__all__ = ["Quote", "Quoting", "learn", "load"]
