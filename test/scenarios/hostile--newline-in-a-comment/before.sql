CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN;
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'x
\! touch /tmp/owned
';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
