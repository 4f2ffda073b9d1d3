"""Labelled lines to measure the finding of personal data on."""
