"""What an export is taken for, and why: a module for each kind, and one that decides among them."""
