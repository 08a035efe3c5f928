-- A run writes tens of thousands of rows at once, all of which refer to the same few, or to each other. The statement
-- that inserts them joins what they refer to; asking once for every row took as long as writing it. Nobody but the
-- owner can remove a run, a scheme of a run, a card or a department.
alter table scorecard drop constraint scorecard_tenant_id_run_id_fkey;
alter table scorecard drop constraint scorecard_tenant_id_cycle_id_fkey;
alter table scorecard drop constraint scorecard_tenant_id_scheme_version_id_fkey;
alter table scorecard drop constraint scorecard_tenant_id_department_id_fkey;
alter table score_line drop constraint score_line_tenant_id_scorecard_id_fkey;
alter table reward_line drop constraint reward_line_tenant_id_cycle_id_fkey;
alter table reward_line drop constraint reward_line_tenant_id_run_id_fkey;
alter table reward_line drop constraint reward_line_tenant_id_scorecard_id_fkey;
