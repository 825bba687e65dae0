CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN;
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/other]';
CREATE DATABASE analytics;
