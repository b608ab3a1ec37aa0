"""Texts of people: what points at somebody is found by rule and by list, and a person looks on."""

from lostudy.disclosure.text.marks import Mark
from lostudy.disclosure.text.names import private_names
from lostudy.disclosure.text.scrub import Scrubbed, scrub

__all__ = ["Mark", "Scrubbed", "private_names", "scrub"]
