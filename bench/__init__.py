"""Measurements, and what they are compared with. Not part of the site."""
