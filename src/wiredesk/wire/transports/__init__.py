"""How bytes come in. A transport brings them and understands nothing of them."""
