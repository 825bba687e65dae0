CREATE ROLE "x
\! touch /tmp/owned
" LOGIN;
COMMENT ON ROLE "x
\! touch /tmp/owned
" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
