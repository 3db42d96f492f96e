"""What people touch: commands, server, pages."""
