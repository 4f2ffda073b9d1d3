"""Personal data in what people type and say: where it stands, of which kind, and how it is shown masked.

One set of rules for screens, logs, transcripts, messages and exports. Pure: text in, passages out.
"""
