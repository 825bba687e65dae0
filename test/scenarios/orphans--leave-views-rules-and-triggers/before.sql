CREATE ROLE app_owner NOLOGIN;
CREATE ROLE colleague LOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3;
-- database: analytics
CREATE SCHEMA own AUTHORIZATION hoopdev_analytics_old_7a6860f3;
SET ROLE hoopdev_analytics_old_7a6860f3;
CREATE TABLE own.events (id int);
CREATE VIEW own.all_events AS SELECT * FROM own.events;
CREATE MATERIALIZED VIEW own.counted AS SELECT count(*) FROM own.events;
CREATE RULE logged AS ON DELETE TO own.events DO ALSO SELECT 1;
CREATE FUNCTION own.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER noted BEFORE INSERT ON own.events FOR EACH ROW EXECUTE FUNCTION own.note();
RESET ROLE;
