"""How the cost of a frame grows, and how far each layer is from the machine's limit."""
