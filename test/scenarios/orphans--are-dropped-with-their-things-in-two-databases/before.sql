CREATE ROLE app_owner NOLOGIN;
CREATE ROLE colleague NOLOGIN;
CREATE DATABASE legacy;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3;
GRANT pg_monitor TO hoopdev_analytics_old_7a6860f3;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_old_7a6860f3;
CREATE TABLE events (id int);
GRANT SELECT ON events TO hoopdev_analytics_old_7a6860f3;
CREATE SCHEMA own AUTHORIZATION hoopdev_analytics_old_7a6860f3;
CREATE TABLE own.things (id serial);
ALTER TABLE own.things OWNER TO hoopdev_analytics_old_7a6860f3;
GRANT SELECT ON own.things TO colleague;
-- database: legacy
CREATE TABLE mine (id int);
ALTER TABLE mine OWNER TO hoopdev_analytics_old_7a6860f3;
CREATE FUNCTION work() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION work OWNER TO hoopdev_analytics_old_7a6860f3;
ALTER DEFAULT PRIVILEGES FOR ROLE hoopdev_analytics_old_7a6860f3 GRANT SELECT ON TABLES TO colleague;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO hoopdev_analytics_old_7a6860f3;
