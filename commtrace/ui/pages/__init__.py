"""One file a page; each reads its state from the address and draws through the door."""
