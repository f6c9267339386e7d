"""What is asked: a YAML file becomes a frozen, fully checked Scenario."""
