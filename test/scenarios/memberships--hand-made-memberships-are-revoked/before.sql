CREATE ROLE writers NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT writers, pg_monitor TO hoopdev_analytics_ro_6075a443;
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
CREATE TABLE events (id int);
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON events TO hoopdev_analytics_ro_6075a443;
GRANT INSERT ON events TO writers;
