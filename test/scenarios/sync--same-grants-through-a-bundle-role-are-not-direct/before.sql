CREATE ROLE readers NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT readers TO hoopdev_analytics_ro_6075a443;
CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
GRANT SELECT ON events TO readers;
