CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE colleague LOGIN PASSWORD 'known to the people';
GRANT hoopdev_analytics_ro_6075a443 TO colleague WITH ADMIN OPTION;
CREATE ROLE team LOGIN;
GRANT hoopdev_analytics_ro_6075a443 TO team;
CREATE DATABASE analytics;
ALTER ROLE hoopdev_analytics_ro_6075a443 SET search_path = scratch, public;
ALTER ROLE hoopdev_analytics_ro_6075a443 SET statement_timeout = '1min';
ALTER ROLE hoopdev_analytics_ro_6075a443 IN DATABASE analytics SET role = 'team';
ALTER ROLE hoopdev_analytics_ro_6075a443 IN DATABASE analytics SET app.api_key = 'hunter2';
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
CREATE TABLE events (id int);
