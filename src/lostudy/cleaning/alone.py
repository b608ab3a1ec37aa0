"""One file by itself, on the machine of who wants to send it: what it is, what to mend first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lostudy.cleaning.letters import Line, framed, lines, wording
from lostudy.deliveries import SurveyDelivery, read_survey
from lostudy.deliveries.screening import screen
from lostudy.errors import DataError, Problem

SAID = {
    "read": ("{}: {} rijen, {} kolommen; herkend als {}", "{}: {} rows, {} columns; taken for {}"),
    "refused": ("{}: kan niet worden gelezen", "{}: cannot be read"),
    "place": ("rij {}", "row {}"),
    "in": ("kolom \'{}\'", "column \'{}\'"),
    "fine": ("Er is niets gevonden; het bestand kan worden verstuurd.",
             "Nothing was found; the file can be sent."),
    "mend": ("Herstel eerst wat met \'graag herstellen\' begint: {}.",
             "First mend what begins with \'please mend\': {}."),
    "look": ("Het bestand kan worden verstuurd; kijk naar de punten hierboven.",
             "The file can be sent; look at the points above."),
    "safe": ("Er is niets verstuurd of bewaard, en er staan hier geen antwoorden.",
             "Nothing was sent or kept, and no answers stand here."),
}


@dataclass(frozen=True)
class Looked:
    """What was found in one file; `said` are lines for a person, `stops` asks to mend first."""

    problems: list[Problem]
    said: list[str]

    @property
    def stops(self) -> bool:
        """Whether something must be mended before the file is sent."""
        return any(problem.severity == "error" for problem in self.problems)


def look_at(file: Path, language: str = "nl") -> Looked:
    """A survey file read and looked through, without a study; what cannot be read is told too."""
    try:
        delivery = read_survey(file)
    except DataError as error:
        problems = list(error.problems)
        first = _word("refused", language, Path(file).name)
        technical = [str(problem) for problem in problems]
        return Looked(problems, [first, *_told(problems, language), *technical])
    problems = screen(delivery)
    return Looked(problems, [_what(delivery, language), *_told(problems, language)])


def _what(delivery: SurveyDelivery, language: str) -> str:
    rows, columns = delivery.answers.shape
    name = Path(delivery.source.file).name
    return _word("read", language, name, rows, columns, delivery.source.tool)


def _told(problems: list[Problem], language: str) -> list[str]:
    """A line per topic with all its places, then what to do with the file."""
    found = lines(problems)
    topics: dict[tuple[str, str], list[str]] = {}
    for line in found:
        topics.setdefault((line.severity, line.key), []).append(_place(line, language))
    said = []
    for (severity, key), places in topics.items():
        words, where = wording()[key], "; ".join(each for each in places if each)
        parts = (words[f"wrong_{language}"], f"({where})" if where else "",
                 words[f"asked_{language}"])
        said.append(f"{framed(severity, language)}: {' '.join(part for part in parts if part)}")
    errors = sum(severity == "error" for severity, _ in topics)
    last = "mend" if errors else "look" if found else "fine"
    return [*said, _word(last, language, errors), _word("safe", language)]


def _place(line: Line, language: str) -> str:
    """Row and column of a line, in words."""
    places = [
        *([_word("in", language, line.column)] if line.column else []),
        *([_word("place", language, line.places(language))] if line.rows else []),
    ]
    return ", ".join(places)


def _word(key: str, language: str, *values: object) -> str:
    return SAID[key][0 if language == "nl" else 1].format(*values)
