"""Reading of YAML into plain data: strict where YAML surprises people, with source positions for messages."""
