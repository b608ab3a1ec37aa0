"""Taguette: a SQLite project; positions in UTF-8 bytes, coders only in the log of commands.

Taguette has no memos, so the coders put what works and what does not in tags of their own.
"""

from __future__ import annotations

import html
import json
import sqlite3
from itertools import groupby
from pathlib import Path

from lostudy.simulate.coding import CODERS, Coding
from lostudy.simulate.conversations import Conversation
from lostudy.simulate.forms import Occasion
from lostudy.simulate.passages import VALENCES
from lostudy.study import Study

SUFFIX = ".sqlite3"
DEFECTS: tuple[str, ...] = ("byte_offsets", "coder_alias", "code_outside_codebook")
CREATED = "2026-03-02 09:00:00.000000"
LOGINS = {CODERS[0]: "codeur1", CODERS[1]: "codeur2"}
LEVELS = ("1", "2", "3")
SCHEMA = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
CREATE TABLE users (login VARCHAR(30) NOT NULL PRIMARY KEY, created DATETIME NOT NULL,
  hashed_password VARCHAR(120), password_set_date DATETIME, language VARCHAR(10),
  email VARCHAR(256), email_sent DATETIME);
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(200) NOT NULL,
  description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE project_members (project_id INTEGER NOT NULL, user_login VARCHAR(30) NOT NULL,
  privileges VARCHAR(11) NOT NULL, PRIMARY KEY (project_id, user_login));
CREATE TABLE documents (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(200) NOT NULL,
  description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL,
  project_id INTEGER NOT NULL, text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL);
CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY, project_id INTEGER NOT NULL,
  path VARCHAR(200) NOT NULL, description TEXT NOT NULL);
CREATE TABLE highlights (id INTEGER NOT NULL PRIMARY KEY, document_id INTEGER NOT NULL,
  start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
  PRIMARY KEY (highlight_id, tag_id));
CREATE TABLE commands (id INTEGER NOT NULL PRIMARY KEY, date DATETIME NOT NULL,
  user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER,
  payload TEXT NOT NULL);
"""


def code_names(study: Study) -> dict[str, tuple[str, str]]:
    """Tags that are no codes but attributes -> (attribute=value, note)."""
    note = "kenmerk van het fragment, geen code"
    return {tag: (tag.replace(": ", "="), note) for tag in _attribute_tags()}


def coder_names() -> dict[str, tuple[str, str]]:
    """Logins -> (coder, note)."""
    return {login: (coder, "inlognaam") for coder, login in LOGINS.items()}


def byte_position(text: str, position: int) -> int:
    """A position in code points as Taguette counts it: UTF-8 bytes of the text content.

    >>> byte_position("één", 2)
    4
    """
    return len(text[:position].encode("utf-8"))


def write(
    path: Path, occasion: Occasion, held: list[Conversation], coded: list[Coding]
) -> dict[int, str]:
    """The project; which login stands beside each coding."""
    path.unlink(missing_ok=True)
    store = sqlite3.connect(path)
    store.executescript(SCHEMA)
    codes = [code.id for code in occasion.study.codes.values() if code.assignable]
    tags = [*codes, *_attribute_tags()]
    _fill_project(store, occasion, held, tags)
    _fill_highlights(store, held, coded, {tag: number for number, tag in enumerate(tags, 1)})
    store.commit()
    store.execute("VACUUM")
    store.close()
    return {coding.number: LOGINS[coding.coder] for coding in coded}


def _attribute_tags() -> list[str]:
    levels = [f"slag: {level}" for level in LEVELS]
    return [f"werking: {valence}" for valence in VALENCES] + levels


def _fill_project(
    store: sqlite3.Connection, occasion: Occasion, held: list[Conversation], tags: list[str]
) -> None:
    codes = occasion.study.codes
    store.execute("INSERT INTO alembic_version VALUES ('09c662cd9483')")
    store.execute("INSERT INTO projects VALUES (1, ?, ?, ?)",
                  (occasion.name, "Gesimuleerde gesprekken; niemand heeft dit gezegd.", CREATED))
    for login in LOGINS.values():
        store.execute(
            "INSERT INTO users VALUES (?, ?, NULL, NULL, 'nl', NULL, NULL)", (login, CREATED))
        store.execute("INSERT INTO project_members VALUES (1, ?, 'ADMIN')", (login,))
    for number, conversation in enumerate(held, 1):
        store.execute(
            "INSERT INTO documents VALUES (?, ?, 'gesimuleerd', ?, ?, 1, 'LEFT_TO_RIGHT', ?)",
            (number, conversation.document, f"{conversation.document}.txt", CREATED,
             _as_html(conversation.text)))
    for number, tag in enumerate(tags, 1):
        about = codes[tag].label.nl if tag in codes else "kenmerk"
        store.execute("INSERT INTO tags VALUES (?, 1, ?, ?)", (number, tag, about))


def _as_html(text: str) -> str:
    """A paragraph per turn; the line ends between them are part of the text content."""
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n"))


def _fill_highlights(
    store: sqlite3.Connection, held: list[Conversation], coded: list[Coding], tags: dict[str, int]
) -> None:
    """One highlight per passage and coder, with its codes and attributes as tags."""
    def place(coding: Coding) -> tuple[int, int, int, str]:
        return coding.conversation, coding.start, coding.end, coding.coder

    for number, (key, group) in enumerate(groupby(sorted(coded, key=place), place), 1):
        codings = list(group)
        text = held[key[0]].text
        start, end = byte_position(text, key[1]), byte_position(text, key[2])
        named = [coding.code for coding in codings] + [f"werking: {codings[0].valence}"]
        named += [f"slag: {coding.slag}" for coding in codings if coding.slag]
        numbers = [tags[tag] for tag in dict.fromkeys(named)]
        store.execute("INSERT INTO highlights VALUES (?, ?, ?, ?, ?)",
                      (number, key[0] + 1, start, end, _as_html(text[key[1]:key[2]])))
        store.executemany("INSERT INTO highlight_tags VALUES (?, ?)",
                          [(number, tag) for tag in sorted(numbers)])
        payload = {"type": "highlight_add", "highlight_id": number, "start_offset": start,
                   "end_offset": end, "tags": sorted(numbers)}
        store.execute("INSERT INTO commands VALUES (?, ?, ?, 1, ?, ?)",
                      (number, CREATED, LOGINS[key[3]], key[0] + 1, json.dumps(payload)))
