"""Pay statements: what one person gets for one period, over all schemes, with the reason of each amount."""
