"""Packaged scenarios, studies and evidence that come with Parley: by name, and copied out."""
