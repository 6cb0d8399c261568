"""Lives at random: orders and documents live through whatever may happen to them, beside a small model."""
