"""What programs ask, what other shops tell, and the pages on which both are set up."""
