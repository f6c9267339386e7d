"""Conflict data beside the model: rates that were counted, and a track record of forecasts of crises that are over."""
