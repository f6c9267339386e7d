"""What a visitor has set, as values that never change: settings, history, address, controls."""
