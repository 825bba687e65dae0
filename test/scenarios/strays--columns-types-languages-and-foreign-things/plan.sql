-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE SELECT ("a, b") ON TABLE "public"."Odd.Table" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ("id") ON TABLE "public"."people" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ("name"), UPDATE ("name") ON TABLE "public"."people" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT, UPDATE ON LARGE OBJECT 4242 FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON FOREIGN DATA WRAPPER "nowhere" FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON FOREIGN SERVER "elsewhere" FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON LANGUAGE "plpgsql" FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON TYPE "public"."amount", "public"."mood" FROM "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;
