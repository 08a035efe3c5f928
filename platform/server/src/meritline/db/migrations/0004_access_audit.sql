-- Who may come in, what was done, and which request was already answered.
create table api_key (
  tenant_id uuid not null references tenant (id),
  id uuid not null default uuidv7(),
  role text collate "C" not null check (role <> ''),
  employee_id uuid,
  label text not null,
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz check (expires_at > created_at),
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, employee_id) references employee (tenant_id, id),
  -- The platform's keys are operators' and no company's key is one, whatever the program above believes.
  check ((role = 'operator') = (tenant_id = '00000000-0000-0000-0000-000000000000'))
);
call app.protect('api_key');

-- Each entry carries the hash of the one before; the head is the row that serialises writers of one tenant.
create table audit_entry (
  tenant_id uuid not null,
  seq bigint not null check (seq > 0),
  at timestamptz not null,
  actor text not null,
  action text collate "C" not null,
  subject text not null,
  body text not null check (body is json),
  previous_hash text collate "C" not null,
  hash text collate "C" not null,
  primary key (tenant_id, seq)
);
call app.protect('audit_entry');

create table audit_head (
  tenant_id uuid primary key,
  seq bigint not null check (seq >= 0),
  hash text collate "C" not null
);
call app.protect('audit_head');

create table request_key (
  tenant_id uuid not null,
  key text collate "C" not null check (key <> ''),
  request_digest text collate "C" not null,
  response text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key)
);
call app.protect('request_key');
