"""The verbs of a notebook: each cell one call, one protected table or figure."""
