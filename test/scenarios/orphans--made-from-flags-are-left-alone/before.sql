CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Made by rolewright, do not change by hand [rolewright acme/access, undeclared]';
CREATE ROLE heir NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'for the dashboards [rolewright acme/access, undeclared]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3, hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_old_7a6860f3, hoopdev_analytics_ro_6075a443;
CREATE TABLE events (id int);
GRANT SELECT ON events TO hoopdev_analytics_old_7a6860f3, hoopdev_analytics_ro_6075a443;
