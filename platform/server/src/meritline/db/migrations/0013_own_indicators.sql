-- A company's own indicators: the cases that were worked out by hand and came out when it was saved, and whether it was
-- put away since. A version keeps the cases it was saved with.
alter table indicator add column golden text not null default '[]' check (golden is json array);
alter table indicator add column retired boolean not null default false;
alter table indicator_version add column golden text not null default '[]' check (golden is json array);

-- What is best within limits is neither higher nor lower.
alter table indicator drop constraint indicator_direction_check;
alter table indicator add constraint indicator_direction_check
  check (direction in ('higher', 'lower', 'neither', 'range'));
alter table score_line drop constraint score_line_direction_check;
alter table score_line add constraint score_line_direction_check
  check (direction in ('higher', 'lower', 'neither', 'range'));
