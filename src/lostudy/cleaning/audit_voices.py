"""Segments and conversations made again from coded interviews, register and log (rule C24)."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from lostudy.deliveries import InterviewDelivery

SEGMENT = ["segment", "interview", "start", "end", "text", "code", "coder", "attributes",
           "offset_status"]
INTERVIEW = ["interview", "organisation", "wave", "role_band", "words", "minutes", "consent",
             "questions_asked", "coders"]
YES = ("yes", "ja", "1", "true")


def replay_conversations(
    voices: pd.DataFrame,
    log: pd.DataFrame,
    raw: Mapping[str, object],
    registers: Mapping[str, Path],
) -> dict[str, pd.DataFrame]:
    """The tables `interviews` and `segments`."""
    segments: list[dict] = []
    interviews: list[dict] = []
    places = zip(*(voices[name].astype("str") for name in ("file", "organisation", "wave")),
                 strict=True)
    for file, organisation, wave in places:
        delivery = raw[file]
        assert isinstance(delivery, InterviewDelivery)
        records = log[log["delivery"] == file].to_dict("records")
        mine = _segments(delivery, records)
        segments += mine
        place = {"organisation": organisation, "wave": wave}
        interviews += _interviews(delivery, records, registers[file], mine, place)
    return {
        "interviews": pd.DataFrame(interviews, columns=INTERVIEW),
        "segments": pd.DataFrame(segments, columns=SEGMENT),
    }


def _said(records: list[dict], column: str) -> dict[str, str]:
    """Name as the tool wrote it → what it became, by the lines of one column."""
    return {
        each["source"]: each["to"] for each in records
        if each["table"] == "segments" and each["column"] == column and each["source"]
    }


def _segments(delivery: InterviewDelivery, records: list[dict]) -> list[dict]:
    interviews, codes = _said(records, "interview"), _said(records, "code")
    coders = _said(records, "coder")
    rows: list[dict] = []
    marks: dict[tuple, dict[str, str]] = {}
    for each in delivery.segments.to_dict("records"):
        code = codes.get(str(each["code"]), "")
        coder = each["coder"] if isinstance(each["coder"], str) else ""
        row = {**each, "interview": interviews.get(str(each["document"]), ""), "code": code,
               "coder": coders.get(coder, "")}
        if not code or not row["interview"]:
            continue
        if "=" in code:
            name, value = code.split("=", 1)
            marks.setdefault(_passage(row), {})[name] = value
        else:
            rows.append(row)
    for row in rows:
        row["notes"] = {**_memo(row["memo"]), **row["attributes"], **marks.get(_passage(row), {})}
    kept = _numbered(_merged(rows, records, _texts(delivery, interviews)))
    withdrawn = _withdrawn(records)
    return [row for row in kept if row["interview"] not in withdrawn]


def _passage(row: dict) -> tuple:
    return (row["interview"], _plain(row["start"]), _plain(row["end"]), _plain(row["text"]),
            row["coder"])


def _plain(value: object) -> object:
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def _memo(memo: object) -> dict[str, str]:
    """The lines of a memo that say "name: value" or "name = value"."""
    found = {}
    for line in str(memo).splitlines() if isinstance(memo, str) else []:
        cuts = [place for place in (line.find(":"), line.find("=")) if place >= 0]
        name = line[: min(cuts)].strip() if cuts else ""
        if name.isidentifier():
            found[name.lower()] = line[min(cuts) + 1 :].strip()
    return found


def _texts(delivery: InterviewDelivery, interviews: Mapping[str, str]) -> dict[str, str]:
    listed = zip(delivery.documents["document"], delivery.documents["text"], strict=True)
    return {interviews[key]: text for key, text in listed
            if key in interviews and isinstance(text, str)}


def _merged(rows: list[dict], records: list[dict], texts: Mapping[str, str]) -> list[dict]:
    """The rows without those that the log says went up in another; that one grew to its place."""
    gone: dict[tuple, int] = {}
    for each in records:
        if each["change"] == "merged":
            gone[each["key"], each["to"]] = gone.get((each["key"], each["to"]), 0) + 1
    if not gone:
        return rows
    groups: dict[tuple, list[dict]] = {}
    for row in rows:
        groups.setdefault((row["interview"], row["code"], row["coder"]), []).append(row)
    return [row for group in groups.values() for row in _joined(group, gone, texts)]


def _joined(group: list[dict], gone: dict[tuple, int], texts: Mapping[str, str]) -> list[dict]:
    group = sorted(group, key=lambda row: (
        pd.isna(row["start"]), 0 if pd.isna(row["start"]) else row["start"],
        0 if pd.isna(row["end"]) else row["end"], str(row["text"]), _written(row["notes"]),
    ))
    kept: list[dict] = []
    for row in group:
        grown = _grown(kept[-1], row, texts) if kept else None
        place = (str(row["row"]), _place(grown))
        if grown is not None and gone.get(place):
            gone[place] -= 1
            kept[-1] = grown
        else:
            kept.append(row)
    return kept


def _place(row: dict | None) -> str:
    return "" if row is None or pd.isna(row["start"]) else f"{row['start']}-{row['end']}"


def _grown(before: dict, row: dict, texts: Mapping[str, str]) -> dict | None:
    """The first row from its start to the last end of both; None where they lie apart."""
    notes = {**row["notes"], **before["notes"]}
    if pd.isna(before["start"]) or pd.isna(row["start"]):
        alike = pd.isna(before["start"]) and pd.isna(row["start"])
        return {**before, "notes": notes} if alike and before["text"] == row["text"] else None
    if row["start"] >= before["end"] and (row["start"], row["end"]) != (
        before["start"], before["end"]
    ):
        return None
    end = max(before["end"], row["end"])
    longest = max(str(before["text"]), str(row["text"]), key=len)
    text = before["text"] if end == before["end"] else longest
    if before["interview"] in texts:
        text = texts[before["interview"]][before["start"] : end]
    both = before["offset_status"] == row["offset_status"] == "exact"
    status = "exact" if both else before["offset_status"]
    return {**before, "end": end, "text": text, "notes": notes, "offset_status": status}


def _numbered(rows: list[dict]) -> list[dict]:
    """Numbers within each conversation, in the order of the text."""
    frame = pd.DataFrame(rows, columns=["interview", "start", "end", "text", "code", "coder",
                                        "notes", "offset_status"])
    frame = frame.sort_values(["interview", "start", "end", "text", "code", "coder"])
    counts: dict[str, int] = {}
    found = []
    for row in frame.to_dict("records"):
        counts[row["interview"]] = counts.get(row["interview"], 0) + 1
        number = counts[row["interview"]]
        found.append({**row, "segment": f"{row['interview']}-s{number:03d}",
                      "attributes": _written(row["notes"])})
    return found


def _written(notes: dict) -> str:
    return json.dumps(notes, ensure_ascii=False, sort_keys=True)


def _withdrawn(records: list[dict]) -> set[str]:
    return {each["key"] for each in records
            if each["table"] == "interviews" and each["change"] == "left out"}


def _interviews(
    delivery: InterviewDelivery,
    records: list[dict],
    register: Path,
    segments: list[dict],
    place: dict[str, str],
) -> list[dict]:
    """A row per registered conversation that was delivered and not withdrawn."""
    names = _said(records, "interview")
    texts = _texts(delivery, names)
    withdrawn = _withdrawn(records)
    found: list[dict] = []
    for row in _register(register):
        interview = row["conversation"]
        if interview in withdrawn or any(each["interview"] == interview for each in found):
            continue
        coders = {each["coder"] for each in segments if each["interview"] == interview} - {""}
        minutes = row.get("minutes", "")
        found.append({
            **place, "interview": interview, "role_band": row["role_band"],
            "words": len(texts[interview].split()) if interview in texts else None,
            "minutes": int(minutes) if minutes else None,
            "consent": row["consent"].lower() in YES,
            "questions_asked": ";".join(
                row["questions_asked"].lower().replace(";", " ").split()),
            "coders": ";".join(sorted(coders)),
        })
    return found


def _register(path: Path) -> list[dict[str, str]]:
    """The register as a table; a spreadsheet may have saved it with semicolons or tabs."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    rows = csv.DictReader(text.splitlines(keepends=True), delimiter=separator)
    filled = [row for row in rows if any((cell or "").strip() for cell in row.values())]
    return [{str(name).strip(): (cell or "").strip() for name, cell in row.items()}
            for row in filled]
