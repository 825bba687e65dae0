CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
CREATE SCHEMA own AUTHORIZATION hoopdev_analytics_ro_6075a443;
CREATE TABLE own.things (id serial);
ALTER TABLE own.things OWNER TO hoopdev_analytics_ro_6075a443;
