-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
ALTER ROLE "hoopdev_analytics_ro_6075a443" WITH NOBYPASSRLS;
ALTER ROLE "hoopdev_analytics_ro_6075a443" WITH NOCREATEROLE;
REVOKE "crm" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "analytics"
BEGIN;
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_app_52fc05d5
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_app_52fc05d5" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_app_52fc05d5" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT "hoopdev_analytics_ro_6075a443" TO "hoopdev_analytics_app_52fc05d5";
COMMIT;
