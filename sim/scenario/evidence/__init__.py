"""Evidence of a scenario: claims of the source, the verbal scale, and scenarios checked against both."""
