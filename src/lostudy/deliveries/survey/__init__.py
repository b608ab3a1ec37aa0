"""Survey files, one module per tool."""
