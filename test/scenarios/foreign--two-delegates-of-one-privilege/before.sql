CREATE ROLE lead LOGIN;
CREATE ROLE deputy LOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
CREATE TABLE events (id int);
GRANT USAGE ON SCHEMA public TO lead, deputy, hoopdev_analytics_ro_6075a443;
GRANT SELECT ON events TO hoopdev_analytics_ro_6075a443;
GRANT DELETE ON events TO lead WITH GRANT OPTION;
SET ROLE lead;
GRANT DELETE ON events TO deputy WITH GRANT OPTION;
GRANT DELETE ON events TO hoopdev_analytics_ro_6075a443;
SET ROLE deputy;
GRANT DELETE ON events TO hoopdev_analytics_ro_6075a443;
RESET ROLE;
