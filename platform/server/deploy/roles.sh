#!/bin/sh
# Makes the two roles and the database, once: when the database container starts on an empty volume. The passwords come
# from the environment, since a command line could be read by others.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password MERITLINE_OWNER_PASSWORD
\getenv app_password MERITLINE_APP_PASSWORD
create role meritline_owner login bypassrls password :'owner_password';
create role meritline_app login password :'app_password';
create database meritline owner meritline_owner encoding 'UTF8' template template0
  locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
revoke all on database meritline from public;
grant connect, temporary on database meritline to meritline_app;
SQL
