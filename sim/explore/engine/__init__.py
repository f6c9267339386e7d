"""Engine of the page: shared workers, the latest question first, figures that grow sharper."""
