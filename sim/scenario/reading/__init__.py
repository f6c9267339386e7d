"""YAML to plain data: strict where YAML surprises people, with the position of every part for messages."""
