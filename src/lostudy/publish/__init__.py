"""What people open: a page per question and organisation, and the catalogue of all of them."""

from lostudy.publish.catalogue import write_catalogue
from lostudy.publish.page import write_page

__all__ = ["write_catalogue", "write_page"]
