-- Made by a repository without a name: whether by this one or by another, its marker does not say.
CREATE DATABASE analytics;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright local]';
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3;
