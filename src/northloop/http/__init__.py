"""The OpenAI-compatible API: a thin shell over the workspace."""
