"""Bytes of a browser's line: ICE-lite, DTLS, SRTP, RTP and RTCP. Each protocol is a pure module of its own."""
