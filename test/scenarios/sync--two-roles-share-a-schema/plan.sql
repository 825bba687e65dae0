-- =========================================================
-- Role: hoopdev_analytics_app_52fc05d5
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_app_52fc05d5" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_app_52fc05d5" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
COMMIT;

\connect "legacy"
BEGIN;
GRANT CONNECT ON DATABASE "legacy" TO "hoopdev_analytics_app_52fc05d5";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_app_52fc05d5";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_app_52fc05d5";
COMMIT;

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

\connect "analytics"
BEGIN;
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "legacy"
BEGIN;
GRANT CONNECT ON DATABASE "legacy" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_rw_2c764c3a
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_rw_2c764c3a" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_rw_2c764c3a" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
COMMIT;

\connect "analytics"
BEGIN;
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_rw_2c764c3a";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_rw_2c764c3a";
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_rw_2c764c3a";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA "public" TO "hoopdev_analytics_rw_2c764c3a";
COMMIT;
