"""The application storey: every use case once, for whichever door it is called through.

A use case is a function that takes the workspace and the `Actor`, checks the actor's rights first,
keeps what has to be kept and returns a noun. The command line, the console, the HTTP API and the
demo parse, call and present; nouns of the stages that they show come from the module here that
returns them.
"""
