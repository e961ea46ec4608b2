"""Sitemaps: every page that search engines may keep, and the news of two days.

Answers for naming no story that is kept from them, and none that isn't public.
"""
