-- What each release of a plugin said when it was first seen: the same version never says anything else. A working copy
-- may say something else any day, so it has a row for everything it said, and none of them binds. The application role
-- adds rows, and may once mark what was found not to be deterministic; nobody takes the mark away.
create table plugin_release (
  distribution text collate "C" not null check (distribution <> ''),
  plugin text collate "C" not null check (plugin <> ''),
  version text collate "C" not null check (version <> ''),
  working_copy boolean not null,
  content_hash text collate "C" not null check (content_hash ~ '^[0-9a-f]{64}$'),
  first_seen_at timestamptz not null default transaction_timestamp(),
  differs_since timestamptz,
  differs text check (differs <> ''),
  primary key (distribution, plugin, version, working_copy, content_hash),
  check ((differs_since is null) = (differs is null))
);
create unique index plugin_release_bound on plugin_release (distribution, plugin, version) where not working_copy;
alter table plugin_release enable row level security;
create policy seen on plugin_release for select using (true);
create policy first on plugin_release for insert with check (differs_since is null);
create policy differs on plugin_release for update using (differs_since is null) with check (differs_since is not null);
