-- From 16 on a role that is made without being a superuser belongs to its maker: with ADMIN, without INHERIT and SET.
CREATE ROLE platform LOGIN CREATEROLE;
SET SESSION AUTHORIZATION platform;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN;
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
RESET SESSION AUTHORIZATION;
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
