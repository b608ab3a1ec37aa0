"""The interviews of every organisation in its coding tool's format, and the register of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from lostudy.simulate.coding import CODERS, Coding, codings
from lostudy.simulate.conversations import Conversation, conversations
from lostudy.simulate.crosswalks import write_code_crosswalk, write_coders
from lostudy.simulate.forms import Occasion
from lostudy.simulate.writers import handmade, maxqda, refi, taguette
from lostudy.simulate.writers.fixed import write_csv

TOOLS: tuple[ModuleType, ...] = (refi, maxqda, taguette, handmade)
REGISTER = (
    "document", "conversation", "date", "role_band", "minutes", "consent", "questions_asked",
    "withdrawn",
)


@dataclass(frozen=True)
class Interviews:
    """The conversations of one organisation, what was coded in them, and the file they stand in."""

    occasion: Occasion
    tool: ModuleType
    held: list[Conversation]
    coded: list[Coding]


def interviews(occasion: Occasion) -> Interviews:
    """What was said and coded at this occasion; nothing where the codebook is another study's."""
    held = conversations(occasion.study, occasion.rank, occasion.seed)
    coded = codings(occasion.study, held, occasion.rank, occasion.seed)
    return Interviews(occasion, TOOLS[occasion.rank % len(TOOLS)], held, coded)


def write_interviews(target: Path, found: Interviews) -> dict[str, Any]:
    """Write the coding tool's file and the register; what is true of them."""
    occasion = found.occasion
    folder = target / occasion.organisation / occasion.wave.id
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"interviews{found.tool.SUFFIX}"
    written_as = found.tool.write(path, occasion, found.held, found.coded)
    write_csv(folder / "conversations.csv", [REGISTER, *map(_register_row, found.held)])
    return _true(found, f"{occasion.organisation}/{occasion.wave.id}/{path.name}", written_as)


def write_codebook(codebook: Path, found: list[Interviews]) -> None:
    """The crosswalks of code names, and coders.csv for all organisations together."""
    coders: dict[str, tuple[str, str]] = {name: (name, "") for name in CODERS}
    for each in found:
        occasion = each.occasion
        name = f"{occasion.organisation}-{occasion.wave.id}"
        write_code_crosswalk(codebook / "crosswalk", name, each.tool.code_names(occasion.study))
        coders |= each.tool.coder_names()
    write_coders(codebook / "coders.csv", coders)


def _register_row(conversation: Conversation) -> tuple[str, ...]:
    return (
        conversation.document, conversation.id, conversation.date.isoformat(), conversation.role,
        str(conversation.minutes), "yes" if conversation.consent else "no",
        ";".join(conversation.asked), "no",
    )


def _true(found: Interviews, file: str, written_as: dict[int, str]) -> dict[str, Any]:
    mentions: dict[str, dict[str, str]] = {}
    for conversation in found.held:
        for said in conversation.said:
            for code in said.passage.codes:
                mentions.setdefault(code, {})[conversation.id] = said.passage.valence
    names: dict[str, int] = {}
    for name in written_as.values():
        names[name] = names.get(name, 0) + 1
    return {
        "file": file,
        "conversations": len(found.held),
        "roles": {conversation.id: conversation.role for conversation in found.held},
        "no_consent": [each.id for each in found.held if not each.consent],
        "questions_asked": {each.id: list(each.asked) for each in found.held},
        "codings": {coder: sum(each.coder == coder for each in found.coded) for coder in CODERS},
        "both_coders": sorted({
            found.held[each.conversation].id for each in found.coded if each.coder == CODERS[1]}),
        "written_as": names,
        "code_conversations": {code: mentions[code] for code in sorted(mentions)},
    }
