-- What the planner believes of tables that were never analyzed: that a tenant may own all of their rows.
-- Left alone it takes any tenant_id for one in two hundred. In a small table every index that begins with tenant_id then
-- looks as good as the primary key, and the check of a foreign key, planned at a session's first row, reads all rows of
-- the tenant for each row that the first large run writes. The first ANALYZE replaces this by what it counts.
select pg_restore_attribute_stats('schemaname', 'public', 'relname', c.relname::text, 'attname', 'tenant_id',
  'inherited', false, 'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real)
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and not exists (select from pg_stats s
                  where s.schemaname = 'public' and s.tablename = c.relname and s.attname = 'tenant_id');
