"""Who is connected at this moment, and news to them."""
