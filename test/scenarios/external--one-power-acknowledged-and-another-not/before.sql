-- Harmless to look at, but it reaches further through another role.
CREATE ROLE operators NOLOGIN CREATEROLE;
CREATE ROLE reporting NOLOGIN;
GRANT operators, pg_execute_server_program TO reporting;
