"""One file per tool: a survey or coded interviews as that tool writes them, the same bytes each time."""
