CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the few';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE hoopdev_analytics_people_85627d17 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_people_85627d17 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT hoopdev_analytics_old_7a6860f3 TO hoopdev_analytics_people_85627d17;
CREATE DATABASE analytics;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_old_7a6860f3;
CREATE TABLE events (id int);
GRANT SELECT ON events TO hoopdev_analytics_old_7a6860f3;
