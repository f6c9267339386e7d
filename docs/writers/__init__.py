"""What writes the pages of reference: one module a page."""
