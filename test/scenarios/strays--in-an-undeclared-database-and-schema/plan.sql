-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE USAGE ON SCHEMA "hr" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ON TABLE "hr"."salaries" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "billing"
BEGIN;
REVOKE SELECT, UPDATE ON ALL TABLES IN SCHEMA "public" FROM "hoopdev_analytics_ro_6075a443";
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA "public" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "postgres"
BEGIN;
REVOKE SELECT ON ALL TABLES IN SCHEMA "public" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
