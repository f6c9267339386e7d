"""Model of a scenario as data: frozen schema, kinds of parameters, and every parameter under its path."""
