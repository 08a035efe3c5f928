-- Whose voice it is where that is no employee: the customer's number, the sampled record, the other department.
alter table rating add column reference text collate "C" check (length(reference) between 1 and 100);
alter table rating drop constraint rating_once;
alter table rating add constraint rating_once unique nulls not distinct
  (tenant_id, period, scheme_key, indicator_key, subject_kind, subject_id, rater_role, rater_id, reference);

-- The secret that seals the rows of a company's rating sheets, so that none can be turned into another.
create table rating_seal (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  secret bytea not null check (length(secret) = 32),
  primary key (tenant_id, id),
  unique (tenant_id)
);
call app.protect('rating_seal');
