"""HTTP: the application, authentication, GraphQL, records in, health, metrics, pages."""
