"""Answers of pure functions, kept in a plain dictionary.

Forms repeat a few thousand prints, so the same questions come millions of times. A hit costs a
third of one in `functools.lru_cache`, whose hits also rewrite a linked list all over memory.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")

MOST_KEPT = 1 << 14
"""Answers that one memo keeps; then it starts afresh. More does not pay: most prints of money and
of results come once, and the frequent ones are back within a few documents."""


class Memo(dict[Question, Answer], Generic[Question, Answer]):
    """``memo[question]`` is ``function(question)``, computed once.

    >>> squares = Memo(lambda number: number * number)
    >>> squares[4], squares[4], len(squares)
    (16, 16, 1)
    """

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[Question], Answer]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, question: Question) -> Answer:
        answer = self._function(question)
        if len(self) >= MOST_KEPT:
            self.clear()
        self[question] = answer
        return answer
