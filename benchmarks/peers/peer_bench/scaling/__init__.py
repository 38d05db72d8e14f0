"""What a frame costs as everything grows, and how far each layer is from the machine's limit."""
