CREATE ROLE hoopdev_analytics_old_7a6860f3 SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS LOGIN;
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE colleague LOGIN PASSWORD 'known to the people';
GRANT hoopdev_analytics_old_7a6860f3 TO colleague;
CREATE DATABASE analytics;
