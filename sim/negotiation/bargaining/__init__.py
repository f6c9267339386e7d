"""Cooperative bargaining: utilities of terms, the zone of agreement, and the text at the Nash point."""
