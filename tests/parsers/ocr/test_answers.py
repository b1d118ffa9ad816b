"""Answers kept on disk: read back without loss, bounded, and never in the way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.ocr.answers import SHARDS, Answers, Kept, Recorded, key_of, packed, unpacked
from parsers.ocr.engine import Frames, ReadLine

IMAGES = [np.full((4, 5 + number), 6 * number, np.uint8) for number in range(40)]


class Counting:
    """An engine that counts what it is asked."""

    def __init__(self, name="counting-1"):
        self.name = name
        self.asked = 0

    def call(self, images):
        self.asked += len(images)
        return [str(image.shape) for image in images]

    def translate(self, answers):
        return [ReadLine(answer, 1.0) for answer in answers]


@given(st.integers(0, 5), st.integers(1, 4), st.floats(-2, 9, width=32), st.text())
def test_an_answer_is_read_back_as_it_was(steps, kept, start, text):
    classes = np.arange(steps * kept, dtype=np.int32).reshape(steps, kept) * 4001 % 65536
    odds = np.linspace(0, 1, steps * kept, dtype=np.float32).reshape(steps, kept)
    found = unpacked(packed(Frames(classes, odds, start, start + 1)))
    assert (found.classes == classes).all()
    assert (found.odds == odds).all()
    assert found.start == start
    assert unpacked(packed(text)) == text


def test_only_what_was_never_seen_is_read(tmp_path):
    engine = Counting()
    first = Kept(engine, tmp_path).call(IMAGES[:3])
    again = Kept(engine, tmp_path).call(IMAGES[1:4])
    assert engine.asked == 4
    assert again[:2] == first[1:]
    assert again == engine.call(IMAGES[1:4])


def test_another_model_has_its_own_answers(tmp_path):
    engine, other = Counting(), Counting("counting-2")
    Kept(engine, tmp_path).call(IMAGES[:2])
    Kept(other, tmp_path).call(IMAGES[:2])
    assert other.asked == 2


def test_recorded_answers_are_replayed_without_the_model(tmp_path):
    engine = Counting()
    first = Kept(engine, tmp_path).call(IMAGES[:2])
    engine.call = None
    replay = Recorded(engine, tmp_path)
    assert replay.translate(replay.call(IMAGES[:2])) == [ReadLine(answer, 1.0) for answer in first]
    with pytest.raises(LookupError, match="record it"):
        replay.call(IMAGES[2:3])


def test_a_full_shard_lets_the_oldest_go(tmp_path):
    answers = Answers(tmp_path, "engine", most=SHARDS)
    same = [image for image in IMAGES if key_of(image)[0] % SHARDS == key_of(IMAGES[0])[0] % SHARDS]
    assert len(same) > 1
    for image in same:
        answers.put(image, "said")
    assert [answers.get(image) for image in same] == [None] * (len(same) - 1) + ["said"]


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 200])
def test_a_damaged_file_is_no_answer_and_no_error(tmp_path, damage):
    engine = Counting()
    kept = Kept(engine, tmp_path)
    first = kept.call(IMAGES)
    for path in tmp_path.rglob("*.sqlite"):
        path.write_bytes(damage)
    assert kept.call(IMAGES) == first
    assert engine.asked == 2 * len(IMAGES)


def test_a_folder_that_cannot_be_written_does_not_stop_reading(tmp_path):
    (tmp_path / "file").write_text("")
    engine = Counting()
    assert Kept(engine, tmp_path / "file").call(IMAGES[:1]) == engine.call(IMAGES[:1])


@pytest.mark.parametrize("other", [np.zeros((4, 6), np.uint8), np.zeros((6, 4), np.uint8), np.ones((4, 6), np.uint8)])
def test_images_that_differ_have_other_hashes(other):
    one = np.zeros((3, 8), np.uint8)
    assert key_of(one) != key_of(other)
    assert key_of(other) == key_of(np.asfortranarray(other))
