CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
GRANT SET ON PARAMETER log_min_messages TO hoopdev_analytics_ro_6075a443;
GRANT ALTER SYSTEM ON PARAMETER work_mem TO hoopdev_analytics_ro_6075a443;
GRANT SET ON PARAMETER "app.secret" TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
