CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443 WITH GRANT OPTION;
-- database: analytics
CREATE TABLE events (id int);
CREATE TABLE visits (id int);
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443 WITH GRANT OPTION;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON events TO hoopdev_analytics_ro_6075a443 WITH GRANT OPTION;
CREATE ROLE colleague;
