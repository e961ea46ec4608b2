"""Wiredesk: the publishing system of a local newsroom that carries wire copy.

The parts and who may import whom stand in ``docs/DESIGN.md``, section 1.
"""

__version__ = "0.1.0"
