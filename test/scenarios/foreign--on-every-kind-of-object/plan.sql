-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
SET LOCAL ROLE "lead";
REVOKE CREATE ON DATABASE "analytics" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
COMMIT;

\connect "analytics"
BEGIN;
SET LOCAL ROLE "lead";
REVOKE USAGE ON SCHEMA "hr" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
SET LOCAL ROLE "lead";
REVOKE EXECUTE ON ROUTINE hr.pay(integer) FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
SET LOCAL ROLE "lead";
REVOKE SELECT ("name") ON TABLE "hr"."people" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
SET LOCAL ROLE "lead";
REVOKE USAGE ON SEQUENCE "hr"."numbers" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
SET LOCAL ROLE "lead";
REVOKE USAGE ON TYPE "hr"."mood" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
COMMIT;
