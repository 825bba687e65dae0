CREATE ROLE app_owner NOLOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
CREATE DATABASE web;
ALTER DATABASE web OWNER TO hoopdev_analytics_old_7a6860f3;
-- database: analytics
CREATE TABLE events (id int);
GRANT SELECT ON events TO hoopdev_analytics_old_7a6860f3;
-- database: postgres
CREATE TABLE jobs (id int);
GRANT SELECT ON jobs TO hoopdev_analytics_old_7a6860f3;
-- database: web
CREATE TABLE mine (id int);
ALTER TABLE mine OWNER TO hoopdev_analytics_old_7a6860f3;
