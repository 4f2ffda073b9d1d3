"""A desk to design the pages at; see README.md."""
