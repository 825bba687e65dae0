-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
SET LOCAL ROLE "steward";
REVOKE UPDATE ON TABLE "public"."events" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
REVOKE GRANT OPTION FOR SELECT ON TABLE "public"."events" FROM "hoopdev_analytics_ro_6075a443";
REVOKE INSERT ("id") ON TABLE "public"."visits" FROM "hoopdev_analytics_ro_6075a443";
REVOKE INSERT ON TABLE "public"."events", "public"."visits" FROM "hoopdev_analytics_ro_6075a443";
REVOKE REFERENCES ON TABLE "public"."events" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ON SEQUENCE "public"."events_id_seq", "public"."visits_id_seq" FROM "hoopdev_analytics_ro_6075a443";
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;
