"""GraphQL: the kit (declared reads, connections, errors, limits) and the schema that is assembled from the features."""
