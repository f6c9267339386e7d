"""Serving the page: address and port, which requests are let in, when pages are closed."""
