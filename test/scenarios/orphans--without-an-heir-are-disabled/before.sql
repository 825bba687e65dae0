CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3;
