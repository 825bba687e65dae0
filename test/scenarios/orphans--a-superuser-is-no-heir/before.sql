CREATE ROLE boss SUPERUSER NOLOGIN;
CREATE ROLE app_owner CREATEROLE NOLOGIN;
GRANT boss TO app_owner;
GRANT pg_read_all_data TO app_owner;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
