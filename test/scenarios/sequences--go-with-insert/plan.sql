-- =========================================================
-- Role: hoopdev_analytics_rw_2c764c3a
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE INSERT ON ALL TABLES IN SCHEMA "public" FROM "hoopdev_analytics_rw_2c764c3a";
REVOKE USAGE ON SEQUENCE "public"."events_id_seq" FROM "hoopdev_analytics_rw_2c764c3a";
COMMIT;
