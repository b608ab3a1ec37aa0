"""One module per tool: a survey or coded interviews as that tool writes them."""
