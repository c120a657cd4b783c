"""What implements the ports: embedded for one machine, distributed by configuration."""
