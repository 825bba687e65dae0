CREATE ROLE app_owner NOLOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE TABLE events (id int);
ALTER TABLE events OWNER TO hoopdev_analytics_old_7a6860f3;
GRANT SELECT ON events TO hoopdev_analytics_ro_6075a443;
ALTER DEFAULT PRIVILEGES FOR ROLE hoopdev_analytics_old_7a6860f3 IN SCHEMA public GRANT SELECT ON TABLES TO hoopdev_analytics_ro_6075a443;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT SELECT ON TABLES TO hoopdev_analytics_ro_6075a443;
