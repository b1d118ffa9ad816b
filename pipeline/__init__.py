"""Grids to records to tables. Nothing in here knows a coordinate or a file format."""
