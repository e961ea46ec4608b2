"""Delivery's screens in Wagtail's admin: what went dark, and its certificates."""
