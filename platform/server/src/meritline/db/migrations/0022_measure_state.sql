-- What records come to, kept by the day and by the month so that a run need not look at every record again. All of it
-- is derived: it may be dropped at any time and is made again from the records. Nothing refers to the rows, and they
-- refer to nothing, since they are written by the hundred thousand.

-- Measures of one record type, credit and moment that are kept together, in the order of the cells; all hashes.
-- "digest" names the whole; the definition is enough to make the state again.
create table measure_state (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  digest text collate "C" not null,
  pass text collate "C" not null,
  record_type text collate "C" not null,
  measures text[] collate "C" not null check (cardinality(measures) > 0),
  definition text not null check (definition is json),
  zone text collate "C" not null,
  profile_version int not null,
  refused text,
  made_at timestamptz not null default transaction_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, digest)
);
call app.protect('measure_state');

-- The months that are complete, with the newest moment at which a record was recorded that is in them.
create table measure_state_span (
  tenant_id uuid not null,
  state_id uuid not null,
  month date not null,
  known_from timestamptz not null,
  primary key (tenant_id, state_id, month)
);
call app.protect('measure_state_span');

-- The subject is whom the records are credited to; the nil uuid stands for nobody, and for groups of people, which
-- "holding" then names. The cells of all measures stand in arrays: how many records, sums of those that add up, the
-- values of those that collect them: of a day one after the other, of a month a text for each measure, sorted, as
-- "1,2,30". No values where there are too many to be kept.
create table measure_state_day (
  tenant_id uuid not null,
  state_id uuid not null,
  day date not null,
  subject_id uuid not null,
  holding text collate "C" not null default '',
  counts bigint[] not null,
  sums numeric[] not null,
  vals bigint[],
  primary key (tenant_id, state_id, day, subject_id, holding)
) with (toast_tuple_target = 8160);
call app.protect('measure_state_day');

create table measure_state_month (
  tenant_id uuid not null,
  state_id uuid not null,
  month date not null,
  subject_id uuid not null,
  holding text collate "C" not null default '',
  counts bigint[] not null,
  sums numeric[] not null,
  vals text[],
  primary key (tenant_id, state_id, month, subject_id, holding)
) with (toast_tuple_target = 8160);
call app.protect('measure_state_month');

-- A mark is one row for a subject and a month, with a bit for each day (the first is 1): ingest writes few of them.
alter table touched rename to touched_by_day;
alter table touched_by_day rename constraint touched_pkey to touched_by_day_pkey;
create table touched (
  tenant_id uuid not null,
  record_type text collate "C" not null,
  subject_id uuid not null,
  month date not null check (extract(day from month) = 1),
  days int not null check (days > 0),
  touched_at timestamptz not null,
  primary key (tenant_id, record_type, subject_id, month)
);
call app.protect('touched');
insert into touched (tenant_id, record_type, subject_id, month, days, touched_at)
select tenant_id, record_type, subject_id, day - (extract(day from day)::int - 1),
  bit_or(1 << (extract(day from day)::int - 1)), max(touched_at)
from touched_by_day group by 1, 2, 3, 4;
drop table touched_by_day;

-- Marks that were taken into the state, with the moment of the newest change: what was known at an earlier moment is
-- then not asked of the state, and what has changed since a run is found here and among the marks.
create table touched_taken (
  tenant_id uuid not null,
  record_type text collate "C" not null,
  subject_id uuid not null,
  month date not null,
  days int not null,
  touched_at timestamptz not null,
  primary key (tenant_id, record_type, subject_id, month)
);
create index touched_taken_since on touched_taken (tenant_id, touched_at);
call app.protect('touched_taken');

-- Held by whoever changes the state of a tenant, from before the first look to the commit.
create table measure_state_lock (
  tenant_id uuid not null primary key
);
call app.protect('measure_state_lock');
