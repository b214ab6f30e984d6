"""Ratios measured within one run: `make bench`."""
