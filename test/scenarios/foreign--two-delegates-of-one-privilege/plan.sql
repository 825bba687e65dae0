-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
SET LOCAL ROLE "deputy";
REVOKE DELETE ON TABLE "public"."events" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
SET LOCAL ROLE "lead";
REVOKE DELETE ON TABLE "public"."events" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
COMMIT;
