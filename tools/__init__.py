"""What developers run to make what the product ships."""
