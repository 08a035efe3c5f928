-- A company: its profile, departments, positions, people, the codes that the outside knows them by, its sources.
create table tenant_profile (
  tenant_id uuid primary key references tenant (id),
  name text not null check (name <> ''),
  time_zone text not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  languages text[] collate "C" not null check (cardinality(languages) > 0),
  country text collate "C" not null check (country ~ '^[A-Z]{2}$'),
  fiscal text check (fiscal is json object),
  version int not null default 1 check (version > 0),
  updated_at timestamptz not null default now(),
  origin text not null check (origin in ('manifest', 'api'))
);
call app.protect('tenant_profile');

create table department (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  code text collate "C" not null check (code <> ''),
  name text not null,
  parent_id uuid check (parent_id <> id),
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  unique (tenant_id, code),
  foreign key (tenant_id, parent_id) references department (tenant_id, id)
);
call app.protect('department');

create table position (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  code text collate "C" not null check (code <> ''),
  name_en text not null,
  name_zh text not null,
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  unique (tenant_id, code)
);
call app.protect('position');

create table employee (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  number text collate "C" not null check (number <> ''),
  name text not null,
  performance_pay numeric(20, 2) check (performance_pay >= 0 and performance_pay < 1e15),
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  unique (tenant_id, number)
);
call app.protect('employee');

-- Where an employee worked, as what, for whom and when: half open, never two at once.
create table employment (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  employee_id uuid not null,
  department_id uuid,
  position_id uuid,
  manager_id uuid check (manager_id <> employee_id),
  status text not null default 'regular' check (status in ('regular', 'probation')),
  valid_from date not null,
  valid_to date check (valid_to > valid_from),
  primary key (tenant_id, id),
  unique (tenant_id, employee_id, valid_from),
  foreign key (tenant_id, employee_id) references employee (tenant_id, id),
  foreign key (tenant_id, department_id) references department (tenant_id, id),
  foreign key (tenant_id, position_id) references position (tenant_id, id),
  foreign key (tenant_id, manager_id) references employee (tenant_id, id),
  constraint employment_once exclude using gist
    (tenant_id with =, employee_id with =, daterange(valid_from, valid_to) with &&)
);
call app.protect('employment');

-- Which outside code is whom, and when: null from and to mean always. One code is one subject at a moment.
create table external_code (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  code_space text collate "C" not null check (code_space <> ''),
  code text collate "C" not null check (code <> ''),
  employee_id uuid,
  department_id uuid,
  valid_from timestamptz,
  valid_to timestamptz,
  primary key (tenant_id, id),
  check (num_nonnulls(employee_id, department_id) = 1),
  check (valid_from < valid_to),
  foreign key (tenant_id, employee_id) references employee (tenant_id, id),
  foreign key (tenant_id, department_id) references department (tenant_id, id),
  constraint external_code_once exclude using gist
    (tenant_id with =, code_space with =, code with =, tstzrange(valid_from, valid_to) with &&)
);
create index external_code_lookup on external_code (tenant_id, code_space, code);
call app.protect('external_code');

create table source (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  key text collate "C" not null check (key <> ''),
  record_type text collate "C" not null,
  body text not null check (body is json object),
  strict boolean not null default false,
  version int not null default 1 check (version > 0),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
call app.protect('source');
