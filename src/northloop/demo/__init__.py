"""The whole loop on the sample company, with nobody at the keyboard."""
