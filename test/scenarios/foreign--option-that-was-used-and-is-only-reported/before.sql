CREATE ROLE lead LOGIN;
CREATE ROLE colleague LOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN;
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
GRANT CREATE ON DATABASE analytics TO lead WITH GRANT OPTION;
SET ROLE lead;
GRANT CREATE ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
RESET ROLE;
-- database: analytics
CREATE TABLE events (id int);
GRANT USAGE ON SCHEMA public TO lead, hoopdev_analytics_ro_6075a443;
GRANT SELECT ON events TO lead WITH GRANT OPTION;
SET ROLE lead;
GRANT SELECT ON events TO hoopdev_analytics_ro_6075a443 WITH GRANT OPTION;
SET ROLE hoopdev_analytics_ro_6075a443;
GRANT SELECT ON events TO colleague;
RESET ROLE;
