-- One appraisal of a company for a period, and what came out of it as typed columns.
create table cycle (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  period text collate "C" not null check (period ~ '^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$'),
  period_kind text not null check (period_kind in ('month', 'quarter', 'year')),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  state text not null default 'open' check (state in ('open', 'running', 'computed', 'published')),
  run_id uuid,
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  unique (tenant_id, period),
  check (state in ('open', 'running') or run_id is not null)
);
call app.protect('cycle');

create table run (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  cycle_id uuid not null,
  number int not null check (number > 0),
  job_id uuid not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'complete', 'partial', 'failed')),
  as_of timestamptz not null,
  known_at timestamptz not null,
  engine text not null,
  input_digest text collate "C",
  result_digest text collate "C",
  subjects int not null default 0 check (subjects >= 0),
  error text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, cycle_id, number),
  foreign key (tenant_id, cycle_id) references cycle (tenant_id, id),
  foreign key (tenant_id, job_id) references job (tenant_id, id)
);
-- A cycle is locked while it runs.
create unique index run_one_at_a_time on run (tenant_id, cycle_id) where state in ('queued', 'running');
call app.protect('run');

alter table cycle add foreign key (tenant_id, run_id) references run (tenant_id, id);

create table run_scheme (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  scheme_key text collate "C" not null,
  scheme_version_id uuid not null,
  scheme_hash text collate "C" not null,
  reward_table_version_id uuid,
  reward_hash text collate "C",
  definitions text not null check (definitions is json object),
  primary key (tenant_id, id),
  unique (tenant_id, run_id, scheme_key),
  check ((reward_table_version_id is null) = (reward_hash is null)),
  foreign key (tenant_id, run_id) references run (tenant_id, id),
  foreign key (tenant_id, scheme_version_id) references scheme_version (tenant_id, id),
  foreign key (tenant_id, reward_table_version_id) references reward_table_version (tenant_id, id)
);
call app.protect('run_scheme');

create table scorecard (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  cycle_id uuid not null,
  period text collate "C" not null,
  scheme_key text collate "C" not null,
  scheme_version_id uuid not null,
  subject_kind text collate "C" not null check (subject_kind in ('employee', 'department', 'company')),
  subject_id uuid not null,
  subject_code text collate "C" not null,
  subject_name text not null,
  department_id uuid,
  department_code text collate "C",
  score numeric(14, 4) check (score between -1e9 and 1e9),
  exact_score text collate "C",
  grade text collate "C",
  grade_title_en text,
  grade_title_zh text,
  rank int check (rank > 0),
  ranked boolean not null,
  ranked_among int check (ranked_among >= 0),
  state text not null check (state in ('complete', 'incomplete', 'not_measured')),
  passed boolean,
  digest text collate "C" not null,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, scheme_key, subject_kind, subject_id),
  check (ranked = (rank is not null)),
  check (state <> 'not_measured' or score is null),
  foreign key (tenant_id, run_id) references run (tenant_id, id),
  foreign key (tenant_id, cycle_id) references cycle (tenant_id, id),
  foreign key (tenant_id, scheme_version_id) references scheme_version (tenant_id, id),
  foreign key (tenant_id, department_id) references department (tenant_id, id)
);
create index scorecard_by_rank on scorecard (tenant_id, run_id, scheme_key, rank);
create index scorecard_by_subject on scorecard (tenant_id, subject_kind, subject_id, period);
call app.protect('scorecard');

create table score_line (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  scorecard_id uuid not null,
  position int not null check (position >= 0),
  kind text not null check (kind in ('item', 'event')),
  key text collate "C" not null,
  indicator_key text collate "C", -- null for a composite item, whose parts stand in steps
  definition_hash text collate "C",
  dimension text,
  title_en text not null,
  title_zh text not null,
  unit text collate "C" not null,
  direction text not null check (direction in ('higher', 'lower', 'neither')),
  target numeric check (target between -1e18 and 1e18),
  target_text text,
  reading_state text not null
    check (reading_state in ('measured', 'not_measured', 'sample_too_small', 'failed', 'waived')),
  reading_value numeric check (reading_value between -1e18 and 1e18),
  reading_exact text collate "C",
  numerator text collate "C",
  denominator text collate "C",
  sample_size int check (sample_size >= 0),
  raw_points numeric check (raw_points between -1e18 and 1e18),
  raw_points_exact text collate "C",
  weight numeric check (weight between 0 and 1e9),
  effective_weight_exact text collate "C",
  weighted_points numeric check (weighted_points between -1e18 and 1e18),
  weighted_points_exact text collate "C",
  policy text collate "C",
  steps text not null,
  primary key (tenant_id, id),
  unique (tenant_id, scorecard_id, position),
  -- Not measured is not zero, and not any other number.
  check (reading_value is null or reading_state not in ('not_measured', 'failed')),
  foreign key (tenant_id, scorecard_id) references scorecard (tenant_id, id)
);
call app.protect('score_line');

-- By cycle, not by run: a second run of a cycle replaces its rewards and never adds to them.
create table reward_line (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  cycle_id uuid not null,
  run_id uuid not null,
  scorecard_id uuid not null,
  scheme_key text collate "C" not null,
  subject_kind text collate "C" not null check (subject_kind in ('employee', 'department', 'company')),
  subject_id uuid not null,
  subject_code text collate "C" not null,
  rule_key text collate "C" not null,
  kind text collate "C" not null,
  title_en text not null,
  title_zh text not null,
  amount numeric(20, 2) check (amount > -1e15 and amount < 1e15),
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  steps text not null,
  digest text collate "C" not null,
  primary key (tenant_id, id),
  unique (tenant_id, cycle_id, scheme_key, subject_kind, subject_id, rule_key),
  foreign key (tenant_id, cycle_id) references cycle (tenant_id, id),
  foreign key (tenant_id, run_id) references run (tenant_id, id),
  foreign key (tenant_id, scorecard_id) references scorecard (tenant_id, id)
);
create index reward_line_by_scorecard on reward_line (tenant_id, scorecard_id);
create index reward_line_by_subject on reward_line (tenant_id, subject_kind, subject_id);
call app.protect('reward_line');

-- A number that a person gives. The same rater in the same role has one voice, and no rater (a customer) one too.
create table rating (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  period text collate "C" not null check (period ~ '^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$'),
  scheme_key text collate "C" not null,
  indicator_key text collate "C" not null,
  subject_kind text collate "C" not null check (subject_kind in ('employee', 'department', 'company')),
  subject_id uuid not null,
  rater_id uuid,
  rater_role text collate "C" not null,
  value numeric not null check (value between -1e9 and 1e9),
  scale_min numeric not null check (scale_min between -1e9 and 1e9),
  scale_max numeric not null check (scale_max between -1e9 and 1e9),
  comment text,
  submitted_by text not null,
  submitted_at timestamptz not null,
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  constraint rating_once unique nulls not distinct
    (tenant_id, period, scheme_key, indicator_key, subject_kind, subject_id, rater_role, rater_id),
  check (scale_min < scale_max and value between scale_min and scale_max),
  foreign key (tenant_id, rater_id) references employee (tenant_id, id)
);
call app.protect('rating');
