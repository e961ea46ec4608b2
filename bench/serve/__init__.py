"""How fast stored pages are answered, beside nginx with the same bytes."""
