"""`python -m lostudy.cli` is the command line."""

from lostudy.cli import main

main()
