-- One card is asked for by the number of its employee or the code of its department: without this, every card of the
-- scheme was looked at for it.
create index scorecard_by_code on scorecard (tenant_id, run_id, scheme_key, subject_code);
