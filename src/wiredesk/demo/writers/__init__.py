"""One writer a format: a dispatch and its agency in, the bytes of a wire file out."""
