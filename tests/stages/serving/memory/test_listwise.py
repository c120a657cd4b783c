from __future__ import annotations

import numpy as np

from northloop.stages.serving.memory.listwise import listwise


def test_weights_go_to_what_tells() -> None:
    rng = np.random.default_rng(4)
    lists, right = [], []
    for _ in range(200):
        rows = rng.random((8, 5))
        lists.append(rows)
        right.append((rows[:, 1] == rows[:, 1].max()).astype(float))
    found = listwise(lists, right, (0.0,) * 5)
    assert found[1] > 5 * np.abs(found[[0, 2, 3, 4]]).max()


def test_lists_without_anything_right_teach_nothing() -> None:
    start = (1.0, 2.0)
    assert listwise([np.ones((3, 2))], [np.zeros(3)], start).tolist() == [1.0, 2.0]
    assert listwise([], [], start).tolist() == [1.0, 2.0]
