CREATE DATABASE analytics;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'For the dashboards [rolewright local]';
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
CREATE TABLE events (id int);
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON events TO hoopdev_analytics_ro_6075a443;
