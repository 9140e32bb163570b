"""The sample case: an invented council, its mailboxes, and the program that writes them."""
