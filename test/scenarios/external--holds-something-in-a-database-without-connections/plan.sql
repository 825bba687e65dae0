-- =========================================================
-- Role: hoopdev_analytics_app_52fc05d5
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
GRANT "reporting" TO "hoopdev_analytics_app_52fc05d5" WITH INHERIT TRUE;
COMMIT;
