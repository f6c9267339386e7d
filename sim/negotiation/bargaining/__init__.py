"""Cooperative bargaining: the settlement space, the zone of agreement, and the Nash text for each loss function."""
