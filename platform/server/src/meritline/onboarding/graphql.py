"""What GraphQL adds for whole companies: the mutations that touch several rooms at once."""

from meritline.graphql.kit import Module

MODULE = Module()
