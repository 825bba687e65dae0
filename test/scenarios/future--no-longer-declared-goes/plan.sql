-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" IN SCHEMA "sales" REVOKE SELECT ON TABLES FROM "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "migrator" IN SCHEMA "sales" REVOKE SELECT ON TABLES FROM "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "migrator" IN SCHEMA "sales" REVOKE USAGE ON SEQUENCES FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
