"""Measurements, each with a table for people and a last line of JSON: ``make bench NAME=webhook``."""
