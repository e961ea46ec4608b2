"""What an editor can do with a story from the wire's screens, in Wagtail's admin.

Buttons and the addresses behind them; what they do is done by ``stories.actions``.
"""
