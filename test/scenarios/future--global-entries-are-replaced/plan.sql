-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" REVOKE DELETE, SELECT ON TABLES FROM "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" REVOKE USAGE ON SCHEMAS FROM "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" REVOKE USAGE ON TYPES FROM "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" IN SCHEMA "sales" GRANT SELECT ON TABLES TO "hoopdev_analytics_ro_6075a443";
COMMIT;
