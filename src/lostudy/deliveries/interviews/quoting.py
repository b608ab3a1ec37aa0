"""Whether words are those of a quote, apart from white space and where a tool cut it off."""

from __future__ import annotations

SHORTEST_QUOTE = 3


def squeezed(text: str) -> str:
    """White space as single spaces, so that a quote may differ from its source in line breaks."""
    return " ".join(text.split())


def uncut(text: str) -> str:
    """A quote without the ellipsis with which a tool cut it off.

    >>> uncut("Wij le …"), uncut("Wij leren")
    ('Wij le', 'Wij leren')
    """
    end = text.rstrip()
    for sign in ("…", "..."):
        if end.endswith(sign):
            return end.removesuffix(sign).rstrip()
    return text


def agrees(text: str, quote: str) -> bool:
    """Whether a passage is the quote, or begins with a quote that was cut off with an ellipsis.

    >>> agrees("Wij leren\\nvan fouten", "Wij leren van fouten"), agrees("Wij leren", "Wij le…")
    (True, True)
    """
    return is_quote(text, squeezed(quote))


def is_quote(text: str, wanted: str) -> bool:
    """As `agrees`, with the quote already squeezed; most that differ do so in the first sign."""
    found = text.lstrip()
    if found[:1] != wanted[:1] and uncut(wanted):
        return False
    cut, found = uncut(wanted), squeezed(found)
    return found == wanted or (cut != wanted and cut != "" and found.startswith(cut))


def begins_with(text: str, name: str) -> bool:
    """Whether a name is a passage's words, or their beginning, cut off with or without a sign.

    >>> begins_with("Wij leren van fouten", "Wij leren"), begins_with("Wij leren", "leren")
    (True, False)
    """
    wanted = squeezed(uncut(name))
    return len(wanted) >= SHORTEST_QUOTE and squeezed(text).startswith(wanted)
