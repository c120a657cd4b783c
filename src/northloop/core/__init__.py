"""The frozen nouns, their identities and the error tree. Nothing here does I/O."""
