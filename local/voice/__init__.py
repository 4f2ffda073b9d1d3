"""The laptop's voice: Kokoro-82M reads Chinese and English, in an environment and a process of its own.

``python -m local.voice`` speaks what it is given; ``local.voice.fixed`` lets it speak what the product always says;
the carrier reads the sounds (``local.carrier.voice``).
"""
