-- What each release of a plugin said when it was first seen. The same version never says anything else, and what was
-- once found not to be deterministic stays so: the application role adds rows, and may set that one mark once.
create table plugin_release (
  distribution text collate "C" not null check (distribution <> ''),
  plugin text collate "C" not null check (plugin <> ''),
  version text collate "C" not null check (version <> ''),
  content_hash text collate "C" not null check (content_hash ~ '^[0-9a-f]{64}$'),
  first_seen_at timestamptz not null default transaction_timestamp(),
  differs_since timestamptz,
  differs text check (differs <> ''),
  primary key (distribution, plugin, version),
  check ((differs_since is null) = (differs is null))
);
alter table plugin_release enable row level security;
create policy seen on plugin_release for select using (true);
create policy first on plugin_release for insert with check (differs_since is null);
create policy differs on plugin_release for update using (differs_since is null) with check (differs_since is not null);
