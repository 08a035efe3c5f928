-- Five columns of every line of those scorecards.
select scorecard_id, title_en, reading_value, raw_points, weight, weighted_points
from score_line where tenant_id = $1 and scorecard_id = any($2)
order by scorecard_id, position
