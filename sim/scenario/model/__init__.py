"""The scenario as data: frozen models, what each parameter means, and each number under its path."""
