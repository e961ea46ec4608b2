"""What changed between two texts, word by word, for somebody who reads.

It tells of words alone: a link's address, bold type and a picture are no words. Two
texts differ here exactly where a reader would see other words, or the same words in
other paragraphs; so this also decides when a story says that it was updated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby, zip_longest

from wiredesk.stories.merge.align import Pair, align
from wiredesk.stories.merge.rows import Row, RowKind, rows_of
from wiredesk.stories.merge.similar import similar_pairs
from wiredesk.stories.merge.words import Bag, Word, bag_of, words

# Beyond so many words in either text, changed rows are told as wholes.
MOST_WORDS = 60_000


class Mark(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


class Change(StrEnum):
    """What became of a row of text."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words with one mark: plain text, with the blanks after it."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class DiffBlock:
    """A paragraph, a heading, an item or a table's row, with what changed in it.

    Kept words are given as they are written after the change.
    """

    kind: RowKind
    change: Change
    runs: tuple[Run, ...]

    @property
    def is_collapsible(self) -> bool:
        """Whether a reader who looks for changes may skip it."""
        return self.change is Change.UNCHANGED


def word_diff(before_html: str, after_html: str) -> list[DiffBlock]:
    """Give both texts as one row of blocks, in the order in which they are read.

    Expects well-formed HTML, as ``wiredesk.lib.html.clean`` gives. A moved paragraph is
    removed here and added there. Takes about ``n log n`` steps for ``n`` words.
    """
    before, after = _lines_of(before_html), _lines_of(after_html)
    in_words = max(_count_words(before), _count_words(after)) <= MOST_WORDS
    blocks: list[DiffBlock] = []
    place = new_place = 0
    pairs = align([line.key for line in before], [line.key for line in after])
    for end, new_end in [*pairs, (len(before), len(after))]:
        blocks += _changed(before[place:end], after[new_place:new_end], in_words)
        if new_end < len(after):
            blocks.append(_whole(after[new_end], Change.UNCHANGED))
        place, new_place = end + 1, new_end + 1
    return blocks


def as_received_vs_published(
    original_html: str, published_html: str
) -> list[DiffBlock]:
    """Give what the desk made of the wire's text: removed is the wire's, added ours.

    The same as ``word_diff``; the original is the body as the format's reader gave it.
    """
    return word_diff(original_html, published_html)


def line_diff(before: str, after: str) -> tuple[Run, ...]:
    """Give two lines of plain text, e.g. headlines, as runs of words."""
    return _runs(words(before), words(after))


def is_words_changed(before_html: str, after_html: str) -> bool:
    """Tell whether a reader would see other words, or other paragraphs of them.

    False where only markup, addresses, pictures, blanks or the shape of quotes and
    dashes changed. True exactly where ``word_diff`` has a block that is not unchanged.
    """
    before, after = rows_of(before_html), rows_of(after_html)
    # Taking words apart is the dear part: what is equal to the letter is passed over,
    # and the first difference is the answer.
    place = 0
    for one, other in zip(before, after, strict=False):
        if one.text != other.text:
            break
        place += 1
    pairs = zip_longest(_keys(before[place:]), _keys(after[place:]))
    return any(one != other for one, other in pairs)


def _keys(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        # Invisible marks alone are no line.
        if key := tuple([word.key for word in words(row.text)]):
            yield key


@dataclass(frozen=True)
class _Line:
    row: Row
    words: tuple[Word, ...]

    @cached_property
    def key(self) -> tuple[str, ...]:
        return tuple([word.key for word in self.words])

    @cached_property
    def bag(self) -> Bag:
        return bag_of(self.words)


def _lines_of(html: str) -> list[_Line]:
    lines = [_Line(row, tuple(words(row.text))) for row in rows_of(html)]
    # Invisible marks alone are no line.
    return [line for line in lines if line.words]


def _count_words(lines: Sequence[_Line]) -> int:
    return sum(len(line.words) for line in lines)


def _changed(
    before: Sequence[_Line], after: Sequence[_Line], in_words: bool
) -> Iterator[DiffBlock]:
    """Give a stretch without an equal line: rewritten, removed and added ones."""
    pairs: list[Pair] = []
    if before and after and in_words:
        pairs = similar_pairs([one.bag for one in before], [one.bag for one in after])
    place = new_place = 0
    for end, new_end in [*pairs, (len(before), len(after))]:
        for line in before[place:end]:
            yield _whole(line, Change.REMOVED)
        for line in after[new_place:new_end]:
            yield _whole(line, Change.ADDED)
        if end < len(before):
            runs = _runs(before[end].words, after[new_end].words)
            yield DiffBlock(after[new_end].row.kind, Change.CHANGED, runs)
        place, new_place = end + 1, new_end + 1


def _whole(line: _Line, change: Change) -> DiffBlock:
    marks = {Change.REMOVED: Mark.REMOVED, Change.ADDED: Mark.ADDED}
    text = "".join([word.text for word in line.words])
    return DiffBlock(line.row.kind, change, (Run(marks.get(change, Mark.KEPT), text),))


def _runs(before: Sequence[Word], after: Sequence[Word]) -> tuple[Run, ...]:
    marked: list[tuple[Mark, str]] = []
    place = new_place = 0
    for end, new_end in [*_kept(before, after), (len(before), len(after))]:
        removed = [word.text for word in before[place:end]]
        if removed and place and not _ends_blank(after[new_place - 1]):
            # "a b." became "a.": the blank goes with what was removed.
            removed.insert(0, _blank_after(before[place - 1]))
        marked += [(Mark.REMOVED, text) for text in removed]
        marked += [(Mark.ADDED, word.text) for word in after[new_place:new_end]]
        marked += [(Mark.KEPT, word.text) for word in after[new_end : new_end + 1]]
        place, new_place = end + 1, new_end + 1
    return tuple(
        Run(mark, "".join([text for _, text in run]))
        for mark, run in groupby(marked, key=lambda pair: pair[0])
    )


def _blank_after(word: Word) -> str:
    return word.text[len(word.text.rstrip()) :]


def _ends_blank(word: Word) -> bool:
    return bool(_blank_after(word))


def _kept(before: Sequence[Word], after: Sequence[Word]) -> list[Pair]:
    """Give the words in common, without a comma that stands between two rewritings."""
    pairs = align([word.key for word in before], [word.key for word in after])
    islands: list[list[Pair]] = []
    place = new_place = 0
    for pair in pairs:
        if pair == (place, new_place) and islands:
            islands[-1].append(pair)
        else:
            islands.append([pair])
        place, new_place = pair[0] + 1, pair[1] + 1
    # Sentinels: what stands before and after both texts.
    ends = [[(-1, -1)], *islands, [(len(before), len(after))]]
    kept: list[Pair] = []
    for last, island, following in zip(ends, islands, ends[2:], strict=False):
        is_noise = (
            all(before[place].is_punctuation for place, _ in island)
            and _is_rewriting(last[-1], island[0])
            and _is_rewriting(island[-1], following[0])
        )
        kept += [] if is_noise else island
    return kept


def _is_rewriting(last: Pair, following: Pair) -> bool:
    """Tell whether between two pairs some words were removed and others added."""
    return following[0] - last[0] > 1 and following[1] - last[1] > 1
