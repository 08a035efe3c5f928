-- Every version of a scheme or reward table keeps, for each indicator of a set that it reads, the definition it was
-- saved with: an upgrade of a plugin changes nothing under it. Insert-only by privilege, as the versions are.
create table scheme_version_definition (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  scheme_version_id uuid not null,
  indicator_key text collate "C" not null,
  definition_hash text collate "C" not null,
  set_key text collate "C" not null,
  plugin text,
  plugin_version text,
  primary key (tenant_id, id),
  unique (tenant_id, scheme_version_id, indicator_key),
  foreign key (tenant_id, scheme_version_id) references scheme_version (tenant_id, id),
  foreign key (tenant_id, definition_hash) references definition (tenant_id, hash)
);
call app.protect('scheme_version_definition');

create table reward_table_version_definition (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  reward_table_version_id uuid not null,
  indicator_key text collate "C" not null,
  definition_hash text collate "C" not null,
  set_key text collate "C" not null,
  plugin text,
  plugin_version text,
  primary key (tenant_id, id),
  unique (tenant_id, reward_table_version_id, indicator_key),
  foreign key (tenant_id, reward_table_version_id) references reward_table_version (tenant_id, id),
  foreign key (tenant_id, definition_hash) references definition (tenant_id, hash)
);
call app.protect('reward_table_version_definition');

-- The hash of all of them: of a line "key hash" for each, in the order of the keys.
alter table scheme_version add column snapshot_hash text collate "C";
alter table reward_table_version add column snapshot_hash text collate "C";

-- What brought the present definition; and whether the company set the minimum sample, or the definition proposed it.
alter table indicator add column plugin text;
alter table indicator add column plugin_version text;
alter table indicator add column sample_chosen boolean not null default false;

-- A set that the company removed stays as a row; what it used and which records it declared, to tell what changes.
alter table enabled_set add column removed_at timestamptz;
alter table enabled_set add column uses text not null default '[]' check (uses is json array);
alter table enabled_set add column records_hash text collate "C";
alter table enabled_set add constraint enabled_set_records_fkey
  foreign key (tenant_id, records_hash) references definition (tenant_id, hash);

-- From this day on a scheme decides no more: it came with a set that was removed, and nobody had taken it up.
alter table scheme add column ends_on date;

update indicator set plugin = enabled.plugin, plugin_version = enabled.plugin_version from enabled_set enabled
  where enabled.tenant_id = indicator.tenant_id and enabled.set_key = indicator.set_key;
update indicator set sample_chosen = true from definition body
  where body.tenant_id = indicator.tenant_id and body.hash = indicator.definition_hash
    and indicator.minimum_sample <> coalesce((body.body::json ->> case indicator.kind when 'measured'
      then 'minimum_sample' else 'minimum_raters' end)::int, 1);

-- What stood before reads by what the company has now, as it did until now. A key is a text of its own in a definition;
-- what is rated may read the ratings of another indicator, by default of the same set.
insert into scheme_version_definition
  (tenant_id, scheme_version_id, indicator_key, definition_hash, set_key, plugin, plugin_version)
with named as (
  select version.tenant_id, version.id, one.key from scheme_version version
  join definition body on body.tenant_id = version.tenant_id and body.hash = version.definition_hash
  join indicator one on one.tenant_id = version.tenant_id and one.set_key is not null
    and position('"' || one.key || '"' in body.body) > 0
), sources as (
  select named.tenant_id, named.id, source.key from named
  join indicator one on one.tenant_id = named.tenant_id and one.key = named.key and one.kind = 'rated'
  join definition body on body.tenant_id = one.tenant_id and body.hash = one.definition_hash
  join indicator source on source.tenant_id = one.tenant_id and source.set_key is not null and source.key in (
    body.body::json ->> 'of', one.set_key || '.' || (body.body::json ->> 'of'))
)
select every.tenant_id, every.id, one.key, one.definition_hash, one.set_key, one.plugin, one.plugin_version
from (select * from named union select * from sources) every
join indicator one on one.tenant_id = every.tenant_id and one.key = every.key;

insert into reward_table_version_definition
  (tenant_id, reward_table_version_id, indicator_key, definition_hash, set_key, plugin, plugin_version)
with named as (
  select version.tenant_id, version.id, one.key from reward_table_version version
  join definition body on body.tenant_id = version.tenant_id and body.hash = version.definition_hash
  join indicator one on one.tenant_id = version.tenant_id and one.set_key is not null
    and position('"' || one.key || '"' in body.body) > 0
), sources as (
  select named.tenant_id, named.id, source.key from named
  join indicator one on one.tenant_id = named.tenant_id and one.key = named.key and one.kind = 'rated'
  join definition body on body.tenant_id = one.tenant_id and body.hash = one.definition_hash
  join indicator source on source.tenant_id = one.tenant_id and source.set_key is not null and source.key in (
    body.body::json ->> 'of', one.set_key || '.' || (body.body::json ->> 'of'))
)
select every.tenant_id, every.id, one.key, one.definition_hash, one.set_key, one.plugin, one.plugin_version
from (select * from named union select * from sources) every
join indicator one on one.tenant_id = every.tenant_id and one.key = every.key;

update scheme_version set snapshot_hash = encode(sha256(convert_to(coalesce((
  select string_agg(pin.indicator_key || ' ' || pin.definition_hash, chr(10) order by pin.indicator_key)
  from scheme_version_definition pin
  where pin.tenant_id = scheme_version.tenant_id and pin.scheme_version_id = scheme_version.id), ''), 'UTF8')), 'hex');
update reward_table_version set snapshot_hash = encode(sha256(convert_to(coalesce((
  select string_agg(pin.indicator_key || ' ' || pin.definition_hash, chr(10) order by pin.indicator_key)
  from reward_table_version_definition pin where pin.tenant_id = reward_table_version.tenant_id
    and pin.reward_table_version_id = reward_table_version.id), ''), 'UTF8')), 'hex');
-- By default the hash of no line at all.
alter table scheme_version alter column snapshot_hash set not null, alter column snapshot_hash
  set default 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
alter table reward_table_version alter column snapshot_hash set not null, alter column snapshot_hash
  set default 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
