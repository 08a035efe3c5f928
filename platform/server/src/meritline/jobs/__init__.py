"""Jobs: work that outlives a request. Postgres holds the truth; arq and Valkey only carry (tenant, job) to a worker."""
