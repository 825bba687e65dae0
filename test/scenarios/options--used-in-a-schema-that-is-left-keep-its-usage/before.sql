CREATE ROLE colleague LOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE SCHEMA used;
CREATE SCHEMA unused;
CREATE TABLE used.events (id int);
CREATE TABLE unused.events (id int);
GRANT USAGE ON SCHEMA used, unused TO hoopdev_analytics_ro_6075a443;
GRANT SELECT, DELETE ON used.events, unused.events TO hoopdev_analytics_ro_6075a443 WITH GRANT OPTION;
SET ROLE hoopdev_analytics_ro_6075a443;
GRANT DELETE ON used.events TO colleague;
RESET ROLE;
