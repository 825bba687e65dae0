-- =========================================================
-- Role: hoopdev_analytics_rw_2c764c3a
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" IN SCHEMA "sales" GRANT INSERT ON TABLES TO "hoopdev_analytics_rw_2c764c3a";
ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" IN SCHEMA "sales" GRANT USAGE ON SEQUENCES TO "hoopdev_analytics_rw_2c764c3a";
ALTER DEFAULT PRIVILEGES FOR ROLE "migrator" IN SCHEMA "sales" GRANT SELECT, INSERT ON TABLES TO "hoopdev_analytics_rw_2c764c3a";
ALTER DEFAULT PRIVILEGES FOR ROLE "migrator" IN SCHEMA "sales" GRANT USAGE ON SEQUENCES TO "hoopdev_analytics_rw_2c764c3a";
COMMIT;
