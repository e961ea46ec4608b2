"""Measurements of the whole, each run as ``python -m bench.NAME``; not installed."""
