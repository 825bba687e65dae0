-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE GRANT OPTION FOR SELECT ON TABLE "public"."events" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
