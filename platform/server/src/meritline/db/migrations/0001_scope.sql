-- How a session learns its tenant, and what every tenant table gets. Later files and the record tables use both.
create schema app;

-- CALL it after BEGIN. EXECUTE, since a distributed Postgres forwards SET LOCAL but not set_config; the argument's type
-- validates the value; SET LOCAL cannot outlive the transaction.
create procedure app.tenant(t uuid) language plpgsql as $$ begin
  if t is null then raise exception 'tenant required' using errcode = '28000'; end if;
  execute format('SET LOCAL app.tenant_id = %L', t);
end $$;

-- Row level security in the one form that a prover sees through: inline, the same for reading and writing.
-- Without a tenant there are no rows ('' on a used session even raises), and nothing can be written.
create procedure app.protect(relation regclass) language plpgsql as $$ begin
  execute format('alter table %s enable row level security', relation);
  execute format('alter table %s force row level security', relation);
  execute format(
    'create policy tenant on %s using (tenant_id = current_setting(''app.tenant_id'', true)::uuid) '
    'with check (tenant_id = current_setting(''app.tenant_id'', true)::uuid)', relation);
end $$;

-- Exclusion constraints over (tenant_id, ..., range) need equality of uuid and text in GiST.
create extension if not exists btree_gist;

-- Global: who exists, and nothing about them. Every other fact about a company is a tenant row.
create table tenant (
  id uuid primary key default uuidv7(),
  key text collate "C" not null unique check (key <> ''),
  created_at timestamptz not null default now()
);

-- The operator of the platform is a tenant of its own without people, records or schemes.
insert into tenant (id, key) values ('00000000-0000-0000-0000-000000000000', 'platform');
