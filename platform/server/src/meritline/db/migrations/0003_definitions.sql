-- What a company measures and rewards. A definition is addressed by its hash and never changes; a version is added,
-- never edited (insert-only by privilege, see grants.sql), so what a score names is what it was computed with.
create table enabled_set (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  set_key text collate "C" not null,
  plugin text not null,
  plugin_version text not null,
  content_hash text collate "C" not null,
  enabled_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, set_key)
);
call app.protect('enabled_set');

create table definition (
  tenant_id uuid not null,
  hash text collate "C" not null,
  kind text collate "C" not null,
  body text not null check (body is json),
  primary key (tenant_id, hash)
);
call app.protect('definition');

create table indicator (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  key text collate "C" not null,
  set_key text collate "C",
  title_en text not null,
  title_zh text not null,
  unit text collate "C" not null,
  direction text not null check (direction in ('higher', 'lower', 'neither')),
  kind text not null check (kind in ('measured', 'rated')),
  minimum_sample int not null check (minimum_sample >= 0),
  definition_hash text collate "C" not null,
  parameters text not null default '{}' check (parameters is json object),
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, definition_hash) references definition (tenant_id, hash)
);
call app.protect('indicator');

create table indicator_version (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  indicator_id uuid not null,
  version int not null check (version > 0),
  definition_hash text collate "C" not null,
  parameters text not null default '{}' check (parameters is json object),
  minimum_sample int not null check (minimum_sample >= 0),
  created_at timestamptz not null default now(),
  created_by text not null,
  primary key (tenant_id, id),
  unique (tenant_id, indicator_id, version),
  foreign key (tenant_id, indicator_id) references indicator (tenant_id, id),
  foreign key (tenant_id, definition_hash) references definition (tenant_id, hash)
);
call app.protect('indicator_version');

create table scheme (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  key text collate "C" not null,
  title_en text not null,
  title_zh text not null,
  subject_kind text collate "C" not null check (subject_kind in ('employee', 'department', 'company')),
  period_kind text not null check (period_kind in ('month', 'quarter', 'year')),
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
call app.protect('scheme');

create table scheme_version (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  scheme_id uuid not null,
  version int not null check (version > 0),
  valid_from date not null,
  definition_hash text collate "C" not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  primary key (tenant_id, id),
  unique (tenant_id, scheme_id, version),
  foreign key (tenant_id, scheme_id) references scheme (tenant_id, id),
  foreign key (tenant_id, definition_hash) references definition (tenant_id, hash)
);
call app.protect('scheme_version');

create table scheme_item (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  scheme_version_id uuid not null,
  position int not null check (position >= 0),
  kind text not null check (kind in ('item', 'event')),
  key text collate "C" not null,
  indicator_key text collate "C", -- null for a composite item, whose parts stand in rule
  dimension text,
  weight numeric check (weight between 0 and 1e9),
  target numeric check (target between -1e18 and 1e18),
  target_unit text collate "C",
  rule text not null check (rule is json),
  primary key (tenant_id, id),
  unique (tenant_id, scheme_version_id, position),
  unique (tenant_id, scheme_version_id, key),
  foreign key (tenant_id, scheme_version_id) references scheme_version (tenant_id, id)
);
call app.protect('scheme_item');

create table reward_table (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  key text collate "C" not null,
  scheme_key text collate "C" not null,
  title_en text not null,
  title_zh text not null,
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, scheme_key) references scheme (tenant_id, key)
);
call app.protect('reward_table');

create table reward_table_version (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  reward_table_id uuid not null,
  version int not null check (version > 0),
  valid_from date not null,
  definition_hash text collate "C" not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  primary key (tenant_id, id),
  unique (tenant_id, reward_table_id, version),
  foreign key (tenant_id, reward_table_id) references reward_table (tenant_id, id),
  foreign key (tenant_id, definition_hash) references definition (tenant_id, hash)
);
call app.protect('reward_table_version');
