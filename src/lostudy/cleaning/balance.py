"""The books balance: every record and every cell of the deliveries is accounted for (rule C24)."""

from __future__ import annotations

import pandas as pd

from lostudy.errors import DataError, Problem
from lostudy.study import Study


def flow(responses: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Who was invited, delivered a record, was kept and was linked, per organisation and wave.

    Columns: organisation, wave, invited, records, one column per reason of exclusion, kept, linked.
    """
    keys = ["organisation", "wave"]
    grouped = responses.groupby(keys, sort=False)
    table = pd.DataFrame({"records": grouped.size()})
    left_out = responses[~responses["included"]].pivot_table(
        index=keys, columns="exclusion", values="row", aggfunc="count", fill_value=0
    )
    table = table.join(left_out).fillna(0).astype("int64")
    kept = responses[responses["included"]].groupby(keys)
    table["kept"], table["linked"] = kept.size(), kept["linked"].sum()
    table = table.fillna(0).astype("int64").reset_index()
    invited = {
        (each.id, wave): count
        for each in study.organisations
        for wave, count in each.invited.items()
    }
    table.insert(
        2,
        "invited",
        [invited.get(place) for place in zip(table["organisation"], table["wave"], strict=True)],
    )
    return table.astype({"invited": "Int64"})


def check_balance(study: Study, tables: dict[str, pd.DataFrame]) -> None:
    """Raise DataError unless records in = kept + left out, and cells = answers + reasons."""
    responses = tables["responses"]
    deliveries = tables["deliveries"]
    delivered = int(deliveries.loc[deliveries["kind"] == "survey", "rows"].sum())
    left_out = int((responses["exclusion"] != "").sum())
    kept = int(responses["included"].sum())
    answers = int(responses[list(study.items)].notna().sum().sum())
    cells = len(responses) * len(study.items)
    sums = {
        "records": (delivered, kept + left_out),
        "cells": (cells, answers + len(tables["missing"])),
    }
    problems = [
        Problem(
            f"{what}: {came} came in, {went} are accounted for",
            "this is a fault of lostudy: report it",
            "data/processed",
            rule="C24",
        )
        for what, (came, went) in sums.items()
        if came != went
    ]
    if problems:
        raise DataError(problems)
