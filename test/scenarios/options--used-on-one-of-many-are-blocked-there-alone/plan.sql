-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
REVOKE TEMPORARY ON DATABASE "legacy" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "analytics"
BEGIN;
REVOKE DELETE ON TABLE "public"."events", "public"."visits" FROM "hoopdev_analytics_ro_6075a443";
REVOKE EXECUTE ON ROUTINE public.f() FROM "hoopdev_analytics_ro_6075a443";
REVOKE UPDATE ON SEQUENCE "public"."events_id_seq", "public"."visits_id_seq" FROM "hoopdev_analytics_ro_6075a443";
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON TABLE "public"."people", "public"."visits" TO "hoopdev_analytics_ro_6075a443";
COMMIT;
