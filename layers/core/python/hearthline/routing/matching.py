"""Several who wait and several who are free, matched together. Pure; whole numbers only, so one floor has one answer.

The most urgent are served first: nobody less urgent is matched in place of somebody more urgent who could be. Among
all matchings that serve these, the one with the highest sum of scores is taken.
"""

from collections.abc import Sequence
from typing import Final

Scores = Sequence[Sequence[int | None]]
"""A row for each who waits, most urgent first, a column for each who is free; None where they do not fit."""

NEVER: Final = -1


def match(scores: Scores) -> list[int | None]:
    """The column of each row, or None; scores are 0 or more. O(rows^2 x (rows + columns))."""
    rows = len(scores)
    if not rows:
        return []
    columns = len(scores[0])
    most = max((each for row in scores for each in row if each is not None), default=0)
    unit = rows * (most + 1)
    # Serving a row is worth more than serving all rows after it, and any score: the order is part of the sum.
    gains = [
        [NEVER if each is None else (unit << (rows - 1 - n)) + each for each in row] + [0] * rows
        for n, row in enumerate(scores)
    ]
    found = _heaviest(gains)
    return [column if column < columns and gains[n][column] != NEVER else None for n, column in enumerate(found)]


def _heaviest(gains: list[list[int]]) -> list[int]:
    """The column of each row in a matching of the highest sum (the Hungarian method, with potentials).

    There are at least as many columns as rows.
    """
    rows, columns = len(gains), len(gains[0])
    row_price, column_price = [0] * (rows + 1), [0] * (columns + 1)
    holder, came_from = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        holder[0], column = row, 0
        slack: list[int | None] = [None] * (columns + 1)
        done = [False] * (columns + 1)
        while True:
            done[column] = True
            column = _tighten(gains, holder, column, (row_price, column_price), slack, done, came_from)
            if holder[column] == 0:
                break
        while column:
            holder[column] = holder[came_from[column]]
            column = came_from[column]
    found = [0] * rows
    for column in range(1, columns + 1):
        if holder[column]:
            found[holder[column] - 1] = column - 1
    return found


def _tighten(
    gains: list[list[int]],
    holder: list[int],
    column: int,
    prices: tuple[list[int], list[int]],
    slack: list[int | None],
    done: list[bool],
    came_from: list[int],
) -> int:
    """One step of the search for a free column: lower the prices until one more edge is tight; its column."""
    row_price, column_price = prices
    row, least, nearest = holder[column], None, 0
    for each in range(1, len(done)):
        if done[each]:
            continue
        cost = -gains[row - 1][each - 1] - row_price[row] - column_price[each]
        known = slack[each]
        if known is None or cost < known:
            slack[each], came_from[each] = cost, column
        current = slack[each]
        if current is not None and (least is None or current < least):
            least, nearest = current, each
    step = least or 0
    for each in range(len(done)):
        if done[each]:
            row_price[holder[each]] += step
            column_price[each] -= step
        else:
            current = slack[each]
            if current is not None:
                slack[each] = current - step
    return nearest
