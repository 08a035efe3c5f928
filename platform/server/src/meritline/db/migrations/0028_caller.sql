-- Sets the tenant as app.tenant does, and fails unless the key that asks is one of the tenant's and not revoked: so a key
-- that a process has looked up before is proven in the trip of what it reads, and needs none of its own before that.
-- Row level security holds here as everywhere: of another tenant's keys there are none.
create procedure app.caller(t uuid, k uuid, secret bytea) language plpgsql as $$ begin
  call app.tenant(t);
  if not exists (select from api_key where tenant_id = t and id = k and secret_hash = secret and revoked_at is null) then
    raise exception 'the key is refused' using errcode = '28P01';
  end if;
end $$;
