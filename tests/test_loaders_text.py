"""Normalised text: the same for whoever anchors or checks, and every passage of it can be found again."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from loaders.errors import PassageNotFoundError
from loaders.passages import find_passages
from loaders.text import digest, normalise

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(ANY_TEXT)
@example("a*\u0301")
@example("x-\n-\ny")
@example("А\u0301")
@example("1\u2044\n2")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("digital trans-\nformation", "digital transformation"),
        ("em-\n\nphasized  the", "emphasized the"),
        ("Industry-\n4.0", "Industry- 4.0"),
        ("leading ﬁrms", "leading firms"),
        ("Таble 4", "Table 4"),
        ("the *Toy Valley*", "the Toy Valley"),
        ("“smart” – ‘Industrie’", "\"smart\" - 'Industrie'"),
        ("\ta \r\n b ", "a b"),
        ("6,000 m²", "6,000 m2"),
    ],
)
def test_each_step_of_normalisation(raw: str, normal: str) -> None:
    assert normalise(raw) == normal


@given(st.data())
def test_a_passage_is_found_where_it_was_taken(data: st.DataObject) -> None:
    words = data.draw(st.lists(st.from_regex(r"[a-zéß0-9]{1,8}[.,]?", fullmatch=True), min_size=1, max_size=40))
    text = normalise(" ".join(words))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    passage = text[start:end]
    assume(any(character.isalnum() for character in passage))
    trimmed = passage.strip(" .,")
    found = find_passages(text, passage)
    at = start + passage.index(trimmed)
    assert (at, at + len(trimmed)) in [(one.start, one.end) for one in found]
    assert all(digest(text[one.start : one.end]) == one.digest for one in found)


def test_a_passage_is_found_whatever_its_hyphens_case_and_line_ends() -> None:
    text = normalise("Clusters show co-\noperation; “place-based” policy helps the Toy Valley.")
    (found,) = find_passages(text, "CO-OPERATION;\n 'place based' policy")
    assert text[found.start : found.end] == 'cooperation; "place-based" policy'
    assert found.digest == digest('cooperation; "place-based" policy')


def test_an_ellipsis_spans_what_is_between() -> None:
    text = normalise("One two three. Four five six.")
    (found,) = find_passages(text, "two ... five")
    assert text[found.start : found.end] == "two three. Four five"


def test_every_place_of_a_repeated_passage_is_given() -> None:
    assert [found.start for found in find_passages("a b a b a", "a b")] == [0, 4]


@pytest.mark.parametrize("wanted", ["", " … ", "nothing of the kind stands here"])
def test_a_passage_that_is_not_there_is_refused(wanted: str) -> None:
    with pytest.raises(PassageNotFoundError):
        find_passages("The district has around 400 firms.", wanted)


def test_the_nearest_passage_is_named() -> None:
    with pytest.raises(PassageNotFoundError, match="around 400 firms"):
        find_passages("The district has around 400 firms.", "around 410 firms")
