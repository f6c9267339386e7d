"""State of the page as values that never change: settings, history, address, controls."""
