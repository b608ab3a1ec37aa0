"""Records of each kind for the tests of this room."""

from __future__ import annotations

from lostudy.findings import Finding

FACTS = {"question": "lq2", "organisation": "A", "unit": "schaalpunten, 1–5", "method": "mean",
         "notebook": "20-lq2/all"}  # fmt: skip


def interval(**change: object) -> dict:
    facts = {"value": 3.45, "low": 3.1, "high": 3.8, "n": 45, "text_nl": "3,45", "text_en": "3.45",
             "decimals": 2, "label_nl": "Verankering, A", "label_en": "Embedding, A"}  # fmt: skip
    return Finding(id="lq2.VA.A", kind="interval", **{**FACTS, **facts, **change}).as_dict()  # type: ignore[arg-type]


def words(kind: str, text: str = "Een zin.", **change: object) -> dict:
    facts = {"value": None, "low": None, "high": None, "n": None, "text_nl": text, "text_en": text}
    return Finding(id=f"lq2.{kind}", kind=kind, **{**FACTS, **facts, **change}).as_dict()  # type: ignore[arg-type]
