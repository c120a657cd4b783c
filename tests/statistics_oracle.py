"""What `statistics.powered` adds up, item by item and by the formula."""

from __future__ import annotations

import numpy as np

from northloop.statistics.bootstrap import Floats
from northloop.statistics.powered import Sample


def stand_ins(sample: Sample, group: int) -> Floats:
    """psi of each item, 0 outside of the group, by the formula: weighted least squares, then g."""
    seen = sample.reviewed & (sample.group == group)
    p = sample.probability[seen]
    weight = np.sqrt((1 / p) * (1 / p - 1))
    design = np.column_stack([np.ones_like(p), sample.judge[seen]])
    line = np.linalg.lstsq(design * weight[:, None], sample.quality[seen] * weight, rcond=None)[0]
    g = line[0] + line[1] * sample.judge
    psi = g + np.where(seen, (sample.quality - g) / sample.probability, 0.0)
    return np.where(sample.group == group, psi, 0.0)
