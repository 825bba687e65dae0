CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN;
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE hoopdev_analytics_rw_2c764c3a LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_rw_2c764c3a IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN;
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
CREATE DATABASE frozen;
CREATE DATABASE icy ALLOW_CONNECTIONS false;
-- database: frozen
CREATE TABLE old (id int);
GRANT SELECT ON old TO hoopdev_analytics_ro_6075a443, hoopdev_analytics_old_7a6860f3;
-- database: postgres
ALTER DATABASE frozen ALLOW_CONNECTIONS false;
-- database: analytics
CREATE TABLE events (id int);
