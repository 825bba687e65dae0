CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN;
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access-two]';
CREATE ROLE lookalike LOGIN;
COMMENT ON ROLE lookalike IS 'it says [rolewright acme/access] and more';
CREATE DATABASE analytics;
