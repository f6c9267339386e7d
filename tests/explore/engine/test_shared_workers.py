"""Workers are shared in turn, first answers find one free, and nobody's loss is anybody else's."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.explore.engine import latest_question as course_module
from sim.explore.engine import shared_workers as turns_module
from sim.explore.engine.latest_question import Course
from sim.explore.engine.shared_workers import Turns
from sim.study.execution.executors import WorkersLostError
from sim.study.execution.worker_processes import Letter, ProcessPool


class Workshop:
    """Work that waits for a sign, and a record of the order in which it was begun."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.gate = threading.Event()

    def quick(self, name: str) -> str:
        """Do something at once."""
        self.begun.append(name)
        return name

    def slow(self, name: str) -> str:
        """Do something that lasts until the gate is opened."""
        self.begun.append(name)
        assert self.gate.wait(20)
        return name


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    made = Workshop()
    yield made
    made.gate.set()


def with_turns(places: int, story: Callable[[Turns], Awaitable[None]]) -> None:
    """Tell a story that takes place in an event loop with workers that are threads."""

    async def told() -> None:
        turns = Turns(places, ThreadPoolExecutor)
        try:
            await story(turns)
        finally:
            turns.close()

    to_the_end(told())


def to_the_end(told: Coroutine[None, None, None]) -> None:
    """Run a story, but not for ever: it may wait for what never happens."""
    asyncio.run(asyncio.wait_for(told, 30))


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop go on until something holds."""
    while not condition():
        await asyncio.sleep(0.001)


def test_seats_take_turns(workshop):
    async def story(turns):
        one, other, third = turns.seat(), turns.seat(), turns.seat()
        first = asyncio.ensure_future(turns.do(one, workshop.slow, "a1"))
        await until(lambda: workshop.begun == ["a1"])
        wanted = [(one, "a2"), (one, "a3"), (one, "a4"), (other, "b1"), (other, "b2"), (third, "c1")]
        rest = [asyncio.ensure_future(turns.do(seat, workshop.quick, name)) for seat, name in wanted]
        await asyncio.sleep(0)
        workshop.gate.set()
        assert await asyncio.gather(first, *rest) == ["a1", "a2", "a3", "a4", "b1", "b2", "c1"]
        assert workshop.begun == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]

    with_turns(1, story)


def test_what_can_wait_leaves_a_worker_free(workshop):
    async def story(turns):
        one, other = turns.seat(), turns.seat()
        waiting = [asyncio.ensure_future(turns.do(one, workshop.slow, f"{n}")) for n in range(3)]
        await until(lambda: len(workshop.begun) == 1)
        assert await turns.do(other, workshop.quick, "urgent", urgent=True) == "urgent"
        assert workshop.begun == ["0", "urgent"]
        workshop.gate.set()
        await asyncio.gather(*waiting)

    with_turns(2, story)


def test_what_is_urgent_goes_before_what_can_wait(workshop):
    async def story(turns):
        seat = turns.seat()
        first = asyncio.ensure_future(turns.do(seat, workshop.slow, "first"))
        await until(lambda: workshop.begun == ["first"])
        later = [asyncio.ensure_future(turns.do(seat, workshop.quick, name)) for name in ("x", "y")]
        urgent = asyncio.ensure_future(turns.do(seat, workshop.quick, "urgent", urgent=True))
        await asyncio.sleep(0)
        workshop.gate.set()
        await asyncio.gather(first, urgent, *later)
        assert workshop.begun == ["first", "urgent", "x", "y"]

    with_turns(1, story)


def test_a_first_answer_of_one_tab_goes_before_what_can_wait_of_another(workshop):
    async def story(turns):
        one, other = turns.seat(), turns.seat()
        first = asyncio.ensure_future(turns.do(other, workshop.slow, "first"))
        await until(lambda: workshop.begun == ["first"])
        waits = [asyncio.ensure_future(turns.do(one, workshop.quick, name)) for name in ("x", "y")]
        urgent = asyncio.ensure_future(turns.do(other, workshop.quick, "urgent", urgent=True))
        await asyncio.sleep(0)
        workshop.gate.set()
        await asyncio.gather(first, urgent, *waits)
        assert workshop.begun == ["first", "urgent", "x", "y"]

    with_turns(1, story)


def test_what_is_cancelled_is_never_begun(workshop):
    async def story(turns):
        seat = turns.seat()
        first = asyncio.ensure_future(turns.do(seat, workshop.slow, "first"))
        gone = asyncio.ensure_future(turns.do(seat, workshop.quick, "gone"))
        kept = asyncio.ensure_future(turns.do(seat, workshop.quick, "kept"))
        await until(lambda: workshop.begun == ["first"])
        gone.cancel()
        await asyncio.sleep(0)
        workshop.gate.set()
        assert await asyncio.gather(first, kept) == ["first", "kept"]
        assert gone.cancelled()
        assert workshop.begun == ["first", "kept"]

    with_turns(1, story)


def test_who_leaves_is_waited_for_by_nobody(workshop):
    async def story(turns):
        one, other = turns.seat(), turns.seat()
        under_way = asyncio.ensure_future(turns.do(one, workshop.slow, "one"))
        queued = asyncio.ensure_future(turns.do(one, workshop.quick, "queued"))
        await until(lambda: workshop.begun == ["one"])
        turns.leave(one)
        with pytest.raises(asyncio.CancelledError):
            await queued
        workshop.gate.set()
        assert await turns.do(other, workshop.quick, "other") == "other"
        await under_way
        assert workshop.begun == ["one", "other"]

    with_turns(1, story)


def test_nothing_is_done_for_a_seat_that_was_given_up(workshop):
    async def story(turns):
        seat = turns.seat()
        turns.leave(seat)
        assert turns.do(seat, workshop.quick, "late").cancelled()
        assert not seat.waiting

    with_turns(1, story)


def test_an_error_is_that_of_its_piece_alone(workshop):
    async def story(turns):
        seat = turns.seat()
        with pytest.raises(ZeroDivisionError):
            await turns.do(seat, divmod, 1, 0)
        assert await turns.do(seat, workshop.quick, "next") == "next"

    with_turns(1, story)


def _die_once(path: str) -> str:
    """Kill this worker the first time."""
    if not os.path.exists(path):  # noqa: PTH110
        open(path, "w").close()  # noqa: PTH123
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _wait_once(path: str) -> str:
    """Wait for ever the first time."""
    if not os.path.exists(path):  # noqa: PTH110
        open(path, "w").close()  # noqa: PTH123
        signal.pause()
    return "done again"


def test_a_killed_worker_costs_a_moment(tmp_path):
    async def story():
        turns = Turns(2, ProcessPool)
        try:
            seat = turns.seat()
            assert await turns.do(seat, _die_once, str(tmp_path / "died")) == "alive"
            with pytest.raises(WorkersLostError):
                await turns.do(seat, _die)
            assert await turns.do(seat, len, "x" * 5000) == 5000
            assert await turns.do(seat, str.upper, "long " * 1000) == "LONG " * 1000  # comes in a letter
        finally:
            turns.close()

    to_the_end(story())


@pytest.mark.parametrize("urgent", [True, False])
def test_what_nobody_wants_does_not_hold_a_worker_for_ever(monkeypatch, urgent):
    monkeypatch.setattr(turns_module, "PATIENCE", 0.01)

    async def story():
        turns = Turns(1, ProcessPool, ProcessPool)
        try:
            seat, other = turns.seat(), turns.seat()
            endless = turns.do(seat, signal.pause, urgent=urgent)
            waits = turns.do(other, len, "four", urgent=True)
            endless.cancel()
            assert await waits == 4
            assert await turns.do(other, len, "again") == 5
        finally:
            turns.close()

    to_the_end(story())


def test_what_is_wanted_beside_it_is_done_again(monkeypatch, tmp_path):
    monkeypatch.setattr(turns_module, "PATIENCE", 0.01)

    async def story():
        turns = Turns(2, ProcessPool)
        try:
            seat, marker = turns.seat(), tmp_path / "first"
            endless, wanted = turns.do(seat, signal.pause), turns.do(seat, _wait_once, str(marker), urgent=True)
            await until(marker.exists)
            endless.cancel()
            assert await wanted == "done again"
        finally:
            turns.close()

    to_the_end(story())


def test_an_answer_that_lasts_too_long_is_given_up_for_a_newer_question(monkeypatch):
    monkeypatch.setattr(course_module, "PATIENCE", 0.01)

    async def story():
        log: list[str] = []
        course = Course(failed=lambda error: log.append(str(error)))
        a, b = (Question(name, log) for name in "ab")
        course.ask(a.first, a.rest)
        await until(lambda: log == ["a begins"])
        course.ask(b.first, b.rest)
        await until(lambda: log[-1] == "b begins")
        b.answered.set()
        b.done.set()
        await until(lambda: log[-1] == "b ends")
        assert log == ["a begins", "b begins", "b answers", "b ends"]

    to_the_end(story())


def test_a_result_that_went_with_its_pool_is_found_again(monkeypatch):
    async def story():
        turns = Turns(1, ProcessPool)
        lost: list[int] = []
        opened = Letter.open

        def gone_once(letter: Letter) -> object:
            if not lost:
                lost.append(1)
                letter.path.unlink()
            return opened(letter)

        monkeypatch.setattr(Letter, "open", gone_once)
        try:
            assert await turns.do(turns.seat(), str.upper, "long " * 1000) == "LONG " * 1000
        finally:
            turns.close()
        assert lost

    to_the_end(story())


class Question:
    """A question whose two steps last until they are told to end."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log
        self.answered, self.done = asyncio.Event(), asyncio.Event()

    async def first(self) -> None:
        """The first step."""
        self.log.append(f"{self.name} begins")
        await self.answered.wait()
        self.log.append(f"{self.name} answers")

    async def rest(self) -> None:
        """The second step."""
        try:
            await self.done.wait()
            self.log.append(f"{self.name} ends")
        except asyncio.CancelledError:
            self.log.append(f"{self.name} is dropped")
            raise


def test_while_an_answer_comes_only_the_newest_question_waits():
    async def story():
        log: list[str] = []
        course = Course(failed=lambda error: log.append(str(error)))
        a, b, c = (Question(name, log) for name in "abc")
        course.ask(a.first, a.rest)
        await until(lambda: bool(log))
        course.ask(b.first, b.rest)
        course.ask(c.first, c.rest)
        a.answered.set()
        await until(lambda: log[-1] == "c begins")
        c.answered.set()
        c.done.set()
        await until(lambda: log[-1] == "c ends")
        assert log == ["a begins", "a answers", "c begins", "c answers", "c ends"]

    to_the_end(story())


def test_a_newer_question_drops_the_rest_of_an_older_one_at_once():
    async def story():
        log: list[str] = []
        course = Course(failed=lambda error: log.append(str(error)))
        a, b = (Question(name, log) for name in "ab")
        course.ask(a.first, a.rest)
        a.answered.set()
        await until(lambda: log[-1:] == ["a answers"])
        await asyncio.sleep(0)
        course.ask(b.first, b.rest)
        await until(lambda: log[-1] == "b begins")
        course.stop()
        await asyncio.sleep(0)
        assert log == ["a begins", "a answers", "a is dropped", "b begins"]

    to_the_end(story())


def test_a_question_that_fails_is_told_and_the_next_one_answered():
    async def story():
        log: list[str] = []
        course = Course(failed=lambda error: log.append(str(error)))

        async def fails() -> None:
            raise ValueError("it failed")

        a = Question("a", log)
        course.ask(fails, fails)
        await until(lambda: log == ["it failed"])
        course.ask(a.first, a.rest)
        a.answered.set()
        await until(lambda: log[-1] == "a answers")
        course.stop()

    to_the_end(story())


def test_a_question_that_need_not_wait_is_under_way_at_once(workshop):
    async def story(turns):
        seat = turns.seat()
        course = Course(failed=lambda error: None)
        answers, asked = [], []

        def first():
            found = turns.do(seat, workshop.slow, "asked")
            asked.append(1)

            async def answer() -> None:
                answers.append(await found)

            return answer()

        async def rest() -> None:
            answers.append("rest")

        course.ask(first, rest)
        assert asked == [1], "it was handed out before anything else in the event loop had its turn"
        workshop.gate.set()
        await until(lambda: answers == ["asked", "rest"])

    with_turns(1, story)


def test_a_question_that_cannot_begin_is_told_like_any_that_fails():
    async def story():
        log: list[str] = []
        course = Course(failed=lambda error: log.append(str(error)))
        a = Question("a", log)

        def cannot():
            raise ValueError("it cannot begin")

        course.ask(cannot, a.rest)
        await until(lambda: log == ["it cannot begin"])
        course.ask(a.first, a.rest)
        a.answered.set()
        await until(lambda: log[-1] == "a answers")
        course.stop()

    to_the_end(story())


def test_after_a_stop_a_new_question_is_answered():
    """A browser that went to sleep is not worked for; when it is back it asks again."""
    heard: list[str] = []
    failed: list[BaseException] = []

    async def story() -> None:
        never = asyncio.get_running_loop().create_future()
        course = Course(failed.append)

        async def answer(words: str) -> None:
            heard.append(words)

        course.ask(lambda: never, lambda: answer("rest of the first"))
        course.ask(lambda: answer("second"), lambda: answer("rest of the second"))
        course.stop()
        assert never.cancelled()
        await asyncio.sleep(0)
        assert heard == []
        course.ask(lambda: answer("third"), lambda: answer("rest of the third"))
        await until(lambda: len(heard) == 2)

    to_the_end(story())
    assert heard == ["third", "rest of the third"]
    assert failed == []
