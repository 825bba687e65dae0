-- =========================================================
-- Role: hoopdev_analytics_rw_2c764c3a
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
REVOKE SELECT ON SEQUENCE "public"."events_id_seq", "public"."invoice_numbers" FROM "hoopdev_analytics_rw_2c764c3a";
REVOKE UPDATE ON SEQUENCE "public"."events_id_seq" FROM "hoopdev_analytics_rw_2c764c3a";
REVOKE USAGE ON SEQUENCE "public"."invoice_numbers" FROM "hoopdev_analytics_rw_2c764c3a";
COMMIT;
