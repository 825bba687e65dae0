-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE USAGE ON SCHEMA "unused" FROM "hoopdev_analytics_ro_6075a443";
REVOKE DELETE, SELECT ON ALL TABLES IN SCHEMA "unused" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ON TABLE "used"."events" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
