-- The two roles of the product and their database; repeated at every start, changes nothing then.
-- The owner migrates and must see all rows to back-fill them; the application owns nothing and is held by every policy.
SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY['meritline_owner', 'meritline_app']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec
ALTER ROLE meritline_owner LOGIN BYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
ALTER ROLE meritline_app LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';
SELECT 'REVOKE meritline_owner FROM meritline_app' WHERE pg_has_role('meritline_app', 'meritline_owner', 'MEMBER')
\gexec
SELECT 'CREATE DATABASE meritline OWNER meritline_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'meritline')
\gexec
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
