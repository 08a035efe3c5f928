-- The answer of queries/list.graphql as one JSON text: the page first, then its lines.
select json_build_object('data', json_build_object('scorecards', json_build_object('nodes',
  coalesce(json_agg(json_build_object(
    'score', trim_scale(s.score)::text, 'rank', s.rank, 'rankedAmong', s.ranked_among, 'state', upper(s.state),
    'passed', s.passed, 'departmentCode', s.department_code,
    'grade', case when s.grade is not null then json_build_object('key', s.grade, 'name', s.grade_title_en) end,
    'subject', json_build_object('kind', upper(s.subject_kind), 'code', s.subject_code, 'name', s.subject_name),
    'lines', lines.found
  ) order by s.rank nulls last, s.subject_code), '[]'::json))))::text
from (
  select * from scorecard
  where tenant_id = $1 and scheme_key = $3
    and run_id = (select run_id from cycle where tenant_id = $1 and period = $2)
  order by rank nulls last, subject_code limit $4
) s
cross join lateral (
  select json_agg(json_build_object(
    'indicator', json_build_object('title', l.title_en),
    'reading', json_build_object('value', trim_scale(l.reading_value)::text),
    'rawPoints', trim_scale(l.raw_points)::text, 'weight', trim_scale(l.weight)::text,
    'weightedPoints', trim_scale(l.weighted_points)::text
  ) order by l.position) as found
  from score_line l where l.tenant_id = $1 and l.scorecard_id = s.id
) lines
