-- A locked cycle keeps its results for ever: quarters and years are made of locked months.
alter table cycle drop constraint cycle_state_check;
alter table cycle add constraint cycle_state_check
  check (state in ('open', 'running', 'computed', 'locked', 'published'));

-- An employee's days under the scheme, of those of the period; null for departments, the company and older cards.
alter table scorecard add column days_employed int check (days_employed >= 0);
alter table scorecard add column period_days int check (period_days > 0);
alter table scorecard add constraint scorecard_days_check
  check ((days_employed is null) = (period_days is null) and days_employed <= period_days);
-- The days themselves where the employee has others in the period too: only the records of these days counted.
alter table scorecard add column spans text check (spans is json array);
