-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
REVOKE CONNECT ON DATABASE "billing" FROM "hoopdev_analytics_ro_6075a443";
REVOKE CREATE, TEMPORARY ON DATABASE "analytics" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
