-- Procedures that set the tenant as app.tenant does and hold something. A CALL gives no rows, so it can go in front of the
-- statement that reads what is held, which then sees what was committed while it was waited for.

-- The company, as whoever brings records holds it.
create procedure app.hold_company(t uuid) language plpgsql as $$ begin
  call app.tenant(t);
  perform from tenant_profile where tenant_id = t for share;
end $$;

-- A cycle that stands in one of these states (apart by commas): the company
-- (imports hold that row to their commit), the cycle, the run that counts, in this order. Fails where it stands in none of
-- them, without having waited for anybody.
-- Whoever asks for that does few and short things, whose indexes are known: to plan them for their values takes as long
-- as to do them.
create procedure app.hold_cycle(t uuid, c uuid, states text) language plpgsql as $$ declare counts uuid; begin
  call app.tenant(t);
  set local plan_cache_mode to force_generic_plan;
  perform from tenant_profile where tenant_id = t and exists (
    select from cycle where tenant_id = t and id = c and state = any(string_to_array(states, ','))) for update;
  if not found then raise exception 'the cycle is not %', states using errcode = '55000'; end if;
  select run_id into counts from cycle where tenant_id = t and id = c for update;
  perform from run where tenant_id = t and id = counts for update;
end $$;
