-- Schemes that are being written: a document with its open blanks and mistakes, and what was wrong when it was kept.
create table scheme_draft (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  key text collate "C" not null check (length(key) between 1 and 100),
  document text not null check (document is json object),
  problems text not null default '[]' check (problems is json array),
  version int not null default 1 check (version > 0),
  saved_at timestamptz not null default now(),
  saved_by text not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
call app.protect('scheme_draft');
