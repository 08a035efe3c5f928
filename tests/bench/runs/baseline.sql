-- The twelve indicators of declared.py for every employee, as somebody who knows SQL writes them by hand: one scan,
-- one aggregate. Quotients and means are rounded here as Postgres does; the benchmark compares to a millionth.
select resolved_by as employee,
  count(*) as closed,
  100.0 * count(*) filter (where within_sla) / nullif(count(within_sla), 0) as within_sla,
  100.0 * count(*) filter (where transfers = 0 and reopenings = 0)
    / nullif(count(*) filter (where transfers is not null and reopenings is not null), 0) as first_fix,
  100.0 * count(*) filter (where reopenings > 0) / nullif(count(reopenings), 0) as reopened,
  100.0 * count(*) filter (where outcome = 'resolved')
    / nullif(count(*) filter (where outcome in ('resolved', 'unresolved')), 0) as resolved,
  100.0 * count(*) filter (where escalated) / nullif(count(escalated), 0) as escalated,
  100.0 * count(*) filter (where wrong_fields = 0) / nullif(count(wrong_fields), 0) as accurate,
  extract(epoch from avg(resolved_at - created_at)) as resolution_mean,
  extract(epoch from percentile_disc(0.9) within group (order by resolved_at - created_at)) as resolution_p90,
  extract(epoch from avg(first_response_at - created_at)) as response_mean,
  extract(epoch from percentile_disc(0.5) within group (order by first_response_at - created_at)) as response_median,
  sum(transfers) as transfers
from record_ticket
where tenant_id = $1 and closed_at >= $2 and closed_at < $3 and resolved_by is not null
  and (status is null or status not in ('cancelled_by_customer', 'duplicate', 'spam', 'test'))
group by resolved_by
