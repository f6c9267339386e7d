"""Arguments of commands: what several commands share, and what their values mean."""
