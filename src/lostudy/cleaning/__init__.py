"""Raw deliveries → tidy tables with a reason for every change (docs/rules.md)."""

from lostudy.cleaning.audit import Proof
from lostudy.cleaning.audit_log import audit_study
from lostudy.cleaning.balance import flow
from lostudy.cleaning.inventory import Delivered, find_deliveries, look
from lostudy.cleaning.letters import write_letters
from lostudy.cleaning.pipeline import Cleaned, clean_organisation, clean_study
from lostudy.cleaning.tables import read_table
from lostudy.cleaning.told import everything

__all__ = [
    "Cleaned",
    "Delivered",
    "Proof",
    "audit_study",
    "clean_organisation",
    "clean_study",
    "everything",
    "find_deliveries",
    "flow",
    "look",
    "read_table",
    "write_letters",
]
