"""What leaves: Word documents, pages and the catalogue, tables in each form, trail and deposit.

Its modules are imported by name, so that checking a document does not load what draws pages.
"""
