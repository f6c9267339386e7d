"""Drawing of charts: the frame, style, axes, labels and shading that all kinds share."""
