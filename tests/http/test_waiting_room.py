from __future__ import annotations

import anyio
import pytest

from northloop.core.errors import Overloaded
from northloop.http.waiting_room import WaitingRoom


def test_so_many_run_and_so_many_wait() -> None:
    async def main() -> None:
        room = WaitingRoom(running=2, places=3)
        done = anyio.Event()
        running = 0
        most = 0

        async def visit() -> None:
            nonlocal running, most
            async with room.place():
                running += 1
                most = max(most, running)
                await done.wait()
                running -= 1

        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(visit)
            await anyio.wait_all_tasks_blocked()
            assert (room.inside, running) == (3, 2)
            with pytest.raises(Overloaded) as caught:
                await visit()
            assert caught.value.retry_after_s >= 1
            done.set()
        assert (room.inside, most) == (0, 2)

    anyio.run(main)


def test_whoever_leaves_by_an_error_or_gives_up_waiting_frees_the_place() -> None:
    async def main() -> None:
        room = WaitingRoom(running=1, places=2)
        with pytest.raises(ZeroDivisionError):
            async with room.place():
                raise ZeroDivisionError
        async with room.place():
            with anyio.move_on_after(0.01):
                async with room.place():
                    raise AssertionError("two at once")
            assert room.inside == 1
        assert room.inside == 0

    anyio.run(main)
