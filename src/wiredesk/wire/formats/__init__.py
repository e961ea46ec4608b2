"""Readers of wire formats: bytes in, ``WireItem`` out, nothing else.

Pure: no Django, no clock, no network, no file. ``detect.py`` finds the format by
looking at the bytes; each format has one tolerant reader.
"""
