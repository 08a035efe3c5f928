-- All cards of a run name one run and one cycle, and all of a scheme one version of it; each of them was asked for once
-- for every card, which took a third of the time of writing it, and for every reward line again. What they name cannot go
-- all the same: the run's row for the scheme (run_scheme) refers to its run and to the version, the run to its cycle, and
-- those keys are enforced. The run counts once that its cards stand with that row. A reward line is written only where
-- its card is, and nobody but the owner removes a card. The relations stay declared; a card's department is still asked for.
alter table scorecard alter constraint scorecard_tenant_id_run_id_fkey not enforced;
alter table scorecard alter constraint scorecard_tenant_id_cycle_id_fkey not enforced;
alter table scorecard alter constraint scorecard_tenant_id_scheme_version_id_fkey not enforced;
alter table reward_line alter constraint reward_line_tenant_id_run_id_fkey not enforced;
alter table reward_line alter constraint reward_line_tenant_id_cycle_id_fkey not enforced;
alter table reward_line alter constraint reward_line_tenant_id_scorecard_id_fkey not enforced;
