CREATE ROLE app_owner LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE app_owner IS 'a mischief maker wrote our marker here [rolewright acme/access]';
CREATE ROLE formerprefix_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE formerprefix_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE heir NOLOGIN;
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO app_owner;
-- database: analytics
GRANT USAGE ON SCHEMA public TO app_owner;
CREATE TABLE events (id int);
ALTER TABLE events OWNER TO app_owner;
