CREATE ROLE app_owner NOLOGIN;
CREATE ROLE colleague LOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3;
-- database: analytics
CREATE SCHEMA own AUTHORIZATION hoopdev_analytics_old_7a6860f3;
GRANT USAGE ON SCHEMA own TO colleague;
SET ROLE hoopdev_analytics_old_7a6860f3;
CREATE TABLE own.events (id int);
CREATE FUNCTION own.whoami() RETURNS text LANGUAGE sql SECURITY DEFINER RETURN CURRENT_USER;
CREATE PROCEDURE own.clear() LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM own.events';
CREATE FUNCTION own.plain() RETURNS int LANGUAGE sql RETURN 1;
RESET ROLE;
