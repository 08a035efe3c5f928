-- How records came in. The record tables themselves are made from the record types of the plugins (records/ddl.py).
create table import_batch (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  source text collate "C" not null,
  record_type text collate "C" not null,
  file_name text,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  accepted int not null default 0 check (accepted >= 0),
  unchanged int not null default 0 check (unchanged >= 0),
  updated int not null default 0 check (updated >= 0),
  rejected int not null default 0 check (rejected >= 0),
  unresolved int not null default 0 check (unresolved >= 0),
  folded int not null default 0 check (folded >= 0),
  lines int not null default 0 check (lines >= 0),
  rows_total int check (rows_total >= 0),
  request_key text collate "C",
  content_digest text collate "C",
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  error text,
  primary key (tenant_id, id)
);
create index import_batch_newest on import_batch (tenant_id, source, started_at);
call app.protect('import_batch');

create table import_reject (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  import_id uuid not null,
  line int not null check (line >= 0),
  external_id text collate "C",
  raw text not null,
  reasons text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, import_id) references import_batch (tenant_id, id)
);
create index import_reject_line on import_reject (tenant_id, import_id, line);
call app.protect('import_reject');

-- That a source delivered for a period is a fact of its own: a count of nothing is 0 only where it did.
create table coverage (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  source text collate "C" not null,
  record_type text collate "C" not null,
  period_from date not null,
  period_to date not null check (period_to > period_from),
  import_id uuid not null,
  primary key (tenant_id, id),
  unique (tenant_id, source, record_type, period_from, period_to),
  foreign key (tenant_id, import_id) references import_batch (tenant_id, id)
);
call app.protect('coverage');

-- Whose numbers of which day are out of date; the nil uuid stands for records of nobody yet.
create table touched (
  tenant_id uuid not null,
  record_type text collate "C" not null,
  subject_id uuid not null,
  day date not null,
  touched_at timestamptz not null,
  primary key (tenant_id, record_type, subject_id, day)
);
call app.protect('touched');
