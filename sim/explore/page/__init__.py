"""The page as a visitor sees it: components, layout, charts and sentences, kept in step with the answer."""
