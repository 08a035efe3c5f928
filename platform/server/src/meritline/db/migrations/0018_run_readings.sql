-- Everything that a run read for a scheme, one row for each reading that it looks at: a text with a line for each
-- subject, in the order of their codes. What is tried later on the same readings need not read the records again.
create table run_reading (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  scheme_key text collate "C" not null,
  indicator_key text collate "C" not null,
  read_from text collate "C" not null check (read_from in ('own', 'department', 'company')),
  readings text not null,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, scheme_key, indicator_key, read_from),
  foreign key (tenant_id, run_id) references run (tenant_id, id)
);
call app.protect('run_reading');
