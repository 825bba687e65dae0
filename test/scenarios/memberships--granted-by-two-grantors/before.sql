-- From 16 on each grantor has a membership of its own; a plain REVOKE removes one of them.
CREATE ROLE writers NOLOGIN;
CREATE ROLE lead LOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT writers TO lead WITH ADMIN TRUE;
GRANT writers TO hoopdev_analytics_ro_6075a443;
GRANT writers TO hoopdev_analytics_ro_6075a443 GRANTED BY lead;
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
