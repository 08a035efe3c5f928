-- Work that outlives a request. The row is the truth; the queue carries (tenant, job) and may lose it.
create table job (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  kind text collate "C" not null,
  payload text not null default '{}' check (payload is json),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt int not null default 0 check (attempt >= 0),
  lease_until timestamptz,
  progress_done int not null default 0 check (progress_done >= 0),
  progress_total int not null default 0 check (progress_total >= 0),
  progress_note text not null default '',
  result text check (result is json),
  error text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (tenant_id, id)
);
create index job_open on job (tenant_id, created_at) where state in ('queued', 'running');
call app.protect('job');

-- Global, ids alone: how the sweeper finds a job that the queue lost without knowing its tenant.
create table job_ref (
  job_id uuid primary key,
  tenant_id uuid not null references tenant (id),
  due_at timestamptz not null,
  done boolean not null default false
);
create index job_ref_due on job_ref (due_at) where not done;
