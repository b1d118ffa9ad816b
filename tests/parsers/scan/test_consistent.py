"""Pieces of edges that are more or less surely drawn → the likeliest that are sides of rectangles."""

import numpy as np

from parsers.scan.consistent import Edges, consistent


def grid(rows=3, cols=3, odds=8.0):
    """Every piece surely drawn."""
    return Edges(np.full((rows + 1, cols), odds), np.full((rows, cols + 1), odds))


def test_what_is_possible_stays():
    edges = grid()
    edges.down[1, 1] = -5.0
    across, down = consistent(edges)
    assert across.all()
    assert not down[1, 1]
    assert down.sum() == down.size - 1


def test_a_line_that_ends_within_a_cell_is_given_up_or_goes_on():
    for odds, goes_on in ((-0.5, True), (-3.0, False)):
        edges = grid()
        edges.across[1] = -9.0        # rows 0 and 1 are one, but for a stroke that hangs from the top
        edges.down[0, 1], edges.down[1, 1] = 1.0, odds
        _, down = consistent(edges)
        assert (bool(down[0, 1]), bool(down[1, 1])) == (goes_on, goes_on)


def test_several_doubtful_pieces_give_way_to_a_sure_one():
    edges = grid(1, 4)
    edges = Edges(np.vstack([edges.across, edges.across[:1]]), np.vstack([edges.down, edges.down]))
    edges.across[1] = -0.5, -0.5, 6.0, -0.5
    edges.down[:, 1:-1] = -6.0
    across, _ = consistent(edges)
    assert across[1].all()


def test_the_rim_is_closed():
    edges = Edges(np.full((2, 2), -9.0), np.full((1, 3), -9.0))
    across, down = consistent(edges)
    assert across.all()
    assert down.tolist() == [[True, False, True]]
