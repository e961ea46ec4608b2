"""The running site: one supervisor, its web processes, its worker.

The supervisor prepares the data folder, opens the port once and watches its children;
it answers no request and takes no delivery itself.
"""
