"""Coded interviews, one module per tool."""
