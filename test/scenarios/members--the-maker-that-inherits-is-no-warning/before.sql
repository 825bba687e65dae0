CREATE ROLE rolewright_admin LOGIN CREATEROLE;
ALTER ROLE rolewright_admin SET createrole_self_grant = 'inherit';
CREATE ROLE colleague LOGIN;
CREATE DATABASE analytics;
SET SESSION AUTHORIZATION rolewright_admin;
SET createrole_self_grant = 'inherit';
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
SET createrole_self_grant = 'set';
CREATE ROLE hoopdev_analytics_mirror_9e00a999 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_mirror_9e00a999 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT hoopdev_analytics_ro_6075a443 TO hoopdev_analytics_mirror_9e00a999 WITH INHERIT TRUE;
GRANT hoopdev_analytics_mirror_9e00a999 TO colleague;
RESET SESSION AUTHORIZATION;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
CREATE TABLE events (id int);
