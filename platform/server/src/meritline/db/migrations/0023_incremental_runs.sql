-- Asking for its card once for every one of sixty thousand score lines took as long as writing them. The run counts once
-- that each line it wrote has a card of its own, and nobody but the owner removes a card; the relation stays declared.
alter table score_line alter constraint score_line_tenant_id_scorecard_id_fkey not enforced;

-- Whether computed cycles are refreshed when somebody asks, or after every import.
alter table tenant_profile add column refresh text collate "C" not null default 'asked'
  check (refresh in ('asked', 'on_import'));

-- What a refresh rests on: the digest of a card apart from its place, that of the records it was read from, and for the
-- whole run that of everything else, the sums of both, what was delivered, and how far the audit chain had come.
alter table scorecard add column content_digest text collate "C";
alter table scorecard add column input_digest text collate "C";
alter table run add column frame_digest text collate "C";
alter table run add column tallied_sum bytea check (octet_length(tallied_sum) = 256);
alter table run add column result_sum bytea check (octet_length(result_sum) = 256);
alter table run add column delivered text check (delivered is json array);
alter table run add column audit_number bigint;

-- What corrected records changed in a run since it was written; insert-only, like the run's first result in the audit
-- chain. The run's own row has the digests and the moment of the last of them.
create table run_refresh (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  number int not null check (number > 0),
  job_id uuid,
  actor text not null,
  known_before timestamptz not null,
  known_at timestamptz not null check (known_at >= known_before),
  touched int not null check (touched >= 0),
  cards int not null check (cards >= 0),
  lines int not null check (lines >= 0),
  places int not null check (places >= 0),
  rewards int not null check (rewards >= 0),
  input_before text collate "C",
  input_digest text collate "C",
  result_before text collate "C",
  result_digest text collate "C",
  created_at timestamptz not null default transaction_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, run_id, number),
  foreign key (tenant_id, run_id) references run (tenant_id, id)
);
call app.protect('run_refresh');

-- Readings that a refresh changed, by the subject's place among the people of its scheme; the newest counts.
create table run_reading_change (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  scheme_key text collate "C" not null,
  place int not null check (place >= 0),
  readings text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, run_id) references run (tenant_id, id)
);
create index run_reading_change_of_run on run_reading_change (tenant_id, run_id, scheme_key);
call app.protect('run_reading_change');
