-- The first scorecards of a scheme, best first, of the run that the cycle points to.
select s.id, s.subject_kind, s.subject_code, s.subject_name, s.score, s.rank, s.state, s.grade, s.grade_title_en
from scorecard s join cycle c on c.tenant_id = s.tenant_id and c.run_id = s.run_id
where s.tenant_id = $1 and c.period = $2 and s.scheme_key = $3
order by s.rank nulls last, s.subject_code
limit $4
