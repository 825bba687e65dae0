-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_ro_6075a443" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_ro_6075a443" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
COMMIT;

\connect "-c"
BEGIN;
GRANT CONNECT ON DATABASE "-c" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect -reuse-previous=on "dbname='a=b dbname=postgres'"
BEGIN;
GRANT CONNECT ON DATABASE "a=b dbname=postgres" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "it's ""quoted"" \ and back"
BEGIN;
GRANT CONNECT ON DATABASE "it's ""quoted"" \ and back" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect -reuse-previous=on "dbname='postgresql://elsewhere/x'"
BEGIN;
GRANT CONNECT ON DATABASE "postgresql://elsewhere/x" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "Ünïcode 😀"
BEGIN;
GRANT CONNECT ON DATABASE "Ünïcode 😀" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;
