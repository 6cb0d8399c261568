"""Letters about orders: drafted, composed, sealed, sent; by a person, a script, or a change of the order."""
