"""The people who sign in, staff and readers alike, and the staff's roles.

Must not know what they do once they are in.
"""
