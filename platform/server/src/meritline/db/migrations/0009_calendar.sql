-- When a company works, and how its months run; what was computed names the calendar that it was computed with.
alter table tenant_profile add column calendar text check (calendar is json object);

-- Until now "fiscal" could hold anything, and nothing read it.
update tenant_profile set fiscal = null where fiscal is not null;

-- Null in rows that are older than this: they were computed by calendar months.
alter table run_scheme add column calendar_hash text collate "C";
