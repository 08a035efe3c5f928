-- One scorecard's score by its key.
select score::text from scorecard where tenant_id = $1 and id = $2
