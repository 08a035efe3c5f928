"""Call centre: what a service line measures about its agents and teams."""
