CREATE ROLE app_owner NOLOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
CREATE DATABASE mine OWNER hoopdev_analytics_old_7a6860f3;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3;
-- database: mine
SET ROLE hoopdev_analytics_old_7a6860f3;
CREATE TABLE kept (id int);
-- database: postgres
SET ROLE hoopdev_analytics_old_7a6860f3;
ALTER DATABASE mine ALLOW_CONNECTIONS false;
RESET ROLE;
-- database: analytics
CREATE TABLE events (id int);
GRANT SELECT ON events TO hoopdev_analytics_old_7a6860f3;
