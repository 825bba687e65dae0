-- =========================================================
-- Role: hoopdev_analytics_app_52fc05d5
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
REVOKE ADMIN OPTION FOR "reporting" FROM "hoopdev_analytics_app_52fc05d5" GRANTED BY "postgres";
GRANT "reporting" TO "hoopdev_analytics_app_52fc05d5" WITH INHERIT TRUE;
COMMIT;
