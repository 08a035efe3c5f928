-- Where a line stands in its reward table: people read their pay in the order in which the company wrote it.
alter table reward_line add column position int not null default 0 check (position >= 0);

-- A dimension has its title in both languages, as everything that is read has.
alter table score_line add column dimension_zh text;

-- What one person gets for one cycle, over all schemes: nothing of its own, so it always says what the lines say.
create view pay_statement with (security_invoker = true) as
select line.tenant_id, line.cycle_id, line.subject_id, line.currency, cycle.period, line.subject_kind,
  min(line.subject_code) as subject_code, min(card.subject_name) as subject_name,
  coalesce(sum(line.amount), 0.00) as total,
  count(*) filter (where line.amount is null and line.act is null)::int as unmeasured
from reward_line line
join cycle on cycle.tenant_id = line.tenant_id and cycle.id = line.cycle_id
join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id
where line.subject_kind = 'employee'
group by line.tenant_id, line.cycle_id, line.subject_id, line.currency, cycle.period, line.subject_kind;
