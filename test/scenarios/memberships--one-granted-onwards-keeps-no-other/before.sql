-- Our role was given two admin options and has used one of them.
CREATE ROLE readers NOLOGIN;
CREATE ROLE writers NOLOGIN;
CREATE ROLE colleague LOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN;
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT readers, writers TO hoopdev_analytics_ro_6075a443 WITH ADMIN TRUE;
GRANT writers TO colleague GRANTED BY hoopdev_analytics_ro_6075a443;
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
