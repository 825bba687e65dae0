-- It owns a tablespace, which belongs to no database, and nothing else.
SET allow_in_place_tablespaces = on;
CREATE ROLE app_owner NOLOGIN;
CREATE ROLE reader NOLOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE TABLESPACE fast LOCATION '';
GRANT CREATE ON TABLESPACE fast TO reader;
ALTER TABLESPACE fast OWNER TO hoopdev_analytics_old_7a6860f3;
CREATE DATABASE analytics;
