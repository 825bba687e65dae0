CREATE ROLE app_owner NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE TABLE events (id int);
ALTER TABLE events OWNER TO app_owner;
GRANT SELECT, DELETE ON events TO hoopdev_analytics_ro_6075a443 WITH GRANT OPTION;
SET ROLE hoopdev_analytics_ro_6075a443;
GRANT DELETE ON events TO app_owner;
RESET ROLE;
