-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
REVOKE ALTER SYSTEM ON PARAMETER "work_mem" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SET ON PARAMETER "app"."secret" FROM "hoopdev_analytics_ro_6075a443";
REVOKE SET ON PARAMETER "log_min_messages" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
