-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE CREATE ON SCHEMA "pg_catalog" FROM "hoopdev_analytics_ro_6075a443";
REVOKE EXECUTE ON ROUTINE pg_catalog.pg_read_file(text) FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ("subconninfo") ON TABLE "pg_catalog"."pg_subscription" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ON TABLE "information_schema"."tables" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ON TABLE "pg_catalog"."pg_authid" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
