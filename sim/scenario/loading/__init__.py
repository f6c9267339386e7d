"""From files and changes to a Scenario: layers, checks between parts, and all problems at once."""
