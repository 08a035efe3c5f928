"""E-commerce service: what a shop measures about its after-sales agents."""
