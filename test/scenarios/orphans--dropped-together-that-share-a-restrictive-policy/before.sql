CREATE ROLE app_owner NOLOGIN;
CREATE ROLE colleague LOGIN;
CREATE ROLE hoopdev_analytics_mirror_9e00a999 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_mirror_9e00a999 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int, tenant text);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON events USING (true);
CREATE POLICY tenants ON events AS RESTRICTIVE TO hoopdev_analytics_old_7a6860f3, hoopdev_analytics_mirror_9e00a999 USING (tenant = 'a');
CREATE POLICY shared ON events AS RESTRICTIVE TO hoopdev_analytics_old_7a6860f3, colleague USING (tenant = 'b');
CREATE POLICY wide ON events TO hoopdev_analytics_mirror_9e00a999, hoopdev_analytics_old_7a6860f3 USING (tenant = 'c');
