CREATE ROLE old_owner NOLOGIN;
CREATE ROLE new_owner NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE TABLE events (id int);
ALTER TABLE events OWNER TO old_owner;
GRANT SELECT, DELETE ON events TO new_owner WITH GRANT OPTION;
SET ROLE new_owner;
GRANT SELECT, DELETE ON events TO hoopdev_analytics_ro_6075a443;
RESET ROLE;
-- Grants by the new owner become the owner's, and a plain REVOKE ends them.
ALTER TABLE events OWNER TO new_owner;
