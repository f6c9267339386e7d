"""What a visitor sees: components, layout, charts and sentences, kept in step with the answer."""
