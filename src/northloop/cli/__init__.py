"""The command line: parse, call, present."""

import os

# NumPy's own threads wait for each other in a loop: of products as small as those here they make
# none faster, and on a machine that does something else they cost several times as much.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
