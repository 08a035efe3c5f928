"""Bytes to lines of text. Decides the encoding of a file that does not say it.

A byte order mark decides. Otherwise the first bytes beyond ASCII do, with a stretch of the file after them: what is
UTF-8 there is UTF-8, else GB18030 (the law of Chinese exports, and GBK and GB2312 lie inside it). A byte that does not
fit is kept as a lone surrogate, so that only its row is refused (``damaged``) and the others land.
"""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from meritline.errors import MeritlineError

STRETCH = 1024**2
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "gb18030"
DAMAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class TextRefused(MeritlineError):
    """Text that cannot be read as a whole."""

    code = "E-FILE-ENCODING"


def is_encoding(name: str) -> bool:
    """Whether the name is that of a text encoding we can read."""
    try:
        return codecs.lookup(name)._is_text_encoding  # type: ignore[attr-defined]
    except (LookupError, ValueError):
        return False


def decided(sample: bytes, *, whole: bool) -> str | None:
    """The encoding that a stretch of bytes shows; None where it is plain ASCII so far."""
    for mark, name in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    if sample.isascii():
        return None
    for name in ("utf-8", FALLBACK):
        try:
            codecs.getincrementaldecoder(name)().decode(sample, final=whole)
        except UnicodeDecodeError:
            continue
        return name
    return "utf-8"


def decoded(blocks: Iterable[bytes], encoding: str | None, file: str) -> Iterator[str]:
    """The text of the blocks; what is ASCII is given out before the encoding has to be known."""
    source = iter(blocks)
    held = b""
    name = "utf-8-sig" if encoding and codecs.lookup(encoding).name == "utf-8" else encoding
    while name is None:
        block = next(source, b"")
        held += block
        if held[:2] in (b"\xff\xfe", b"\xfe\xff") or not held.isascii():
            name, held = settled(held, source)
        elif block:
            yield held.decode("ascii")
            held = b""
        else:
            return
    decoder = codecs.getincrementaldecoder(name)("surrogateescape")
    try:
        yield decoder.decode(held)
        for block in source:
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)
    except UnicodeError as error:  # UTF-16 cannot keep a broken character for later, and wants to begin with its mark
        broken = error.object[error.start : error.end] if isinstance(error, UnicodeDecodeError) else held[:4]
        raise TextRefused(file=file, value=broken.hex(" "), encoding=name) from error


def settled(held: bytes, source: Iterator[bytes]) -> tuple[str, bytes]:
    """The encoding, after looking at a stretch behind the first bytes beyond ASCII."""
    whole = False
    while len(held) < STRETCH:
        block = next(source, b"")
        held += block
        if not block:
            whole = True
            break
    return decided(held, whole=whole) or "utf-8", held


def lines(texts: Iterable[str], *, file: str, longest: int) -> Iterator[str]:
    """Lines with their ends, whatever ends them (LF, CRLF, CR), none much longer than allowed."""
    return chain.from_iterable(map(walked, whole_lines(texts, file=file, longest=longest)))


def walked(stretch: str) -> io.StringIO:
    """A stretch, to be walked through line by line."""
    return io.StringIO(stretch, newline="")


def whole_lines(texts: Iterable[str], *, file: str, longest: int) -> Iterator[str]:
    """Stretches of whole lines, each line with its end."""
    carried, count = "", 0
    for text in texts:
        text = carried + text
        # A CR at the very end may be half of a CRLF.
        cut = max(text.rfind("\n"), text.rfind("\r", 0, max(0, len(text) - 1))) + 1
        whole, carried = text[:cut], text[cut:]
        count += whole.count("\n") or whole.count("\r")
        if whole:
            yield whole
        if len(carried) > longest:
            raise TextRefused("E-FILE-LINE-LONG", file=file, line=count + 1, limit=longest)
    if carried:
        yield carried


class Lines:
    """The lines of stretches one by one, or what is left of a stretch at once."""

    def __init__(self, stretches: Iterable[str]) -> None:
        self._stretches, self._stretch = iter(stretches), walked("")

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._stretch.readline()
        while not line:
            self._stretch = walked(next(self._stretches))
            line = self._stretch.readline()
        return line

    def ahead(self) -> str:
        """What is left of the stretch, the next one where nothing is; it stays ahead. Empty at the end."""
        place = self._stretch.tell()
        while not (rest := self._stretch.read()):
            if not (stretch := next(self._stretches, "")):
                return ""
            self._stretch, place = walked(stretch), 0
        self._stretch.seek(place)
        return rest

    def passed(self) -> None:
        """What was ahead is behind."""
        self._stretch.read()


def plain_ends(text: str) -> str:
    """The same lines, each ended by LF alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def damaged(text: str) -> bool:
    """Whether a text holds bytes that are not of its encoding, or characters that no text field may have."""
    return DAMAGE.search(text) is not None
