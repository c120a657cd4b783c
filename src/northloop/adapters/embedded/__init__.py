"""Adapters that run in this process: no server, no GPU, no network."""

import os

# Threads of llama.cpp and PyTorch that wait for each other spin for some microseconds, then sleep.
# Left alone they spin on, and crawl as soon as something else wants a core; and once there are more
# threads than processors, as when both libraries have run, they sleep at once, and crawl then
# (docs/decisions/0004). Their common OpenMP library reads this when it is loaded.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ["OMP_WAIT_POLICY"] = "active"
    os.environ.setdefault("GOMP_SPINCOUNT", "4000")
