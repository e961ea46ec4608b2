"""The wire as the desk sees it, in Wagtail's admin: screens only, no rule of its own.

Shows messages, deliveries that were set aside, and feeds; must not know what a story
is: what can be done with a message is registered by the parts above.
"""
