"""What all kinds of charts share: frame, style, axes, labels that find room, shading."""
