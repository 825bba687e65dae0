-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE DELETE ON TABLE "public"."measures_23", "public"."measures_391", "public"."measures_7" FROM "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON TABLE "public"."measures" TO "hoopdev_analytics_ro_6075a443";
COMMIT;
