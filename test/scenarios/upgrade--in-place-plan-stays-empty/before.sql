-- As an upgrade from 15 leaves it: one membership per pair, by the bootstrap superuser, as PostgreSQL 16 and later have rewritten it.
CREATE ROLE reporting NOLOGIN;
CREATE ROLE hoopdev_analytics_app_52fc05d5 LOGIN;
COMMENT ON ROLE hoopdev_analytics_app_52fc05d5 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT reporting TO hoopdev_analytics_app_52fc05d5;
CREATE ROLE hoopdev_analytics_rw_2c764c3a LOGIN;
COMMENT ON ROLE hoopdev_analytics_rw_2c764c3a IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_rw_2c764c3a;
-- database: analytics
-- Schema public as it was made before 15, with CREATE for everybody and the superuser as its owner.
ALTER SCHEMA public OWNER TO postgres;
GRANT CREATE ON SCHEMA public TO PUBLIC;
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_rw_2c764c3a;
CREATE TABLE events (id int);
GRANT SELECT, INSERT, UPDATE ON events TO hoopdev_analytics_rw_2c764c3a;
