-- What people enter by hand: ready-made figures for what no system counts, and readings set aside with a reason.
create table entered_figure (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  period text collate "C" not null check (period ~ '^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$'),
  indicator_key text collate "C" not null check (indicator_key <> ''),
  subject_kind text collate "C" not null check (subject_kind in ('employee', 'department', 'company')),
  subject_id uuid not null,
  subject_code text collate "C" not null,
  kind text collate "C" not null check (kind in ('ratio', 'value', 'waiver')),
  numerator numeric check (numerator between -1e15 and 1e15),
  denominator numeric check (denominator > 0 and denominator <= 1e15),
  value numeric check (value between -1e15 and 1e15),
  sample int check (sample >= 0),
  source text check (source <> ''),
  note text check (note <> ''), -- of a waiver: its reason
  withdrawn boolean not null default false,
  entered_by text not null check (entered_by <> ''), -- as the audit chain calls them
  entered_name text not null check (entered_name <> ''), -- as people do
  entered_at timestamptz not null,
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  -- One for a subject, an indicator and a period: a figure or a waiver, never both.
  constraint entered_figure_once unique (tenant_id, period, indicator_key, subject_kind, subject_id),
  check ((kind = 'ratio') = (numerator is not null) and (kind = 'ratio') = (denominator is not null)),
  check ((kind = 'value') = (value is not null)),
  check ((kind = 'waiver') = (source is null)),
  check (kind <> 'waiver' or (note is not null and sample is null))
);
call app.protect('entered_figure');

-- Every version as it was entered, the present one too.
create table entered_figure_history (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  figure_id uuid not null,
  version int not null check (version > 0),
  kind text collate "C" not null check (kind in ('ratio', 'value', 'waiver')),
  numerator numeric check (numerator between -1e15 and 1e15),
  denominator numeric check (denominator > 0 and denominator <= 1e15),
  value numeric check (value between -1e15 and 1e15),
  sample int check (sample >= 0),
  source text,
  note text,
  withdrawn boolean not null,
  entered_by text not null,
  entered_name text not null,
  entered_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, figure_id, version),
  foreign key (tenant_id, figure_id) references entered_figure (tenant_id, id)
);
call app.protect('entered_figure_history');

-- Why there is no value (a word, or the words of who waived it), and who entered a reading by hand, as JSON.
alter table score_line add column reading_reason text;
alter table score_line add column entered text check (entered is json object);
