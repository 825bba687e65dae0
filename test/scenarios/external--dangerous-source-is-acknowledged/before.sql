CREATE ROLE reporting NOLOGIN;
GRANT pg_read_server_files TO reporting;
