"""The signed policy: what is wrong with it, and what holds for an organisation's own report."""

from __future__ import annotations

import datetime as dt
import hashlib

from lostudy.errors import Problem
from lostudy.study import Disclosure


def check_policy(policy: Disclosure) -> list[Problem]:
    """What is wrong with a policy: nothing is shown under one that nobody signed."""
    if not isinstance(policy, Disclosure):
        return [Problem("there is no disclosure policy", "give that of study.toml")]
    problems = []
    if not policy.signed_by.strip() or policy.signed_on is None:
        cure = "fill in signed_by and signed_on in study.toml"
        problems.append(Problem("the disclosure policy is not signed", cure))
    elif policy.signed_on > dt.date.today():
        what = "the disclosure policy is signed on a day that is still to come"
        problems.append(Problem(what, "correct signed_on in study.toml"))
    if policy.own_threshold > policy.threshold:
        cure = "make own_threshold at most threshold in study.toml"
        problems.append(Problem("the disclosure policy contradicts itself", cure))
    return problems


def own_policy(policy: Disclosure, responded: int, invited: int | None) -> Disclosure:
    """The policy for an organisation's own report: its own threshold where enough responded.

    `responded`: distinct persons who answered; `invited`: how many were asked. Where that is not
    known, or fewer than `own_response` of them answered, the threshold for publication holds.

    >>> policy = Disclosure(threshold=10, own_threshold=5, own_response=0.4)
    >>> own_policy(policy, 20, 50).threshold, own_policy(policy, 19, 50).threshold
    (5, 10)
    """
    enough = bool(invited) and responded >= policy.own_response * int(invited or 0)
    return policy.model_copy(update={"threshold": policy.own_threshold}) if enough else policy


def policy_hash(policy: Disclosure) -> str:
    """A digest of the policy: it stands in every release."""
    return hashlib.sha256(policy.model_dump_json().encode()).hexdigest()[:16]
