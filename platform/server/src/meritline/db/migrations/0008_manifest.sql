-- What the last 'tenant apply' left of each thing, so that a later one can tell its own work from somebody else's.
create table manifest_object (
  tenant_id uuid not null,
  kind text collate "C" not null,
  key text collate "C" not null,
  digest text collate "C" not null,
  applied_at timestamptz not null default now(),
  primary key (tenant_id, kind, key)
);
call app.protect('manifest_object');
