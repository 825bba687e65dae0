-- Made long ago by hand, with too much of this and too little of that.
CREATE ROLE readers NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN CREATEDB PASSWORD 'known to the people';
GRANT readers TO hoopdev_analytics_ro_6075a443;
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'For the dashboards';
CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
CREATE TABLE visits (id int);
GRANT SELECT, DELETE ON events TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON visits TO readers;
