"""Assembles Wiredesk: settings, urls, server, the command line.

The only part that may know all others; nothing imports it.
"""
