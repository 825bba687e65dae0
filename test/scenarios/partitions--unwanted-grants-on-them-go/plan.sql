-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE DELETE ON TABLE "public"."measures_2026" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ON TABLE "archive"."measures_2025" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
