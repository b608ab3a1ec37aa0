"""Finished files: which kinds may leave, and what stands in every part of each."""

from lostudy.disclosure.files.parts import ALLOWED, Part, parts_of
from lostudy.disclosure.files.scan import scan, scan_files
from lostudy.disclosure.files.sought import Sought

__all__ = ["ALLOWED", "Part", "Sought", "parts_of", "scan", "scan_files"]
