CREATE ROLE reporting NOLOGIN;
CREATE ROLE colleague NOLOGIN;
CREATE ROLE hoopdev_analytics_app_52fc05d5 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_app_52fc05d5 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT reporting TO hoopdev_analytics_app_52fc05d5 WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
GRANT SELECT ON events TO reporting;
