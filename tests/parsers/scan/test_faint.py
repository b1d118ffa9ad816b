"""Cells that seem empty: faint print that stands clear is read, what is left of a seal is not."""

import cv2
import numpy as np

from parsers.scan.faint import faint_print

EM = 20.0
CELL = (4, 4, 116, 56)


def cell() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 8, (60, 120)).astype(np.uint8)


def found(page: np.ndarray, signs: np.ndarray | None = None) -> np.ndarray:
    return faint_print(page, np.zeros(page.shape, bool) if signs is None else signs, [CELL], EM)


def test_faint_figures_are_print() -> None:
    page = cell()
    for x in (40, 56):
        cv2.rectangle(page, (x, 20), (x + 8, 36), 70, 2)
    assert found(page)[20:37, 40:66].any()
    assert not found(page)[:, 70:].any()


def test_a_faint_long_stroke_is_print_and_a_short_one_none() -> None:
    page = cell()
    cv2.line(page, (40, 30), (52, 30), 80, 2)
    assert found(page)[30, 46]
    page = cell()
    cv2.line(page, (40, 30), (43, 30), 80, 2)
    assert not found(page).any()


def test_many_marks_are_the_rest_of_a_seal() -> None:
    page = cell()
    for x, top in ((12, 8), (40, 32), (64, 10), (92, 34)):
        cv2.line(page, (x, top), (x + 8, top + 16), 70, 2)
    assert not found(page).any()


def test_a_stroke_that_goes_beyond_the_cell_is_none_of_its_print() -> None:
    page = cell()
    cv2.line(page, (40, 0), (50, 60), 70, 2)
    assert not found(page).any()


def test_cells_with_print_are_left_alone() -> None:
    page = cell()
    cv2.rectangle(page, (40, 20), (48, 36), 70, 2)
    signs = np.zeros(page.shape, bool)
    signs[30, 90] = True
    assert not found(page, signs).any()
