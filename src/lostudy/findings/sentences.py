"""What a sentence of a finding may not say: causes, a stronger word than the evidence, numbers.

There is no control group, so nothing led to anything. Whether something rose is for the wording
ladder to say, by the slot {wording}, not for the sentence. And numbers come from protected results
by slots: one that is written there was protected by nobody, and stays when the data change.
"""

from __future__ import annotations

import re

from lostudy.errors import Problem

CAUSAL = {
    "nl": (
        r"door|doordat|waardoor|daardoor|hierdoor|dankzij|vanwege|wegens|omdat|"
        r"leid(?:t|de|den|en)? tot|geleid tot|zorg(?:t|de|den|en)? (?:er)?voor|gezorgd voor|"
        r"veroorza\w+|bewerkstellig\w+|resulteer\w*|maak(?:t|te|ten) dat|teweeg\w*|"
        r"(?:als|ten) gevolge? van|(?:het )?(?:effect|gevolg|resultaat|invloed) van|effect op|"
        r"invloed op|be(?:ï|i)nvloed\w*"
    ),
    "en": (
        r"caus(?:e|es|ed|ing)|because|due to|owing to|thanks to|"
        r"le(?:d|ads|ading|ad) to|result(?:s|ed|ing)? (?:in|from|of)|as a result|"
        r"(?:the )?(?:effect|impact|influence)s? (?:of|on)|affect(?:s|ed)?|influenc\w+|"
        r"brought about|bring(?:s)? about|produced (?:a|the)|thereby|therefore"
    ),
}
STRONG = {
    "nl": r"steeg|stegen|gestegen|daalde|daalden|gedaald|nam(?:en)? (?:\w+ )?(?:toe|af)|"
    r"toegenomen|afgenomen|verbeterde?n?|verslechterde?n?",
    "en": r"rose|risen|fell|fallen|increased|decreased|grew|improved|worsened|declined",
}
# A year, the level of an interval, and a number that is part of a name (T2) are no results.
NUMBER = r"(?<![\w.,])(?!(?:19|20)\d\d(?![\w.,]*\d)|9[059] ?%)\d[\d.,]*(?<![.,])(?![A-Za-z])"
ASSOCIATION = {"nl": "'ging samen met', 'tegelijk met'", "en": "'went together with', 'alongside'"}


def sentence_problems(text: str, language: str, name: str = "") -> list[Problem]:
    """Why a sentence (with its slots) may not stand in a finding; empty where it may.

    `language`: "nl" or "en". A causal word is refused whatever the numbers; a word of the ladder
    outside the slot {wording} is refused because it stays when the data change, and so is a number.

    >>> [str(each) for each in sentence_problems("Leren {wording} door de intervisie.", "nl")]
    ["'door' says what caused it, and there is no control group. To do: say what went with what: \
'ging samen met', 'tegelijk met'"]
    >>> sentence_problems("Leren {wording} in {organisation}.", "nl")
    []
    """
    plain = re.sub(r"\{[^{}]*\}", "{}", text)
    found = []
    for word in _words(CAUSAL[language], plain):
        what = f"'{word}' says what caused it, and there is no control group"
        cure = f"say what went with what: {ASSOCIATION[language]}"
        found.append(Problem(what, cure, f"finding {name}" if name else ""))
    for word in _words(STRONG[language], plain):
        what = f"'{word}' stands there whatever the data say"
        cure = "write {wording} there: the evidence picks the word"
        found.append(Problem(what, cure, f"finding {name}" if name else ""))
    if re.search(NUMBER, plain):
        what = "a number stands there that no protected result gives"
        cure = "write a slot there: {estimate}, {interval}, {n}, {k} or {all}"
        found.append(Problem(what, cure, f"finding {name}" if name else ""))
    return found


def _words(pattern: str, text: str) -> list[str]:
    """The words of a pattern that stand in a text, each once, as written there."""
    hits = re.findall(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE)
    return list(dict.fromkeys(hit.lower() for hit in hits))
