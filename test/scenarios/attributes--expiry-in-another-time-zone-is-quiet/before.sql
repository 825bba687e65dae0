SET TimeZone = 'Pacific/Chatham';
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN CONNECTION LIMIT 0 VALID UNTIL '2099-01-01 00:00:00+13:45';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
